"""The runs that a stop or a crash left under way: the fresh ones go on, the old ones end with a sentence."""

from __future__ import annotations

import pytest

from moai.core.events import RunClosed, RunStarted
from moai.core.model import Status
from moai.core.recovery import TOO_OLD_SENTENCE
from moai.core.totals import totals_of
from moai.testing import ScriptedClient
from tests.support.clock import leaping, settle
from tests.support.core import Core as Kept
from tests.support.core import is_told
from tests.support.people import CLAUDE, GPT, GROUP, PRIVATE, TEAM, ask, follow, say


def kept(*clients: ScriptedClient, resume_within_s: float = 3600) -> Kept:
    everybody = clients or [ScriptedClient(who, f"{who.alias} says.") for who in TEAM]
    return Kept(*everybody, resume_within_s=resume_within_s)


@leaping
async def test_a_fresh_run_goes_on_where_it_was() -> None:
    core = kept()
    run = await ask(core.stores)
    first = await say(core.stores, run, "Said before.")
    core.clock.advance(3600)

    await core.keeper.take_up()
    assert run.id in core.runs
    await settle()

    assert core.published.events[0] == RunStarted(run, resumed=True, said=(first,), spent=totals_of([first]))
    answers = (await core.stores.discussions.transcript(run.id)).answers
    assert answers[0] == first
    assert [message.text for message in answers[1:]] == ["gpt says.", "gemini says."]
    assert await core.status_of(run) is Status.DONE


@leaping
async def test_an_old_run_is_closed_with_a_sentence() -> None:
    core = kept()
    run = await ask(core.stores)
    core.clock.advance(3601)

    await core.keeper.take_up()

    assert len(core.runs) == 0
    started, closed = core.published.events
    assert isinstance(started, RunStarted)
    assert not started.resumed, "it does not go on, so no board may say that it did"
    assert is_told(closed, TOO_OLD_SENTENCE)
    assert await core.status_of(run) is Status.STOPPED
    assert [event for event in core.unstored if isinstance(event, RunClosed)] == []


@leaping
async def test_an_end_that_a_board_may_not_show_is_shown_and_asks_nobody() -> None:
    core = kept(resume_within_s=50)
    ends = [await ask(core.stores, GROUP) for _ in range(3)]
    for each in ends[:2]:
        await core.stores.deliveries.record_board(each.id, 70 + each.id)
    said = await say(core.stores, ends[1], "Said before.")
    await core.stores.discussions.close_run(ends[0].id, Status.DONE)
    core.clock.advance(51)
    for each in ends[1:]:
        await core.stores.discussions.close_run(each.id, Status.STOPPED)

    await core.keeper.take_up()
    await settle()

    started, closed = core.published.events
    assert isinstance(started, RunStarted)
    assert (started.run.id, started.resumed, started.said) == (ends[1].id, False, (said,))
    assert closed == RunClosed(ends[1].id, Status.STOPPED)
    assert (core.unstored, len(core.runs)) == ([], 0)


@leaping
async def test_only_running_ones_are_taken_up_the_oldest_first() -> None:
    core = kept(resume_within_s=50)
    old = await ask(core.stores, PRIVATE)
    core.clock.advance(100)
    done = await ask(core.stores, PRIVATE)
    fresh, newest = await ask(core.stores, GROUP), await ask(core.stores, GROUP)
    await core.stores.discussions.close_run(done.id, Status.DONE)

    await core.keeper.take_up()
    await settle()

    started = [event.run.id for event in core.published.events if isinstance(event, RunStarted)]
    assert started == [old.id, fresh.id, newest.id]
    assert [await core.status_of(each) for each in (old, done, fresh, newest)] == [
        Status.STOPPED,
        Status.DONE,
        Status.DONE,
        Status.DONE,
    ]


@leaping
async def test_runs_of_one_discussion_are_taken_up_each_with_its_own_models() -> None:
    clients = [ScriptedClient(who, f"{who.alias} says.") for who in TEAM]
    core = kept(*clients)
    first = await ask(core.stores)
    second = await follow(core.stores, PRIVATE, GPT)
    await say(core.stores, first, "Said before.")

    await core.keeper.take_up()
    await settle()

    assert [len(client.prompts) for client in clients] == [0, 2, 1]
    assert [await core.status_of(each) for each in (first, second)] == [Status.DONE, Status.DONE]
    # What the second run's model is shown ends with its own question, though more was said after that.
    assert sorted(len(prompt.turns) for prompt in clients[1].prompts) == [1, 2]


@leaping
async def test_who_is_not_configured_any_more_fails_in_a_run_that_is_taken_up() -> None:
    core = kept(ScriptedClient(CLAUDE, "claude says."))
    run = await ask(core.stores)

    await core.keeper.take_up()
    await settle()

    answers = (await core.stores.discussions.transcript(run.id)).answers
    assert {message.participant.alias: message.failure is None for message in answers} == {
        "claude": True,
        "gpt": False,
        "gemini": False,
    }


@leaping
async def test_nothing_is_told_where_nothing_was_left() -> None:
    core = kept()

    await core.keeper.take_up()

    assert (core.published.events, len(core.runs)) == ([], 0)


@leaping
async def test_a_run_is_taken_up_once() -> None:
    client = ScriptedClient(GPT, "Said.")
    core = kept(client)
    run = await follow(core.stores, PRIVATE, GPT)

    await core.keeper.take_up()
    await core.keeper.take_up()
    await settle()

    assert len(client.prompts) == 1
    assert core.published.names.count("RunStarted") == 1
    assert await core.status_of(run) is Status.DONE


@pytest.mark.parametrize("words", ["restart", "kept", "ask again"])
def test_the_sentence_says_what_happened_and_what_to_do(words: str) -> None:
    assert words in TOO_OLD_SENTENCE
