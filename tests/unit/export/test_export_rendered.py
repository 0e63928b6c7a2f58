"""Answers' Markdown as HTML: what is laid out, and what stays words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.export.contained import MAX_BRACKETS
from moai.export.rendered import MAX_CHARS, rendered, verbatim
from tests.support.pages import Page


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**a** <b>", "<p><strong>a</strong> &lt;b&gt;</p>\n"),
        ("# One\n\n### Three", "<h4>One</h4>\n<h6>Three</h6>\n"),
        ("```py\n<b>\n```", '<pre tabindex="0"><code>&lt;b&gt;\n</code></pre>\n'),
        ("    <b>", '<pre tabindex="0"><code>&lt;b&gt;\n</code></pre>\n'),
        ("[a](https://b.c)", '<p><a href="https://b.c" rel="noopener noreferrer">a</a></p>\n'),
        ("<mailto:a@b.c>", '<p><a href="mailto:a@b.c" rel="noopener noreferrer">mailto:a@b.c</a></p>\n'),
        ("[a](javascript:b)", "<p>[a](javascript:b)</p>\n"),
        ("[a](data:text/html,b)", "<p>[a](data:text/html,b)</p>\n"),
        ("[a](/b)", "<p>[a](/b)</p>\n"),
        ("![a](http://b.c/d.png)", '<p><a href="http://b.c/d.png" rel="noopener noreferrer">🖼 a</a></p>\n'),
        ("![](http://b.c)", '<p><a href="http://b.c" rel="noopener noreferrer">🖼 picture</a></p>\n'),
        ("[![a](http://b.c)](http://d.e)", '<p><a href="http://d.e" rel="noopener noreferrer">🖼 a</a></p>\n'),
        ("![a](data:image/png;base64,AA)", "<p>![a](data:image/png;base64,AA)</p>\n"),
        ("", ""),
    ],
)
def test_what_is_laid_out(markdown: str, html: str) -> None:
    assert rendered(markdown, 4) == html


def test_a_table_scrolls_in_a_box_of_its_own() -> None:
    page = Page(rendered("| a |\n|---|\n| <b> |", 4))

    assert page.tags == ["div", "table", "thead", "tr", "th", "tbody", "tr", "td"]
    assert ("div", "class", "wide") in page.attributes


@pytest.mark.parametrize(
    "text", ["x" * (MAX_CHARS + 1), "[" * (MAX_BRACKETS + 1), "> " * 120 + "deep", "- " * 120 + "deep"]
)
def test_what_is_no_prose_stands_as_it_is(text: str) -> None:
    assert rendered(text, 4) == verbatim(text)


@given(st.text() | st.text("<>&\"'`*[]()!|-# \n", max_size=60))
def test_every_text_is_sound_html(text: str) -> None:
    page = Page(rendered(text, 4))

    assert set(page.tags) & {"script", "img", "style"} == set()
