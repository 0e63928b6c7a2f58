"""Who sits at the table of a command, who moderates, and what is refused where there are too few."""

from __future__ import annotations

import pytest

from moai.core.commands import AskModels, Command, ContinueDiscussion, StartDiscussion
from moai.core.model import Participant, Place, Project, Terms
from moai.errors import InvalidInput, NotFound
from moai.testing import ScriptedClient
from tests.support.core import Core
from tests.support.people import CLAUDE, GEMINI, GPT, GROUP, PRIVATE, TEAM, a_question

PROJECT = Project(1, PRIVATE.chat_id, "Kitchen")
TWO = Project(1, PRIVATE.chat_id, "Kitchen", aliases=("gpt", "claude"))
ALONE = Project(1, PRIVATE.chat_id, "Kitchen", aliases=("gpt",))
NOBODY = Project(1, PRIVATE.chat_id, "Kitchen", aliases=())


def a_core(moderator: str = "") -> Core:
    return Core(*(ScriptedClient(who, "Said.") for who in TEAM), moderator=moderator)


def a_start(mode: str = "discuss", place: Place = PRIVATE, project_id: int | None = None) -> StartDiscussion:
    return StartDiscussion(place, a_question(), mode, project_id, rounds=4, drafts=True)


def going_on(mode: str = "consensus") -> ContinueDiscussion:
    return ContinueDiscussion(PRIVATE, a_question(""), mode, rounds=2)


# --- a discussion ---


@pytest.mark.parametrize("mode", ["discuss", "panel"])
@pytest.mark.parametrize("make", [a_start, going_on])
def test_a_discussion_needs_two(mode: str, make: type[Command]) -> None:
    seating = a_core().seating

    assert seating.asked(make(mode), TWO) == (CLAUDE, GPT)  # type: ignore[call-arg, arg-type]
    with pytest.raises(InvalidInput, match="two models at least, and gpt is alone on the team of “Kitchen”: choose"):
        seating.asked(make(mode), ALONE)  # type: ignore[call-arg, arg-type]


@pytest.mark.parametrize("mode", ["open", "ask", "consensus"])
def test_other_runs_need_only_one(mode: str) -> None:
    assert a_core().seating.asked(going_on(mode), ALONE) == (GPT,)


@pytest.mark.parametrize("command", [a_start("open"), a_start(), going_on("discuss"), going_on()])
def test_an_empty_team_is_told(command: Command) -> None:
    with pytest.raises(InvalidInput, match="no model on its team: choose some with /project models"):
        a_core().seating.asked(command, NOBODY)


def test_nobody_named_is_asked_for_a_name() -> None:
    with pytest.raises(InvalidInput, match=r"Whom shall I ask\? There are: claude, gpt, gemini\."):
        a_core().seating.asked(AskModels(PRIVATE, a_question(), ()), PROJECT)


# --- the moderator ---


@pytest.mark.parametrize(
    ("moderator", "project", "seats"),
    [
        ("", PROJECT, TEAM),
        ("gemini", PROJECT, (GEMINI, CLAUDE, GPT)),
        ("claude", TWO, (CLAUDE, GPT)),
        ("gemini", TWO, (GEMINI, CLAUDE, GPT)),
        ("gemini", NOBODY, (GEMINI,)),
    ],
    ids=["none: the team's first", "on the team", "already first", "not on the team", "nobody else"],
)
def test_the_moderator_is_the_first_who_is_asked_for_a_consensus(
    moderator: str, project: Project, seats: tuple[Participant, ...]
) -> None:
    assert a_core(moderator).seating.asked(going_on(), project) == seats


@pytest.mark.parametrize("mode", ["open", "discuss", "panel"])
def test_a_moderator_who_is_not_on_the_team_has_no_seat_in_a_discussion(mode: str) -> None:
    assert a_core("gemini").seating.asked(going_on(mode), TWO) == (CLAUDE, GPT)


def test_a_moderator_whom_nobody_knows_is_told() -> None:
    with pytest.raises(InvalidInput, match=r"There is no model called gemin\. Did you mean gemini\?"):
        a_core("gemin").seating.asked(going_on(), PROJECT)


def test_what_stands_behind_a_moderators_alias_is_found_and_nobody_else_is_changed() -> None:
    bare, gone, old = Participant("gpt", "", ""), Participant("gone", "", ""), Participant("claude", "x", "claude-1")

    assert a_core().seating.seated((bare, gone, old)) == (GPT, gone, old)


# --- terms and projects ---


@pytest.mark.parametrize(
    ("command", "terms"),
    [
        (a_start(), Terms(4, drafts=True, moderator="gpt")),
        (going_on("discuss"), Terms(2, moderator="gpt")),
        (AskModels(PRIVATE, a_question(), None), Terms()),
    ],
)
def test_the_terms_are_those_of_the_command_and_the_configured_moderator(command: Command, terms: Terms) -> None:
    assert a_core("gpt").seating.terms_of(command) == terms


async def test_a_command_is_about_its_project_else_the_places_current_one() -> None:
    core = a_core()
    first = await core.stores.projects.current(PRIVATE)
    second = await core.stores.projects.create(PRIVATE, "Kitchen")

    assert await core.seating.project_of(a_start()) == second
    assert await core.seating.project_of(a_start(project_id=first.id)) == first
    with pytest.raises(NotFound):
        await core.seating.project_of(a_start(place=GROUP, project_id=first.id))
