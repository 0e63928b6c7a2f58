"""Markup and file names as weapons: in exports, captions, messages and what people send."""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path

import pytest

from moai.simulator.chats import PrivateChat
from moai.simulator.model import Document, Message
from tests.support.exports import NASTY
from tests.support.house import CLAUDE, House
from tests.support.pages import Page, parsed
from tests.support.table import has_steps

MARKUP = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '<b>bold</b> <a href="tg://user?id=1">you</a>',
    "[click](javascript:alert(1)) ![p](https://example.com/p.png)",
    "</pre></body></html>",
)
PATHS = (
    "../../../../etc/passwd",
    "..\\..\\windows\\system32\\config",
    "/etc/cron.d/moai",
    "con.txt/../../moai.db",
    "$(touch pwned).txt; rm -rf .txt",
    "a\u202etxt.exe",
    "." * 300 + "/x.txt",
)


FORBIDDEN = set('/\\:*?"<>|$;\0\u202e')


@pytest.fixture(autouse=True)
def temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of our own for what MoAI writes on its way, to look into."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


async def exported(chat: PrivateChat, wishes: str) -> tuple[Message, Document]:
    """Have the current discussion sent as a document, and return the message with it."""
    asked = chat.says(f"/export {wishes}")
    message = await chat.shows(lambda each: each.document is not None, after=asked)
    assert message.document is not None
    return message, message.document


async def said(house: House, chat: PrivateChat, question: str, answer: str, count: int) -> None:
    """Have a question answered by claude, as the run of that number."""
    has_steps(house, CLAUDE, answer)
    chat.says(f"/claude {question}")
    await house.runs_are_over(count=count)


def a_chat(house: House, number: int) -> PrivateChat:
    """Return a chat of somebody's who has said nothing yet, since a chat has its pace."""
    return house.sim.private_chat(house.sim.user(f"Alice {number}"))


async def test_markup_in_what_is_said_stays_text_in_every_document(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice <b>\"&'</b>"))
    for count, words in enumerate(MARKUP, start=1):
        await said(house, chat, f"What is {words}?", f"It is {words}.", count)
    _, page = await exported(chat, "html all")
    seen = Page(page.text)
    assert {"script", "img", "iframe", "object", "link", "base", "form", "svg"} & set(seen.tags) == set()
    assert not [tag for tag, name, _ in seen.attributes if name.startswith("on")]
    assert not [value for _, name, value in seen.attributes if name in {"href", "src"} and "script:" in (value or "")]
    _, markdown = await exported(chat, "md all")
    assert parsed(markdown.text).tags == []
    _, data = await exported(chat, "json all")
    texts = json.dumps(json.loads(data.text), ensure_ascii=False).replace('\\"', '"')
    assert all(f"It is {words}." in texts for words in MARKUP)


async def test_the_name_of_a_document_is_a_name_and_its_caption_is_plain(house: House, temporary_files: Path) -> None:
    for count, words in enumerate((*PATHS, *MARKUP), start=1):
        chat = a_chat(house, count)
        await said(house, chat, words, "Well.", count)
        message, document = await exported(chat, "md")
        assert not set(document.name) & FORBIDDEN
        assert ".." not in document.name
        assert document.name.startswith("20")
        assert len(document.name.encode()) < 255
        assert not [each for each in message.entities if each.url or each.type == "text_mention"]
    await no_file_is_left_in(temporary_files)
    assert all("parse_mode" not in call.params for call in house.sim.calls)
    assert not list(temporary_files.parent.rglob("pwned*"))


async def test_the_name_of_a_file_that_people_send_is_only_shown(house: House, temporary_files: Path) -> None:
    before = sorted(temporary_files.parent.rglob("*"))
    for count, name in enumerate(PATHS, start=1):
        chat = a_chat(house, count)
        chat.sends_document(name, b"Rayleigh.", "/claude Summarise.", mime_type="text/plain")
        await house.runs_are_over(count=count)
        shown = house.vendors.requests[-1].texts[-1].splitlines()[0]
        assert shown.startswith('<document name="')
        assert not set(shown.removeprefix('<document name="').removesuffix('">')) & set('/\\"<>\u202e')
    assert sorted(temporary_files.parent.rglob("*")) == before


async def test_whatever_a_model_writes_arrives_as_words_without_a_preview(house: House) -> None:
    chats, nasty = [], [each for each in NASTY if each.strip()]
    for count, words in enumerate(nasty, start=1):
        chats.append(chat := a_chat(house, count))
        has_steps(house, CLAUDE, f"Look at {count}: {words}")
        chat.says("/claude Speak.")
        await chat.shows(f"Look at {count}:")
        await house.runs_are_over(count=count)
    urls = [each.url or "https://" for chat in chats for message in chat.bot_messages for each in message.entities]
    assert all(url.startswith(("http://", "https://", "tg://", "mailto:")) for url in urls)
    calls = [*house.sim.calls_of("sendMessage"), *house.sim.calls_of("editMessageText")]
    assert len(calls) >= len(nasty)
    for call in calls:
        assert "parse_mode" not in call.params
        assert call.params["link_preview_options"]["is_disabled"] is True
    assert "Traceback" not in house.log.getvalue()


async def no_file_is_left_in(folder: Path) -> None:
    async with asyncio.timeout(10):
        while list(folder.iterdir()):
            await asyncio.sleep(0.01)
