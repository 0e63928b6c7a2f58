"""The sentences that MoAI itself says."""

from __future__ import annotations

import pytest

from moai.bot.render import MAX_UNITS, utf16_length
from moai.bot.texts import (
    HEARS_MENTIONS,
    PRIVACY_OFF,
    PRIVACY_ON,
    absent,
    greeting,
    history_cut,
    introduction,
    not_allowed,
    other_project,
    status_page,
    unknown_command,
)
from moai.core.model import Project, Status
from tests.support.people import TEAM

PROJECT = Project(1, 1001, "Kitchen")
KNOWN = ("open", "status", "help", "start")


@pytest.mark.parametrize(
    ("name", "hint"),
    [("opne", " Did you mean /open?"), ("STATUS", ""), ("statu", " Did you mean /status?"), ("xyzzy", ""), ("", "")],
)
def test_an_unknown_command_names_its_nearest_neighbour(name: str, hint: str) -> None:
    assert unknown_command(name, KNOWN) == f"I do not know /{name}.{hint} /help lists what I understand."


def test_an_endless_command_is_cut() -> None:
    assert utf16_length(unknown_command("🗿" * 4000, KNOWN)) < 120


def test_a_stranger_is_told_their_id() -> None:
    assert "4000000001" in not_allowed(4_000_000_001)


def test_a_greeting_names_the_team_or_nobody() -> None:
    assert "claude, gpt, gemini" in greeting(TEAM, is_private=True)
    assert "nobody yet" in greeting((), is_private=False)
    assert "{" not in greeting(TEAM, is_private=False)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.RUNNING, "under way"),
        (Status.DONE, "done"),
        (Status.STOPPED, "stopped early"),
        (Status.FAILED, "ended by an error"),
    ],
)
def test_status_has_a_word_for_every_state(status: Status, words: str) -> None:
    page = status_page(PROJECT, TEAM, ("Why is the\nsky blue?", status), hears_everything=True)

    assert f"“Why is the sky blue?” · {words}" in page.text


def test_status_tells_what_groups_let_through() -> None:
    assert status_page(PROJECT, TEAM, None, hears_everything=True).text.endswith(PRIVACY_OFF)
    assert status_page(PROJECT, TEAM, None, hears_everything=False).text.endswith(PRIVACY_ON)


def test_status_fits_into_a_message_with_the_longest_question() -> None:
    page = status_page(PROJECT, TEAM, ("🗿\n" * 30_000, Status.DONE), hears_everything=False)

    assert utf16_length(page.text) <= MAX_UNITS
    assert len(page.entities) == 3


@pytest.mark.parametrize(("hears", "hearing"), [(True, HEARS_MENTIONS.format(alias="claude")), (False, PRIVACY_ON)])
def test_an_introduction_tells_what_works_in_that_group(hears: bool, hearing: str) -> None:
    text = introduction(TEAM, hears_everything=hears)

    assert "claude, gpt, gemini" in text
    assert "/claude, /gpt, /gemini and a question asks one" in text
    assert text.endswith(hearing)


def test_an_introduction_of_nobody_makes_sense() -> None:
    text = introduction((), hears_everything=False)

    assert "nobody yet" in text
    assert "• /ask and a question" in text
    assert "{" not in text


@pytest.mark.parametrize(
    ("aliases", "cut", "away"),
    [
        (("claude",), "claude no longer sees the beginning", "claude is on this project's team but"),
        (("claude", "gpt"), "claude, gpt no longer see the beginning", "claude, gpt are on this project's team but"),
    ],
)
def test_one_model_and_several_are_spoken_of_as_such(aliases: tuple[str, ...], cut: str, away: str) -> None:
    assert history_cut(aliases).startswith(f"✂️ {cut}")
    assert absent(aliases).startswith(away)


def test_an_answer_of_another_project_names_it() -> None:
    assert "the project “Trip {to} Rome”" in other_project("Trip {to} Rome")
