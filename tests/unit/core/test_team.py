"""The seats of the configured models, and the one of a pattern that nobody can resolve."""

from __future__ import annotations

import pytest

from moai.core.model import Participant
from moai.core.prompts import Prompt, Role, Turn
from moai.core.team import Team, Unresolved
from moai.errors import UnknownModel
from moai.testing import ScriptedClient

CLAUDE = Participant("claude", "anthropic", "claude-x")
GPT = Participant("gpt", "openai", "gpt-*")
PROMPT = Prompt("Be kind.", (Turn(Role.USER, "Why?"),))


def test_a_team_is_a_mapping_in_the_order_of_the_configuration() -> None:
    gpt, claude = ScriptedClient(GPT), ScriptedClient(CLAUDE)
    team = Team([gpt, claude])

    assert dict(team) == {"gpt": gpt, "claude": claude}
    assert list(team) == ["gpt", "claude"]
    assert len(team) == 2
    assert team.get("gemini") is None
    assert not Team([])


def test_a_seat_is_given_to_another_without_changing_the_order() -> None:
    newer = ScriptedClient(Participant("gpt", "openai", "gpt-6.2"))
    team = Team([ScriptedClient(GPT), ScriptedClient(CLAUDE)])
    seats_before = dict(team)
    team.seat(newer)

    assert team["gpt"] is newer
    assert list(team) == ["gpt", "claude"]
    assert seats_before["gpt"] is not newer


def test_nobody_gets_a_seat_that_is_not_there() -> None:
    team = Team([ScriptedClient(CLAUDE)])

    with pytest.raises(KeyError, match="gpt"):
        team.seat(ScriptedClient(GPT))
    assert list(team) == ["claude"]


async def test_what_is_not_known_says_what_to_do() -> None:
    client, heard = Unresolved(GPT), list[str]()

    with pytest.raises(UnknownModel) as streamed:
        await client.stream(PROMPT, heard.append)
    with pytest.raises(UnknownModel) as completed:
        await client.complete(PROMPT)

    assert streamed.value.sentence == completed.value.sentence
    assert streamed.value.sentence == (
        "What gpt stands for (gpt-* at openai) is not known yet, because the vendor's list of models could not be "
        "read. Try again in a minute; whoever runs the bot can write the whole id into MOAI_MODELS."
    )
    assert heard == []


async def test_another_reason_is_told_instead() -> None:
    with pytest.raises(UnknownModel) as failed:
        await Unresolved(GPT, "There is none.").complete(PROMPT)

    assert failed.value.sentence == "There is none."
