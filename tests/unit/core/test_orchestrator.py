"""A run from its question to its end: what is asked, stored and published, and in which order."""

from __future__ import annotations

import asyncio
from typing import get_args

import pytest

from moai.core.commands import StartDiscussion
from moai.core.events import (
    AnswerArrived,
    AnswerGrew,
    DiscussionClosed,
    DiscussionStarted,
    Event,
    ModelFailed,
    RoundClosed,
    RoundStarted,
)
from moai.core.model import Answer, Completion, Failure, Project, Status
from moai.errors import InvalidInput, RateLimited, UnknownModel
from moai.testing import ScriptedClient
from tests.support.clock import leaping, settle
from tests.support.fakes import ANN, CLAUDE, GEMINI, GPT, PRIVATE, TEAM, Core, ask

QUESTION = StartDiscussion(PRIVATE, "Why is the sky blue?", ANN, "open", 31)


def a_core(*clients: ScriptedClient) -> Core:
    return Core(*(clients or [ScriptedClient(who, f"{who.alias} says.") for who in TEAM]))


async def test_a_discussion_begins_with_the_whole_team() -> None:
    core = a_core()

    discussion = (await core.orchestrator.begin(QUESTION)).discussion

    assert discussion.participants == TEAM
    assert (discussion.status, discussion.question, discussion.mode) == (Status.RUNNING, QUESTION.question, "open")
    assert (await core.orchestrator.begin(QUESTION)).discussion == discussion
    assert core.published.events == []


async def test_the_team_is_in_the_order_of_the_configuration_without_who_is_gone() -> None:
    core = a_core()
    project = Project(1, PRIVATE.chat_id, "Kitchen", aliases=("gemini", "gone", "claude"))

    assert core.orchestrator.team_of(project) == (CLAUDE, GEMINI)
    assert core.orchestrator.team_of(Project(1, PRIVATE.chat_id, "Kitchen")) == TEAM


@pytest.mark.parametrize("aliases", [(), ("gone",)])
async def test_an_empty_team_is_told_and_nothing_is_stored(aliases: tuple[str, ...]) -> None:
    core = a_core()
    core.stores.projects.select(PRIVATE, Project(1, PRIVATE.chat_id, "Kitchen", aliases=aliases))

    with pytest.raises(InvalidInput, match="Kitchen"):
        await core.orchestrator.begin(QUESTION)

    assert await core.stores.discussions.latest(PRIVATE) is None


async def test_a_run_publishes_what_it_stored_in_order() -> None:
    core = a_core(ScriptedClient(CLAUDE, "Ray", "leigh."), ScriptedClient(GPT, RateLimited()))
    discussion = (await core.orchestrator.begin(QUESTION)).discussion

    await core.run(discussion)

    transcript = await core.stores.discussions.transcript(discussion.id)
    (held,) = transcript.rounds
    said = {message.participant.alias: message for message in transcript.messages}
    events = core.published.events
    assert events[0] == DiscussionStarted(discussion)
    assert isinstance(events[1], RoundStarted)
    assert (events[1].round.number, events[1].round.status) == (1, Status.RUNNING)
    assert events[1].aliases == ("claude", "gpt")
    assert [event for event in events if isinstance(event, AnswerGrew)] == [
        AnswerGrew(discussion.id, "claude", "Ray"),
        AnswerGrew(discussion.id, "claude", "leigh."),
    ]
    assert AnswerArrived(discussion.id, said["claude"]) in events
    assert ModelFailed(discussion.id, said["gpt"]) in events
    assert events[-2:] == [RoundClosed(discussion.id, held), DiscussionClosed(discussion.id, Status.DONE)]
    assert len(events) == 8
    assert (held.status, transcript.discussion.status) == (Status.DONE, Status.DONE)
    assert said["claude"].text == "Rayleigh."
    assert said["gpt"].failure == Failure("RateLimited", RateLimited().sentence, retryable=True)


async def test_what_is_published_is_already_stored() -> None:
    core = a_core(ScriptedClient(CLAUDE, "Rayleigh."), ScriptedClient(GPT, RateLimited()))
    discussion = (await core.orchestrator.begin(QUESTION)).discussion

    await core.run(discussion)

    assert set(core.published.names) == {each.__name__ for each in get_args(Event)}
    assert core.unstored == []


async def test_each_model_is_shown_the_question_and_its_own_prompt() -> None:
    clients = [ScriptedClient(CLAUDE, "x"), ScriptedClient(GPT, "y")]
    core = a_core(*clients)

    await core.orchestrator.run(await core.orchestrator.begin(QUESTION))

    for client in clients:
        (prompt,) = client.prompts
        assert prompt.system.startswith(f"You are {client.participant.alias}, ")
        assert [turn.text for turn in prompt.turns] == [QUESTION.question]


async def test_a_run_that_is_taken_up_again_asks_only_who_is_missing() -> None:
    clients = [ScriptedClient(who, f"{who.alias} again.") for who in TEAM]
    core = a_core(*clients)
    discussion = (await core.orchestrator.begin(QUESTION)).discussion
    opened = await core.stores.discussions.open_round(discussion.id, 1)
    await core.stores.discussions.add_answer(opened, Answer(CLAUDE, Completion("Said.", "claude-x")))
    await core.stores.discussions.add_answer(
        opened, Answer(GPT, Completion("", "gpt-x"), Failure("TimedOut", "Too slow."))
    )

    await core.run(discussion, resumed=True)

    assert [len(client.prompts) for client in clients] == [0, 0, 1]
    transcript = await core.stores.discussions.transcript(discussion.id)
    assert [(message.participant.alias, message.text) for message in transcript.messages] == [
        ("claude", "Said."),
        ("gpt", ""),
        ("gemini", "gemini again."),
    ]
    assert [each.number for each in transcript.rounds] == [1]
    assert core.published.events[:2] == [
        DiscussionStarted(discussion, resumed=True),
        RoundStarted(discussion.id, opened, ("gemini",)),
    ]


async def test_a_run_whose_models_had_all_answered_is_only_closed() -> None:
    core = a_core()
    discussion = (await core.orchestrator.begin(QUESTION)).discussion
    opened = await core.stores.discussions.open_round(discussion.id, 1)
    for who in TEAM:
        await core.stores.discussions.add_answer(opened, Answer(who, Completion("Said.", "x")))

    await core.run(discussion, resumed=True)

    assert core.published.names == ["DiscussionStarted", "DiscussionClosed"]
    assert await core.status_of(discussion) is Status.DONE


async def test_who_is_not_configured_any_more_fails_and_the_others_answer() -> None:
    core = a_core(ScriptedClient(CLAUDE, "Rayleigh."))
    discussion = await ask(core.stores)

    await core.run(discussion)

    messages = (await core.stores.discussions.transcript(discussion.id)).messages
    assert {message.participant: message.failure for message in messages} == {
        CLAUDE: None,
        GPT: Failure(UnknownModel.__name__, "gpt is not configured any more."),
        GEMINI: Failure(UnknownModel.__name__, "gemini is not configured any more."),
    }
    assert await core.status_of(discussion) is Status.DONE


@leaping
async def test_a_cancelled_run_keeps_what_was_said_and_stays_running() -> None:
    core = a_core(ScriptedClient(CLAUDE, "Rayleigh."), ScriptedClient(GPT, asyncio.Event(), "never"))
    discussion = (await core.orchestrator.begin(QUESTION)).discussion
    async with asyncio.TaskGroup() as group:
        run = group.create_task(core.run(discussion))
        await settle()
        run.cancel()

    transcript = await core.stores.discussions.transcript(discussion.id)
    assert run.cancelled()
    assert [message.participant for message in transcript.messages] == [CLAUDE]
    assert transcript.discussion.status is Status.RUNNING
    assert "DiscussionClosed" not in core.published.names
