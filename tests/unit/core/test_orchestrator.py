"""A run from its question to its end: what is asked, stored and published, and in which order."""

from __future__ import annotations

import asyncio
from typing import get_args

import pytest

from moai.core.commands import AskModels, StartDiscussion
from moai.core.events import (
    AnswerArrived,
    AnswerGrew,
    Event,
    HistoryCut,
    ModelFailed,
    ModelsAsked,
    RoundClosed,
    RoundStarted,
    RunChanged,
    RunClosed,
    RunStarted,
)
from moai.core.model import Answer, Completion, Failure, Status, Transcript
from moai.core.modes.plan import Ending, RoundPlan, Step, View
from moai.core.totals import totals_of
from moai.errors import RateLimited, UnknownModel
from moai.testing import MemoryDiscussionStore, ScriptedClient
from tests.support.clock import leaping, settle
from tests.support.core import Core
from tests.support.people import CLAUDE, GEMINI, GPT, PRIVATE, TEAM, a_question, ask, follow, say

QUESTION = StartDiscussion(PRIVATE, a_question(message_id=31), "open")


def a_core(*clients: ScriptedClient) -> Core:
    return Core(*(clients or [ScriptedClient(who, f"{who.alias} says.") for who in TEAM]))


async def test_a_run_publishes_what_it_stored_in_order() -> None:
    core = a_core(ScriptedClient(CLAUDE, "Ray", "leigh."), ScriptedClient(GPT, RateLimited()))
    begun = await core.orchestrator.begin(QUESTION)
    run = begun.run

    await core.orchestrator.run(begun)

    transcript = await core.stores.discussions.transcript(run.id)
    (held,) = transcript.rounds
    said = {message.participant.alias: message for message in transcript.answers}
    events = core.published.events
    assert events[:3] == [
        RunStarted(run),
        RoundStarted(run.id, begun.rounds[0], ("claude", "gpt")),
        ModelsAsked(run.id, ("claude", "gpt")),
    ]
    assert (begun.rounds[0].number, begun.rounds[0].status) == (1, Status.RUNNING)
    assert [event for event in events if isinstance(event, AnswerGrew)] == [
        AnswerGrew(run.id, "claude", "Ray"),
        AnswerGrew(run.id, "claude", "leigh."),
    ]
    assert AnswerArrived(run.id, said["claude"]) in events
    assert ModelFailed(run.id, said["gpt"]) in events
    assert events[-2:] == [RoundClosed(run.id, held), RunClosed(run.id, Status.DONE)]
    assert len(events) == 9
    assert (held.status, transcript.run.status) == (Status.DONE, Status.DONE)
    assert said["claude"].text == "Rayleigh."
    assert said["gpt"].failure == Failure("RateLimited", RateLimited().sentence, retryable=True)


async def test_what_is_published_is_already_stored() -> None:
    core = Core(ScriptedClient(CLAUDE, "Rayleigh."), ScriptedClient(GPT, RateLimited()), budget=lambda _: 1)
    await say(core.stores, await ask(core.stores), "Before.")

    await core.orchestrator.run(await core.orchestrator.begin(AskModels(PRIVATE, a_question(), None)))

    assert set(core.published.names) == {each.__name__ for each in get_args(Event)} - {RunChanged.__name__}
    assert core.unstored == []


async def test_each_model_is_shown_the_question_and_its_own_prompt() -> None:
    clients = [ScriptedClient(CLAUDE, "x"), ScriptedClient(GPT, "y")]
    core = a_core(*clients)

    await core.orchestrator.run(await core.orchestrator.begin(QUESTION))

    for client in clients:
        (prompt,) = client.prompts
        assert prompt.system.startswith(f"You are {client.participant.alias}, ")
        assert [turn.text for turn in prompt.turns] == [QUESTION.question.text]


@pytest.mark.parametrize(("mode", "turns"), [("open", 1), ("ask", 3)])
async def test_the_mode_says_how_much_of_the_discussion_is_shown(mode: str, turns: int) -> None:
    client = ScriptedClient(CLAUDE, "x")
    core = a_core(client)
    await say(core.stores, await ask(core.stores), "Before.")

    await core.orchestrator.run(
        await core.orchestrator.begin(AskModels(PRIVATE, a_question("And red?"), ("claude",), mode))
    )

    (prompt,) = client.prompts
    assert len(prompt.turns) == turns
    assert prompt.turns[-1].text == "And red?"


async def test_a_run_that_is_taken_up_again_asks_only_who_is_missing() -> None:
    clients = [ScriptedClient(who, f"{who.alias} again.") for who in TEAM]
    core = a_core(*clients)
    begun = await core.orchestrator.begin(QUESTION)
    failed = Answer(GPT, Completion("", "gpt-x"), Failure("TimedOut", "Too slow."))
    await say(core.stores, begun.run, "Said.")
    await core.stores.discussions.add_answers(begun.rounds[0], [failed])

    await core.run(begun.run, resumed=True)

    assert [len(client.prompts) for client in clients] == [0, 0, 1]
    transcript = await core.stores.discussions.transcript(begun.run.id)
    assert [(message.participant.alias, message.text) for message in transcript.answers] == [
        ("claude", "Said."),
        ("gpt", ""),
        ("gemini", "gemini again."),
    ]
    assert [each.number for each in transcript.rounds] == [1]
    said = transcript.answers[:2]
    assert core.published.events[:3] == [
        RunStarted(begun.run, resumed=True, said=said, spent=totals_of(said)),
        RoundStarted(begun.run.id, begun.rounds[0], ("gemini",)),
        ModelsAsked(begun.run.id, ("gemini",)),
    ]


async def test_a_run_whose_models_had_all_answered_is_only_closed() -> None:
    core = a_core()
    run = await ask(core.stores)
    for who in TEAM:
        await say(core.stores, run, "Said.", who)

    await core.run(run, resumed=True)

    assert core.published.names == ["RunStarted", "RoundClosed", "RunClosed"]
    assert await core.status_of(run) is Status.DONE


async def test_who_is_not_configured_any_more_fails_and_the_others_answer() -> None:
    core = a_core(ScriptedClient(CLAUDE, "Rayleigh."))
    run = await ask(core.stores)

    await core.run(run, resumed=True)

    answers = (await core.stores.discussions.transcript(run.id)).answers
    assert {message.participant: message.failure for message in answers} == {
        CLAUDE: None,
        GPT: Failure(UnknownModel.__name__, "gpt is not configured any more."),
        GEMINI: Failure(UnknownModel.__name__, "gemini is not configured any more."),
    }
    assert await core.status_of(run) is Status.DONE


@leaping
async def test_a_cancelled_run_keeps_what_was_said_and_stays_running() -> None:
    core = a_core(ScriptedClient(CLAUDE, "Rayleigh."), ScriptedClient(GPT, asyncio.Event(), "never"))
    begun = await core.orchestrator.begin(QUESTION)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(core.orchestrator.run(begun))
        await settle()
        task.cancel()

    transcript = await core.stores.discussions.transcript(begun.run.id)
    assert task.cancelled()
    assert [message.participant for message in transcript.answers] == [CLAUDE]
    assert transcript.run.status is Status.RUNNING
    assert "RunClosed" not in core.published.names


@leaping
async def test_an_answer_is_published_while_others_still_think() -> None:
    go = asyncio.Event()
    core = a_core(ScriptedClient(CLAUDE, go, "Late."), ScriptedClient(GPT, "Early."))
    begun = await core.orchestrator.begin(QUESTION)
    async with asyncio.TaskGroup() as group:
        group.create_task(core.orchestrator.run(begun))
        await settle()
        assert core.published.names == ["RunStarted", "RoundStarted", "ModelsAsked", "AnswerGrew", "AnswerArrived"]
        go.set()

    assert core.published.names[5:] == ["AnswerGrew", "AnswerArrived", "RoundClosed", "RunClosed"]


async def test_a_mode_of_several_rounds_is_told_of_each_without_another_read(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Transcript] = []

    def two_rounds(transcript: Transcript) -> Step:
        told.append(transcript)
        number = len(told)
        return RoundPlan(number, TEAM[:number], View.TABLE) if number <= 2 else Ending()

    class UnreadStore(MemoryDiscussionStore):
        async def transcript(self, run_id: int) -> Transcript:
            raise AssertionError(f"run {run_id} was read")

    monkeypatch.setattr("moai.core.orchestrator.MODES", {"open": two_rounds})
    core = a_core()
    core.orchestrator._discussions = UnreadStore(core.stores.tables, core.clock)
    begun = await core.orchestrator.begin(QUESTION)

    await core.orchestrator.run(begun)

    stored = await core.stores.discussions.transcript(begun.run.id)
    assert told[0] == begun
    assert [len(each.entries) for each in told] == [1, 2, 4]
    assert [len(each.rounds) for each in told] == [1, 1, 2]
    assert told[-1].entries == stored.entries
    assert [each.status for each in told[-1].rounds] == [Status.DONE, Status.RUNNING]
    assert [(each.number, each.status) for each in stored.rounds] == [(1, Status.DONE), (2, Status.DONE)]
    assert [each.round_number for each in stored.answers] == [1, 2, 2]
    assert core.unstored == []


# --- what no longer fits ---


async def held(core: Core, *team: str, mode: str = "ask") -> list[HistoryCut]:
    """Put another question, and return what was told of the history meanwhile."""
    core.published.events.clear()
    command = AskModels(PRIVATE, a_question(message_id=None), team or None, mode)
    await core.orchestrator.run(await core.orchestrator.begin(command))
    return [event for event in core.published.events if isinstance(event, HistoryCut)]


async def test_the_chat_is_told_once_a_discussion_that_its_beginning_is_left_out() -> None:
    core = Core(
        *(ScriptedClient(who, "Said.") for who in TEAM), budget=lambda alias: 1 if alias != "claude" else 100_000
    )

    assert await held(core) == [], "a first question fits"
    (told,) = await held(core)
    assert told == HistoryCut(max(core.stores.tables.runs), ("gpt", "gemini"))
    assert core.published.names[-3:] == ["HistoryCut", "RoundClosed", "RunClosed"]
    assert await held(core) == []

    await ask(core.stores)
    assert len(await held(core, "gpt")) == 1, "another discussion"


async def test_the_chat_is_not_told_where_nothing_was_left_out() -> None:
    core = Core(*(ScriptedClient(who, "Said.") for who in TEAM), budget=lambda alias: 1 if alias == "gpt" else 100_000)
    first = await ask(core.stores)
    await say(core.stores, first, "Before.")

    assert await held(core, "claude") == [], "gpt's budget is not claude's"
    assert await held(core, "gpt", mode="open") == [], "who answers alone is shown the question only"
    assert len(await held(core, "gpt")) == 1


async def test_a_run_beside_another_is_told_by_its_own_number() -> None:
    core = a_core(*(ScriptedClient(who, "Said.") for who in TEAM))
    first = await ask(core.stores)
    second = await follow(core.stores, PRIVATE, GPT)

    await core.run(second)
    await core.run(first)

    started = [event for event in core.published.events if isinstance(event, RoundStarted)]
    assert [(event.run_id, event.aliases) for event in started] == [
        (second.id, ("gpt",)),
        (first.id, ("claude", "gpt", "gemini")),
    ]
    assert [(each.run_id, each.participant) for each in core.stores.tables.answers] == [
        (second.id, GPT),
        (first.id, CLAUDE),
        (first.id, GPT),
        (first.id, GEMINI),
    ]
