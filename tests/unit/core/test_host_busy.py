"""One discussion at a time in a place: what is refused, what runs side by side, and the same question again."""

from __future__ import annotations

import asyncio

import pytest
from shaky import SlowStore, use_store

from moai.core.commands import AskModels, Command, ContinueDiscussion, StartDiscussion
from moai.core.host import QUESTION_CHARS, Busy
from moai.core.model import Place, Run, Status
from moai.errors import InvalidInput
from moai.testing import Gate, ScriptedClient
from tests.support.clock import leaping, settle
from tests.support.core import Core
from tests.support.people import GROUP, PRIVATE, TEAM, TOPIC, a_question

DISCUSSIONS, QUICK = ("discuss", "panel"), ("open", "ask")
QUESTION = "Which of them?"


class Held(Core):
    """A core whose models wait until they may speak."""

    def __init__(self) -> None:
        self.gate = Gate()
        super().__init__(*(ScriptedClient(who, self.gate, "Said.\nSTANCE: agree") for who in TEAM))

    async def begin(self, mode: str, place: Place = PRIVATE, message_id: int | None = None) -> Run:
        transcript = await self.host.start(a_command(mode, place, message_id))
        await settle()
        return transcript.run

    async def end(self) -> None:
        self.gate.open()
        while len(self.runs):
            await settle()


def a_command(mode: str, place: Place = PRIVATE, message_id: int | None = None, text: str = QUESTION) -> Command:
    question = a_question(text, message_id)
    if mode == "consensus":
        return ContinueDiscussion(place, question, mode)
    return AskModels(place, question, None) if mode == "ask" else StartDiscussion(place, question, mode)


@pytest.mark.parametrize("first", [*DISCUSSIONS, *QUICK])
@pytest.mark.parametrize("second", [*DISCUSSIONS, *QUICK, "consensus"])
@leaping
async def test_a_discussion_has_its_place_for_itself(first: str, second: str) -> None:
    core = Held()
    run = await core.begin(first)
    stored = len(core.stores.tables.runs)

    if first in QUICK and second in QUICK:
        await core.begin(second)
        assert len(core.runs) == 2
    else:
        with pytest.raises(Busy) as refused:
            await core.begin(second)
        assert refused.value.run == run
        assert len(core.stores.tables.runs) == stored, "nothing of it is stored"
    await core.end()
    assert await core.status_of(run) is Status.DONE


@leaping
async def test_a_consensus_has_its_place_for_itself_too() -> None:
    core = Held()
    await core.begin("open")
    await core.end()
    core.gate = Gate()
    clients = [ScriptedClient(who, core.gate, "{}") for who in TEAM]
    core.orchestrator._clients = {each.participant.alias: each for each in clients}
    await core.begin("consensus")

    with pytest.raises(Busy, match=r"^A consensus is under way here: “Which of them\?”\. Stop that first, or wait"):
        await core.begin("ask")

    assert core.host.discussion_in(PRIVATE) is None, "nobody can add a round to it"
    await core.end()


@pytest.mark.parametrize(
    ("first", "text", "sentence"),
    [
        ("discuss", QUESTION, "A discussion is under way here: “Which of them?”."),
        ("panel", "", "A discussion is under way here."),
        ("open", " Why?\n\nAnd\twhen? ", "Answers are under way here: “Why? And when?”."),
        ("discuss", "x" * QUESTION_CHARS, f"A discussion is under way here: “{'x' * QUESTION_CHARS}”."),
        ("discuss", "x" * 200, f"A discussion is under way here: “{'x' * QUESTION_CHARS}…”."),
    ],
)
@leaping
async def test_a_refusal_says_what_is_under_way_and_what_to_do(first: str, text: str, sentence: str) -> None:
    core = Held()
    await core.host.start(a_command(first, text=text))

    with pytest.raises(InvalidInput) as refused:
        await core.host.start(a_command("discuss"))

    assert refused.value.sentence == f"{sentence} Stop that first, or wait until it is over."
    await core.end()


@leaping
async def test_each_place_is_held_by_itself() -> None:
    core = Held()

    runs = [await core.begin("discuss", place) for place in (PRIVATE, GROUP, TOPIC)]

    assert [core.host.discussion_in(place) for place in (PRIVATE, GROUP, TOPIC)] == runs
    assert len(core.runs) == 3
    await core.end()
    assert [core.host.discussion_in(place) for place in (PRIVATE, GROUP, TOPIC)] == [None] * 3


@leaping
async def test_of_two_that_start_at_once_one_is_refused() -> None:
    core = Held()
    use_store(core, SlowStore(core.stores.discussions))

    both = await asyncio.gather(
        core.host.start(a_command("discuss")), core.host.start(a_command("panel")), return_exceptions=True
    )

    assert [type(each).__name__ for each in both] == ["Transcript", "Busy"]
    assert len(core.stores.tables.runs) == len(core.runs) == 1
    await core.end()


@leaping
async def test_two_that_start_at_once_in_two_places_do_not_wait_for_each_other() -> None:
    core = Held()

    both = await asyncio.gather(
        core.host.start(a_command("discuss")), core.host.start(a_command("discuss", GROUP)), return_exceptions=True
    )

    assert [type(each).__name__ for each in both] == ["Transcript", "Transcript"]
    await core.end()


@leaping
async def test_a_place_is_free_again_when_its_discussion_is_over() -> None:
    core = Held()
    await core.begin("discuss")
    await core.end()

    again = await core.begin("discuss")

    assert await core.status_of(again) is Status.DONE


# --- the same question again ---


@pytest.mark.parametrize("mode", QUICK)
@leaping
async def test_the_same_question_again_is_no_second_run_and_no_refusal(mode: str) -> None:
    core = Held()
    first = await core.begin(mode, message_id=77)

    assert await core.begin(mode, message_id=77) == first

    assert (len(core.runs), len(core.stores.tables.runs)) == (1, 1)
    assert core.published.names.count("RunStarted") == 1
    await core.end()
    assert await core.begin(mode, message_id=77) == (await core.stores.discussions.run(first.id))
    assert len(core.runs) == 0, "it is over"


@leaping
async def test_what_is_refused_for_another_reason_leaves_the_place_free() -> None:
    core = Held()

    with pytest.raises(InvalidInput, match="There is no discussion here yet"):
        await core.begin("consensus")

    assert (await core.begin("discuss")).id in core.runs
    await core.end()
