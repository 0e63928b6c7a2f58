"""The Markdown document as its readers see it: its outline, people's words line for line, plain text as written."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from moai.core.plaintext import one_line
from moai.export.markdown import escaped
from tests.support.exports import a_discussion, a_head, a_thread, document, said_by
from tests.support.pages import Page, parsed

READER = MarkdownIt("commonmark", {"xhtmlOut": False}).enable(["table", "strikethrough"])


def read(markdown: str) -> str:
    """Return the text that a reader sees."""
    return Page(READER.render(markdown)).text


def test_one_discussion_has_its_question_on_top() -> None:
    seen = parsed(document("md", a_head(), a_discussion()))

    assert seen.headings == [
        (1, "Should we use Rust?"),
        (2, "Question 1 · discussion"),
        *((2, "Independent drafts"), (3, "claude"), (4, "Why"), (3, "gpt"), (3, "Bo remarks")),
        *((2, "Round 2"), (3, "gpt")),
        *((2, "Ranking"), (3, "claude"), (3, "gpt")),
        *((2, "Consensus"), (3, "claude")),
        *((2, "Question 2"), (2, "Answers"), (3, "gpt")),
    ]


def test_a_project_has_its_name_on_top() -> None:
    head = a_head(a_thread(1, "One?"), a_thread(2, "Two?"), is_whole=True)

    seen = parsed(document("md", head, a_discussion()[:2]))

    one = [(3, "Question 1 · discussion"), (3, "Independent drafts"), (4, "claude"), (5, "Why")]
    assert seen.headings == [(1, "Compilers"), (2, "One?"), *one, (2, "Two?"), *one]


def test_what_people_wrote_stays_line_for_line() -> None:
    text = "def f(x):\n    return [x] # <b>\n\n- 1. *no list*\n+ a\n= b"
    said = said_by("Ann", text)

    seen = read(document("md", a_head(), (replace(said, remark=replace(said.remark, quote=None, attachments=())),)))

    assert text.replace("    ", "\xa0" * 4).replace("\n\n", "\n") in seen.replace("\n\n", "\n")


@given(st.text())
@example("1. a")
@example("- a")
@example("===")
@example("&amp; \\ a_b_ :c: ~~d~~ $e$ | <f> [g](h)")
def test_escaped_text_reads_as_it_is_written(text: str) -> None:
    line = one_line(text)

    assert read(f"x\n\n{escaped(line)}\n\nx") == f"x\n{line}\nx\n" if line else "x\nx\n"
