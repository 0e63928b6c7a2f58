"""The runs that a stop or a crash left under way: the fresh ones go on, the old ones end with a sentence."""

from __future__ import annotations

from moai.core.events import DiscussionClosed, DiscussionStarted
from moai.core.model import Status
from moai.core.recovery import TOO_OLD_SENTENCE, take_up_runs
from moai.core.runs import RunRegistry
from moai.testing import ScriptedClient
from tests.support.clock import leaping, settle
from tests.support.fakes import GROUP, PRIVATE, TEAM, Core, ask, say


async def take_up(core: Core, runs: RunRegistry, within_s: float) -> None:
    discussions = core.stores.discussions
    await take_up_runs(core.orchestrator, runs, discussions, core._publish, core.clock, within_s)


def a_core() -> Core:
    return Core(*(ScriptedClient(who, f"{who.alias} says.") for who in TEAM))


@leaping
async def test_a_fresh_run_goes_on_where_it_was() -> None:
    core, runs = a_core(), RunRegistry()
    discussion = await ask(core.stores)
    first = await say(core.stores, discussion, "Said before.")
    core.clock.advance(3600)

    await take_up(core, runs, within_s=3600)
    assert discussion.id in runs
    await settle()

    assert core.published.events[0] == DiscussionStarted(discussion, resumed=True)
    messages = (await core.stores.discussions.transcript(discussion.id)).messages
    assert messages[0] == first
    assert [message.text for message in messages[1:]] == ["gpt says.", "gemini says."]
    assert await core.status_of(discussion) is Status.DONE


@leaping
async def test_an_old_run_is_closed_with_a_sentence() -> None:
    core, runs = a_core(), RunRegistry()
    discussion = await ask(core.stores)
    core.clock.advance(3601)

    await take_up(core, runs, within_s=3600)

    assert len(runs) == 0
    started, closed = core.published.events
    assert isinstance(started, DiscussionStarted)
    assert not started.resumed, "it does not go on, so no board may say that it did"
    assert closed == DiscussionClosed(discussion.id, Status.STOPPED, TOO_OLD_SENTENCE)
    assert await core.status_of(discussion) is Status.STOPPED
    assert [event for event in core.unstored if isinstance(event, DiscussionClosed)] == []


@leaping
async def test_only_running_ones_are_taken_up_the_oldest_first() -> None:
    core, runs = a_core(), RunRegistry()
    old = await ask(core.stores, PRIVATE)
    core.clock.advance(100)
    done = await ask(core.stores, PRIVATE)
    fresh, newest = await ask(core.stores, GROUP), await ask(core.stores, GROUP)
    await core.stores.discussions.close_discussion(done.id, Status.DONE)

    await take_up(core, runs, within_s=50)
    await settle()

    started = [event.discussion.id for event in core.published.events if isinstance(event, DiscussionStarted)]
    assert started == [old.id, fresh.id, newest.id]
    assert [await core.status_of(each) for each in (old, done, fresh, newest)] == [
        Status.STOPPED,
        Status.DONE,
        Status.DONE,
        Status.DONE,
    ]


@leaping
async def test_nothing_is_told_where_nothing_was_left() -> None:
    core, runs = a_core(), RunRegistry()

    await take_up(core, runs, within_s=3600)

    assert (core.published.events, len(runs)) == ([], 0)
