"""How a run begins: who is asked, what is stored, and what is refused before anything is."""

from __future__ import annotations

import pytest

from moai.core.commands import AskModels, Command, StartDiscussion
from moai.core.model import Participant, PersonMessage, Place, Project, Round, RoundKind, Status, Transcript
from moai.core.seating import unknown_alias
from moai.errors import InvalidInput
from moai.testing import MemoryDiscussionStore, ScriptedClient
from tests.support.core import Core
from tests.support.people import CLAUDE, GEMINI, GPT, GROUP, PRIVATE, TEAM, TOPIC, a_question, ask, say

OPEN = StartDiscussion(PRIVATE, a_question(message_id=31), "open")


class CountingStore(MemoryDiscussionStore):
    """Counts how often it is read, and how often a round is opened."""

    reads = 0
    opened = 0

    async def transcript(self, run_id: int) -> Transcript:
        self.reads += 1
        return await super().transcript(run_id)

    async def open_round(self, run_id: int, number: int, kind: RoundKind) -> Round:
        self.opened += 1
        return await super().open_round(run_id, number, kind)


def a_core() -> Core:
    return Core(*(ScriptedClient(who, f"{who.alias} says.") for who in TEAM))


def with_counting_store(core: Core) -> CountingStore:
    store = core.orchestrator._discussions = CountingStore(core.stores.tables, core.clock)
    return store


def an_ask(*aliases: str, place: Place = PRIVATE, message_id: int | None = 32) -> AskModels:
    return AskModels(place, a_question("And why red?", message_id), aliases or None)


async def with_team(core: Core, *aliases: str) -> Project:
    project = await core.stores.projects.current(PRIVATE)
    return await core.stores.projects.set_aliases(PRIVATE.chat_id, project.id, aliases)


# --- StartDiscussion ---


async def test_a_discussion_begins_with_the_whole_team_and_nothing_is_published() -> None:
    core = a_core()

    transcript = await core.orchestrator.begin(OPEN)

    run = transcript.run
    assert (run.participants, run.status, run.mode) == (TEAM, Status.RUNNING, "open")
    assert (run.place, run.question, run.project_id) == (PRIVATE, OPEN.question, transcript.project.id)
    assert transcript.project == await core.stores.projects.current(PRIVATE)
    assert core.published.events == []


async def test_a_fresh_discussion_is_known_whole_without_being_read() -> None:
    core = a_core()
    store = with_counting_store(core)

    transcript = await core.orchestrator.begin(OPEN)

    assert store.reads == 0
    assert transcript == await core.stores.discussions.transcript(transcript.run.id)
    await core.orchestrator.run(transcript)
    assert (store.reads, store.opened) == (0, 0), "the first round was opened with the run"


async def test_a_second_discussion_has_nothing_of_the_first() -> None:
    core = a_core()
    first = await ask(core.stores)
    await say(core.stores, first, "Rayleigh.")

    second = await core.orchestrator.begin(OPEN)

    assert second.run.discussion_id != first.discussion_id
    assert [entry.run_id for entry in second.entries] == [second.run.id]


# --- the team ---


def test_the_team_is_in_the_order_of_the_configuration_without_who_is_gone() -> None:
    core = a_core()
    project = Project(1, PRIVATE.chat_id, "Kitchen", aliases=("gemini", "gone", "claude", "away"))

    assert core.seating.team_of(project) == (CLAUDE, GEMINI)
    assert core.seating.absent_of(project) == ("gone", "away")


@pytest.mark.parametrize(("aliases", "team"), [(None, TEAM), ((), ()), (("gpt",), (GPT,))])
def test_nobody_is_absent_where_all_are_configured(
    aliases: tuple[str, ...] | None, team: tuple[Participant, ...]
) -> None:
    core, project = a_core(), Project(1, PRIVATE.chat_id, "Kitchen", aliases=aliases)

    assert (core.seating.team_of(project), core.seating.absent_of(project)) == (team, ())


@pytest.mark.parametrize("aliases", [(), ("gone",)])
@pytest.mark.parametrize("command", [OPEN, an_ask()], ids=["open", "ask all"])
async def test_an_empty_team_is_told_and_nothing_is_stored(command: Command, aliases: tuple[str, ...]) -> None:
    core = a_core()
    project = await with_team(core, *aliases)

    with pytest.raises(InvalidInput, match=f"“{project.name}” has no model on its team: .* /project models"):
        await core.orchestrator.begin(command)

    assert await core.stores.discussions.latest(PRIVATE, project.id) is None


async def test_the_team_is_that_of_the_places_current_project() -> None:
    core = a_core()
    await core.stores.projects.create(PRIVATE, "Kitchen")
    project = await with_team(core, "gpt")

    transcript = await core.orchestrator.begin(OPEN)

    assert (transcript.project, transcript.run.participants) == (project, (GPT,))


# --- AskModels ---


@pytest.mark.parametrize(
    ("aliases", "asked"),
    [
        ((), (CLAUDE, GPT)),
        (("gpt",), (GPT,)),
        (("gpt", "claude"), (GPT, CLAUDE)),
        (("gemini",), (GEMINI,)),
        (("gpt", "gemini", "gpt", "gpt"), (GPT, GEMINI)),
    ],
    ids=["nobody named: the team", "one", "in the order named", "one who is not on the team", "each once"],
)
async def test_whom_a_question_is_put_to(aliases: tuple[str, ...], asked: tuple[Participant, ...]) -> None:
    core = a_core()
    await with_team(core, "gpt", "claude")

    run = (await core.orchestrator.begin(an_ask(*aliases))).run

    assert (run.participants, run.mode, run.status) == (asked, "ask", Status.RUNNING)


async def test_a_question_joins_the_discussion_with_all_that_was_said() -> None:
    core = a_core()
    first = await ask(core.stores)
    said = await say(core.stores, first, "Rayleigh.")

    transcript = await core.orchestrator.begin(an_ask("gpt"))

    assert transcript.run.discussion_id == first.discussion_id
    assert transcript.run.id != first.id
    question, answer, second = transcript.entries
    assert isinstance(question, PersonMessage)
    assert isinstance(second, PersonMessage)
    assert (question.run_id, answer, second.run_id) == (first.id, said, transcript.run.id)
    assert second.remark.text == "And why red?"
    assert [each.run_id for each in transcript.rounds] == [transcript.run.id]


@pytest.mark.parametrize("place", [GROUP, TOPIC])
async def test_a_first_question_in_a_place_begins_a_discussion(place: Place) -> None:
    core = a_core()
    elsewhere = await ask(core.stores, PRIVATE)

    transcript = await core.orchestrator.begin(an_ask("gpt", place=place))

    assert transcript.run.discussion_id != elsewhere.discussion_id
    assert len(transcript.entries) == 1


@pytest.mark.parametrize(
    ("alias", "sentence"),
    [
        ("cloude", "There is no model called cloude. Did you mean claude? There are: claude, gpt, gemini."),
        ("GEMNI", "There is no model called GEMNI. Did you mean gemini? There are: claude, gpt, gemini."),
        ("zzz", "There is no model called zzz. There are: claude, gpt, gemini."),
        ("q" * 41, f"There is no model called {'q' * 40}. There are: claude, gpt, gemini."),
    ],
    ids=["near", "near in capitals", "far", "long"],
)
async def test_an_alias_that_nobody_has_is_refused_with_the_nearest_and_all(alias: str, sentence: str) -> None:
    core = a_core()

    with pytest.raises(InvalidInput) as refused:
        await core.orchestrator.begin(an_ask("gpt", alias))

    assert refused.value.sentence == sentence == unknown_alias(alias, ["claude", "gpt", "gemini"])
    assert core.stores.tables.runs == {}


# --- the same question again ---


@pytest.mark.parametrize("command", [OPEN, an_ask(), an_ask("gpt")], ids=["open", "ask all", "ask one"])
async def test_the_same_question_again_returns_the_run_that_stands(command: Command) -> None:
    core = a_core()
    first = await core.orchestrator.begin(command)
    await say(core.stores, first.run, "Rayleigh.", GPT)

    again = await core.orchestrator.begin(command)

    assert again == await core.stores.discussions.transcript(first.run.id)
    assert [message.text for message in again.answers] == ["Rayleigh."]
    assert len(core.stores.tables.runs) == 1


async def test_the_same_question_again_returns_a_run_that_is_over() -> None:
    core = a_core()
    await core.orchestrator.run(await core.orchestrator.begin(OPEN))

    again = await core.orchestrator.begin(OPEN)

    assert again.run.status is Status.DONE
    assert len(again.answers) == len(TEAM)


async def test_a_question_without_a_number_of_telegrams_is_another_one_each_time() -> None:
    core, command = a_core(), an_ask("gpt", message_id=None)

    first, second = await core.orchestrator.begin(command), await core.orchestrator.begin(command)

    assert first.run.id != second.run.id
    assert first.run.discussion_id == second.run.discussion_id
