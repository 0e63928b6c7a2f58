"""The contract of every format: whole documents, of ordinary and of nasty words."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moai.export import FORMATS
from tests.support.exports import NASTY, TITLE, a_discussion, a_head, a_thread, document, nasty_discussion, nasty_head
from tests.support.pages import Page, parsed

CHECKS: dict[str, Any] = {}


def checks(name: str) -> Any:
    """Let a function check that a whole document of that format is sound, and return what can be read in it."""

    def add(function: Any) -> Any:
        CHECKS[name] = function
        return function

    return add


@checks("md")
def _markdown(text: str) -> str:
    seen = parsed(text)
    assert (seen.tags, seen.links) == ([], {})
    assert [level for level, _ in seen.headings].count(1) == 1
    assert seen.headings[0][0] == 1
    return text


@checks("html")
def _html(text: str) -> str:
    page = Page(text)
    assert {"script", "img", "iframe", "object", "link", "base", "form", "svg"} & set(page.tags) == set()
    assert [tag for tag, name, _ in page.attributes if name.startswith("on")] == []
    hrefs = [value for _, name, value in page.attributes if name in {"href", "src"}]
    assert [each for each in hrefs if not each.startswith(("https://", "http://", "mailto:", "#d"))] == []
    assert page.tags.count("style") == page.tags.count("main") == page.tags.count("h1") == 1
    return page.text


@checks("json")
def _json(text: str) -> str:
    whole = json.loads(text)
    assert (whole["format"], whole["version"]) == ("moai-discussions", 1)
    return json.dumps(whole, ensure_ascii=False)


def test_every_format_is_checked() -> None:
    assert CHECKS.keys() == FORMATS.keys()


@pytest.mark.parametrize("name", FORMATS)
class TestEveryFormat:
    def test_it_tells_all_that_there_is_to_tell(self, name: str) -> None:
        shown = CHECKS[name](document(name, a_head(), a_discussion())).replace("\\", "")

        for told in (
            TITLE,
            "Ann",
            "Bo",
            "claude",
            "claude-x",
            "Memory.",
            "Half an",
            "Stopped before its end.",
            "plan.pdf",
        ):
            assert told in shown
        for told in (
            "2026-11-2",
            "4.2",
            "120",
            "0.0123",
            "the tooling decides",
            "What of the cost?",
            "Maybe.",
            "And Go?",
        ):
            assert told in shown
        for told in ("It is fast.", "Training takes months.", "Try it on one service.", "Who pays?", "agree: claude"):
            assert told in shown

    def test_it_survives_nasty_words(self, name: str) -> None:
        CHECKS[name](document(name, nasty_head(), nasty_discussion()))
        CHECKS[name](document(name, nasty_head(is_whole=True), nasty_discussion(NASTY[:3])))

    @settings(max_examples=10, deadline=None)
    @given(text=st.text(max_size=40))
    def test_it_survives_every_text(self, name: str, text: str) -> None:
        CHECKS[name](document(name, a_head(a_thread(title=text)), nasty_discussion((text,))))

    def test_it_can_be_written_to_a_file(self, name: str) -> None:
        whole = document(name, nasty_head(), nasty_discussion(NASTY[10:11]))

        assert CHECKS[name](whole.encode(errors="replace").decode())

    def test_a_discussion_without_entries_is_a_document(self, name: str) -> None:
        CHECKS[name](document(name, a_head(), ()))
        CHECKS[name](document(name, a_head(a_thread(), a_thread(2), is_whole=True), ()))

    def test_it_holds_nothing_of_what_was_said(self, name: str) -> None:
        writer = FORMATS[name].opened(a_head())
        writer.begin()
        writer.begin_thread(a_thread())
        held: list[bytes] = []
        for entry in a_discussion():
            writer.entry(entry)
            held.append(pickle.dumps(writer))

        assert all(TITLE.encode() in each for each in held), "the head is held"
        assert [each for each in held if b"Memory." in each or b"I agree now." in each] == []

    def test_the_same_entries_make_the_same_document(self, name: str) -> None:
        assert document(name, a_head(), a_discussion()) == document(name, a_head(), a_discussion())
