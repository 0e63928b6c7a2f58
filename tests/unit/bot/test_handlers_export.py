"""/export through the front door: documents that arrive, words that are not understood, files that are gone."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from moai.bot import exports
from moai.bot.handlers.export import NOTHING, _wishes
from moai.core.model import Entry
from moai.errors import InvalidInput, StorageError
from moai.simulator.faults import Refuse
from moai.simulator.telegram import Simulator
from moai.testing import ScriptedClient
from tests.support.desk import Staff, open_desk
from tests.support.fakes import CLAUDE, GPT

QUESTION = "Why is the sky blue?"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of temporary files, in which nothing may be left."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


async def ask(chat: Any, staff: Staff, text: str = QUESTION) -> None:
    """Ask the whole team, and wait until its run is over."""
    over = len(staff.runs) + 1
    chat.says(f"/open {text}")
    await staff.until(lambda: len(staff.runs) == over and staff.runs[-1].closed_at)


async def document(sim: Simulator, chat: Any, order: str) -> Any:
    """Write an order, and wait for the document that it brings."""
    before = len(chat.bot_messages)
    chat.says(order)
    await sim.until(lambda: any(each.document for each in chat.bot_messages[before:]))
    return next(each for each in chat.bot_messages[before:] if each.document)


@pytest.mark.parametrize(
    ("order", "ending", "opens_with"),
    [
        ("/export", "md", "# Why is the sky blue?"),
        ("/export md", "md", "# Why is the sky blue?"),
        ("/export HTML", "html", "<!DOCTYPE html>"),
        ("/export .json", "json", '{"format": "moai-discussions"'),
    ],
)
async def test_the_discussion_comes_as_a_document(order: str, ending: str, opens_with: str) -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        await ask(chat, staff)

        message = await document(sim, chat, order)

        assert message.document.name.endswith(f"-why-is-the-sky-blue.{ending}")
        assert message.document.data.decode().startswith(opens_with)
        assert message.text == QUESTION


async def test_all_is_every_discussion_of_the_project() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        await ask(chat, staff)
        await ask(chat, staff, "And why red?")

        one = await document(sim, chat, "/export json")
        both = await document(sim, chat, "/export all json")

        titles = [[each["title"] for each in json.loads(data.document.data)["discussions"]] for data in (one, both)]
        assert titles == [["And why red?"], [QUESTION, "And why red?"]]
        assert both.document.name.endswith("-general.json")
        assert both.text == "General · 2 discussions"


@pytest.mark.parametrize("order", ["/export", "/export all"])
async def test_where_nothing_was_said_there_is_nothing_to_export(order: str) -> None:
    async with Simulator() as sim, open_desk(sim):
        chat = sim.private_chat(sim.user("Ann"))

        chat.says(order)

        assert (await chat.shows("nothing to export")).text == NOTHING


async def test_an_unknown_format_is_told_with_those_that_are_known() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        await ask(chat, staff)

        chat.says("/export pdf")

        told = await chat.shows("do not know the format pdf")
        assert "/export md, /export html or /export json" in told.text


async def test_in_a_group_the_document_answers_the_order() -> None:
    async with Simulator(privacy=False) as sim, open_desk(sim) as staff:
        ann = sim.user("Ann")
        group = sim.group("Lab", ann)
        group.says(ann, f"/open {QUESTION}")
        await staff.until(lambda: staff.runs and staff.runs[-1].closed_at)

        order = group.says(ann, "/export")
        await sim.until(lambda: any(each.document for each in group.bot_messages))

        message = next(each for each in group.bot_messages if each.document)
        assert message.reply_to_id == order.message_id


async def test_the_chat_is_not_held_up_while_a_document_is_written(folder: Path) -> None:
    async with Simulator() as sim, open_desk(sim, ScriptedClient(CLAUDE, "A.")) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        await ask(chat, staff)
        go, entries = asyncio.Event(), staff.stores.archive.entries

        async def slow(discussion_id: int) -> Any:
            await go.wait()
            async for entry in entries(discussion_id):
                yield entry

        staff.stores.archive.entries = slow  # type: ignore[method-assign]
        chat.says("/export")
        await staff.until(lambda: list(folder.iterdir()))
        chat.says("/projects")
        await chat.shows("Projects of this chat")
        go.set()

        await sim.until(lambda: any(each.document for each in chat.bot_messages))


async def test_a_database_that_fails_is_told() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        await ask(chat, staff)

        async def broken(_: int) -> Any:
            raise StorageError
            yield Entry

        staff.stores.archive.entries = broken  # type: ignore[method-assign]
        chat.says("/export html")

        await chat.shows("The database cannot be used at the moment.")


async def test_a_full_disk_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        await ask(chat, staff)
        monkeypatch.setattr(tempfile, "tempdir", str(folder / "missing"))

        chat.says("/export")

        await chat.shows("whoever runs the bot has to check the disk")


async def test_a_document_that_telegram_refuses_is_told() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        await ask(chat, staff)
        sim.faults.next("sendDocument", Refuse(400, "Bad Request: file must be non-empty"))

        chat.says("/export")

        assert (await chat.shows("could not be sent")).text == exports.NOT_SENT


async def test_a_document_that_does_not_arrive_in_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PATIENCE_S", 0)
    async with Simulator() as sim, open_desk(sim, ScriptedClient(GPT, "B.")) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        await ask(chat, staff)

        chat.says("/export")

        await chat.shows("could not be sent")


@pytest.mark.parametrize(
    ("words", "wishes"),
    [
        ("", ("md", False)),
        ("all", ("md", True)),
        ("json all", ("json", True)),
        ("ALL, html", ("html", True)),
        ("md json", ("json", False)),
    ],
)
def test_the_words_come_in_any_order(words: str, wishes: tuple[str, bool]) -> None:
    assert _wishes(words) == wishes


@pytest.mark.parametrize("words", ["pdf", "all of it", "md_"])
def test_other_words_are_refused(words: str) -> None:
    with pytest.raises(InvalidInput, match="/export md"):
        _wishes(words)
