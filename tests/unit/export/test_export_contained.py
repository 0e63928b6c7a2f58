"""Strangers' Markdown as a part of a document, as a parser of its own sees the whole."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from moai.export.contained import MAX_BRACKETS, contained, fenced
from tests.support.exports import NASTY
from tests.support.pages import parsed

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
LEVEL = 4

MARKS = st.lists(
    st.sampled_from(
        ["<b>", "<!--", "-->", "<pre>", "<div>\n", "</div>", "<https://a.b>", "&lt;", "`", "``", "```", "~~~"]
    )
    | st.sampled_from(["# a", "a\n=", "b\n---", "> ", "- ", "1. ", "    ", "\t", "\n", "\n\n", "[x]: /u", "word", " "])
    | st.sampled_from(["|", "|-|", "| a | b |\n|--|--|\n", "![i](x)", "\r", "\n    # c", "\n===", "#\t#"])
    | st.sampled_from(["*", "_", "\\", "[x]", "[^1]:", "<"]),
    max_size=25,
).map("".join)


@given(MARKS | st.text())
@example("- ```\n  x\n# a")
@example("[x]: <u>\n===")
@example("| `a | b` <b> | `c |\n|--|--|--|\n| `<i>`|`|<b>|")
def test_nothing_gets_out(text: str) -> None:
    assert_nothing_gets_out(text)


@pytest.mark.parametrize("text", NASTY)
def test_nothing_nasty_gets_out(text: str) -> None:
    assert_nothing_gets_out(text)


def assert_nothing_gets_out(text: str) -> None:
    document = f"# Before\n\n{contained(text, LEVEL)}\n\n# After\n\n[x] <own>"

    seen = parsed(document)
    found = seen.headings

    assert (found[0], found[-1]) == ((1, "Before"), (1, "After"))
    assert [level for level, _ in found[1:-1] if level < LEVEL] == []
    assert (seen.tags, seen.links) == (["<own>"], {})


@given(st.text("abc äß.,\n", max_size=80))
def test_prose_stays_as_it_is(text: str) -> None:
    assert contained(text, LEVEL) == text.strip("\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# One\n\n## Two\n\n###### Six", "#### One\n\n##### Two\n\n###### Six"),
        ("Title\n=====\n\nOther #\n---", "#### Title\n\n##### Other # #####"),
        ("> Two\n> lines\n> ===", "> #### Two lines"),
        ("```py\n# code\n<b>", "```py\n# code\n<b>\n```"),
        ("a <b> and `List<int>` 1 < 2", "a \\<b> and `List<int>` 1 < 2"),
        ("<https://example.com> \\<i>", "<https://example.com> \\<i>"),
        ("[1]: https://example.com", "\\[1]: https://example.com  "),
        ("see [^1]\n\n[^1]: a note", "see \\[^1]\n\n\\[^1]: a note"),
        ("    # code\n\n\t<b>", "    # code\n\n\t<b>"),
        ("| `a` | <b> |\n|---|---|", "| `a` | \\<b> |\n|---|---|"),
        ("a\r\nb\0", "a\nb\ufffd"),
        ("\n \n", " "),
    ],
)
def test_what_is_changed(text: str, shown: str) -> None:
    assert contained(text, LEVEL) == shown


def test_code_stays_as_it_is() -> None:
    code = "```html\n<b># no heading</b>\n[x]: y\n```\n\nand ``a ` <b>`` too"

    assert contained(code, LEVEL) == code


def test_what_a_parser_takes_long_for_is_shown_as_code() -> None:
    text = "[" * (MAX_BRACKETS + 1) + "<b>"

    assert contained(text, LEVEL) == fenced(text)


@given(st.text("`~\nab"))
def test_a_fence_is_closed_by_its_own_end_only(text: str) -> None:
    tokens = READER.parse(f"{fenced(text)}\n\n# After")

    assert [token.type for token in tokens] == ["fence", "heading_open", "inline", "heading_close"]
    assert tokens[0].content == f"{text}\n"
