"""Runs that are stopped before their end, and runs that go on in the chat that their group became."""

from __future__ import annotations

import asyncio

from moai.core.events import RunClosed, RunStarted
from moai.core.model import Completion, Place, Run, Status
from moai.core.ports import OnText
from moai.core.prompts import Prompt
from moai.testing import ScriptedClient
from tests.support.clock import leaping, settle
from tests.support.core import Core as Kept
from tests.support.people import CLAUDE, GEMINI, GPT, GROUP, PRIVATE, TOPIC, ask, say

SUPERGROUP = -1005001


class Stubborn(ScriptedClient):
    """Takes a second to hear that it is cancelled."""

    async def stream(self, prompt: Prompt, on_text: OnText) -> Completion:
        try:
            return await super().stream(prompt, on_text)
        finally:
            await asyncio.sleep(1)


class Team:
    """Claude answers at once, GPT once it may, and Gemini too, who is slow to hear that it is cancelled."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.claude = ScriptedClient(CLAUDE, "claude says.")
        self.gpt = ScriptedClient(GPT, self.go, "gpt says.")
        self.gemini = Stubborn(GEMINI, self.go, "gemini says.")
        self.core = Kept(self.claude, self.gpt, self.gemini)

    async def texts_of(self, run: Run) -> list[str]:
        return [message.text for message in (await self.core.stores.discussions.transcript(run.id)).answers]


def closed(core: Kept) -> list[RunClosed]:
    return [event for event in core.published.events if isinstance(event, RunClosed)]


# --- stop ---


@leaping
async def test_the_runs_of_a_chat_are_stopped_with_what_was_said() -> None:
    team = Team()
    core = team.core
    in_group, in_topic = await ask(core.stores, GROUP), await ask(core.stores, TOPIC)
    elsewhere = await ask(core.stores, PRIVATE)
    await core.start(in_group, in_topic, elsewhere)

    assert await core.keeper.stop(chat_id=GROUP.chat_id) == 2

    assert [each.id in core.runs for each in (in_group, in_topic, elsewhere)] == [False, False, True]
    assert closed(core) == [RunClosed(in_group.id, Status.STOPPED), RunClosed(in_topic.id, Status.STOPPED)]
    assert [await core.status_of(each) for each in (in_group, in_topic)] == [Status.STOPPED, Status.STOPPED]
    assert await team.texts_of(in_group) == ["claude says."]
    assert core.unstored == []

    team.go.set()
    while len(core.runs):
        await asyncio.sleep(1)
    assert await core.status_of(elsewhere) is Status.DONE
    assert await team.texts_of(in_group) == ["claude says."]


@leaping
async def test_the_runs_of_a_project_are_stopped_and_no_others() -> None:
    team = Team()
    core = team.core
    of_first = await ask(core.stores)
    kitchen = await core.stores.projects.create(PRIVATE, "Kitchen")
    of_kitchen = await ask(core.stores)
    await core.start(of_first, of_kitchen)

    assert await core.keeper.stop(project_id=kitchen.id) == 1

    assert closed(core) == [RunClosed(of_kitchen.id, Status.STOPPED)]
    assert [each.id in core.runs for each in (of_first, of_kitchen)] == [True, False]
    assert await core.status_of(of_first) is Status.RUNNING
    await core.runs.close(deadline_s=5)


@leaping
async def test_there_may_be_nothing_to_stop() -> None:
    core = Team().core
    over = await ask(core.stores)
    await core.stores.discussions.close_run(over.id, Status.DONE)

    assert await core.keeper.stop(chat_id=PRIVATE.chat_id) == 0
    assert await core.keeper.stop(chat_id=GROUP.chat_id) == 0

    assert core.published.events == []
    assert await core.status_of(over) is Status.DONE


@leaping
async def test_a_run_that_nobody_took_up_yet_is_stopped_too() -> None:
    core = Team().core
    left = await ask(core.stores)

    assert await core.keeper.stop(chat_id=PRIVATE.chat_id) == 1

    assert closed(core) == [RunClosed(left.id, Status.STOPPED)]
    assert await core.status_of(left) is Status.STOPPED


@leaping
async def test_nothing_is_asked_or_stored_after_a_stop() -> None:
    team = Team()
    run = await ask(team.core.stores)
    await team.core.start(run)

    await team.core.keeper.stop(chat_id=PRIVATE.chat_id)
    team.go.set()
    await settle()

    assert (team.gpt.cancelled, team.gemini.cancelled) == (1, 1)
    assert await team.texts_of(run) == ["claude says."]
    assert team.core.published.names[-1] == "RunClosed"


async def two_runs_of_which_the_second_ends_while_the_first_is_stopped(team: Team) -> tuple[Run, Run]:
    """Start them; the first takes a second to be stopped, and half a second after `stop` the other is done."""
    core = team.core
    first, second = await ask(core.stores, GROUP), await ask(core.stores, GROUP)
    for who in (CLAUDE, GPT):
        await say(core.stores, first, "Said.", who)
    for who in (CLAUDE, GEMINI):
        await say(core.stores, second, "Said.", who)
    await core.start(first, second)
    return first, second


async def soon(event: asyncio.Event) -> None:
    await asyncio.sleep(0.5)
    event.set()


@leaping
async def test_a_run_that_ends_by_itself_meanwhile_is_done_and_not_stopped() -> None:
    team = Team()
    core = team.core
    first, second = await two_runs_of_which_the_second_ends_while_the_first_is_stopped(team)

    stopped, _ = await asyncio.gather(core.keeper.stop(chat_id=GROUP.chat_id), soon(team.go))

    assert stopped == 1
    assert closed(core) == [RunClosed(second.id, Status.DONE), RunClosed(first.id, Status.STOPPED)]
    assert [await core.status_of(each) for each in (first, second)] == [Status.STOPPED, Status.DONE]


# --- move ---


def at(place: Place, chat_id: int = SUPERGROUP) -> Place:
    return Place(chat_id, place.topic_id)


@leaping
async def test_runs_go_on_in_the_chat_that_their_group_became() -> None:
    team = Team()
    core = team.core
    in_group, in_topic = await ask(core.stores, GROUP), await ask(core.stores, TOPIC)
    elsewhere = await ask(core.stores, PRIVATE)
    await core.start(in_group, in_topic, elsewhere)
    core.published.events.clear()

    await core.keeper.move(GROUP.chat_id, SUPERGROUP)
    await settle()

    started = [event for event in core.published.events if isinstance(event, RunStarted)]
    assert [(event.run.id, event.run.place, event.resumed) for event in started] == [
        (in_group.id, at(GROUP), False),
        (in_topic.id, at(TOPIC), False),
    ]
    assert await core.stores.discussions.running(chat_id=SUPERGROUP) == (in_group.id, in_topic.id)

    team.go.set()
    while len(core.runs):
        await asyncio.sleep(1)
    for run in (in_group, in_topic, elsewhere):
        assert await core.status_of(run) is Status.DONE
        assert sorted(await team.texts_of(run)) == ["claude says.", "gemini says.", "gpt says."]
    assert len(team.claude.prompts) == 3, "who had answered is not asked again"
    assert (team.gpt.cancelled, len(team.gpt.prompts)) == (2, 5)
    assert core.unstored == []


@leaping
async def test_what_a_group_has_moves_where_nothing_runs() -> None:
    core = Team().core
    kitchen = await core.stores.projects.create(GROUP, "Kitchen")

    await core.keeper.move(GROUP.chat_id, SUPERGROUP)

    assert (await core.stores.projects.current(at(GROUP))).id == kitchen.id
    assert await core.stores.chats.moved() == {GROUP.chat_id: SUPERGROUP}
    assert (core.published.events, len(core.runs)) == ([], 0)


@leaping
async def test_a_move_that_both_chats_tell_of_is_one() -> None:
    team = Team()
    run = await ask(team.core.stores, GROUP)
    await team.core.start(run)

    await team.core.keeper.move(GROUP.chat_id, SUPERGROUP)
    await settle()
    await team.core.keeper.move(GROUP.chat_id, SUPERGROUP)
    await settle()

    assert len(team.gpt.prompts) == 2
    assert team.core.published.names.count("RunStarted") == 2
    await team.core.runs.close(deadline_s=5)


@leaping
async def test_a_run_that_ends_by_itself_during_a_move_is_not_begun_again() -> None:
    team = Team()
    core = team.core
    first, second = await two_runs_of_which_the_second_ends_while_the_first_is_stopped(team)

    await asyncio.gather(core.keeper.move(GROUP.chat_id, SUPERGROUP), soon(team.go))
    while len(core.runs):
        await asyncio.sleep(1)

    started = [event.run.id for event in core.published.events if isinstance(event, RunStarted)]
    assert started == [first.id, second.id, first.id]
    assert [event.run_id for event in closed(core)] == [second.id, first.id]
    assert await core.status_of(first) is Status.DONE
