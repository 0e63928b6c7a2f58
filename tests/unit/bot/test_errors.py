"""The one edge where errors become words: our own sentence, or that something went wrong and nothing of what."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from moai.bot.errors import on_error
from moai.bot.texts import BUG
from moai.core.model import Place, Project
from moai.errors import InvalidInput, MoaiError, NotFound, StorageError
from moai.simulator.telegram import Simulator
from tests.support.desk import open_desk


async def test_what_the_database_cannot_do_is_told_in_its_sentence_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))

        async def fail(place: Place) -> Project:
            raise StorageError("There is no room left for the database.")

        staff.stores.projects.current = fail  # type: ignore[method-assign]
        chat.says("/status")

        await chat.shows("There is no room left for the database.")
    logged = [(each.levelname, each.message) for each in caplog.records if each.levelno >= logging.WARNING]
    assert logged == [("WARNING", "an update could not be handled: There is no room left for the database.")]


@pytest.mark.parametrize("error", [NotFound(), InvalidInput("Write a question.")])
async def test_what_a_person_can_mend_is_told_and_not_logged(
    error: MoaiError, caplog: pytest.LogCaptureFixture
) -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))

        async def fail(place: Place) -> Project:
            raise error

        staff.stores.projects.current = fail  # type: ignore[method-assign]
        chat.says("/status")

        await chat.shows(error.sentence)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_bug_is_logged_and_told_without_what_it_was(caplog: pytest.LogCaptureFixture) -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))

        async def fail(place: Place) -> Project:
            raise ZeroDivisionError("secret detail")

        staff.stores.projects.current = fail  # type: ignore[method-assign]
        asked = chat.says("/status")
        told = await chat.shows(BUG, after=asked)
        chat.says("/help")
        await chat.shows("/open", after=told)

        assert "secret" not in told.text
        await sim.heard()
    assert "ZeroDivisionError: secret detail" in caplog.text


class Nobody:
    """The context of an error that belongs to no chat."""

    error: Exception = ZeroDivisionError("a bug")
    bot_data: dict[str, Any] = {}  # noqa: RUF012


async def test_an_error_without_a_message_is_only_logged(caplog: pytest.LogCaptureFixture) -> None:
    await on_error(None, Nobody())  # type: ignore[arg-type]

    assert "an update could not be handled" in caplog.text
