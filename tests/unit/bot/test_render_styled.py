"""Spans: how they nest, how they move when the text is edited, and what is believed of the library."""

import pytest
import telegramify_markdown

from moai.bot.render import Piece, render_markdown
from moai.bot.rendering.styled import Edit, Span, edit, nest

TEXT = "0123456789"


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([("bold", 0, 9), ("code", 3, 5)], [("bold", 0, 3), ("code", 3, 5), ("bold", 5, 9)]),
        ([("code", 0, 5), ("bold", 0, 5)], [("code", 0, 5)]),
        ([("code", 2, 5), ("text_link", 2, 5)], [("text_link", 2, 5)]),
        ([("bold", 0, 9), ("bold", 2, 4)], [("bold", 0, 9)]),
        ([("bold", 0, 9), ("italic", 2, 4)], [("bold", 0, 9), ("italic", 2, 4)]),
        ([("blockquote", 0, 9), ("blockquote", 2, 4)], [("blockquote", 0, 9)]),
        ([("blockquote", 0, 9), ("pre", 2, 4)], [("blockquote", 0, 9), ("pre", 2, 4)]),
        ([("bold", 0, 5), ("italic", 3, 9)], [("bold", 0, 5), ("italic", 3, 5)]),
        ([("bold", 0, 9), ("blockquote", 2, 4)], [("bold", 0, 2), ("blockquote", 2, 4), ("bold", 4, 9)]),
        ([("bold", 0, 3), ("bold", 3, 6)], [("bold", 0, 3), ("bold", 3, 6)]),
    ],
)
def test_spans_nest_as_the_bot_api_wants_them(
    spans: list[tuple[str, int, int]], expected: list[tuple[str, int, int]]
) -> None:
    assert [each[:3] for each in nest(TEXT, (Span(*each) for each in spans))] == expected


def test_white_space_is_not_formatted() -> None:
    assert nest("a  b \n c", [Span("bold", 1, 5), Span("italic", 1, 3)]) == (Span("bold", 3, 4),)
    assert nest("\n\n  x\n", [Span("pre", 0, 6)]) == (Span("pre", 2, 5),)


@pytest.mark.parametrize(
    ("edits", "text", "span"),
    [
        ([], TEXT, (3, 6)),
        ([Edit(0, 2)], "23456789", (1, 4)),
        ([Edit(4, 5, "abc")], "0123abc56789", (3, 8)),
        ([Edit(6, 6, "abc")], "012345abc6789", (3, 6)),
        ([Edit(3, 3, "abc")], "012abc3456789", (6, 9)),
        ([Edit(2, 4)], "01456789", (2, 4)),
        ([Edit(5, 8, "ab")], "01234ab89", (3, 7)),
        ([Edit(3, 6, "ab")], "012ab6789", (3, 5)),
        ([Edit(1, 5), Edit(2, 3, "lost")], "056789", (1, 2)),
        ([Edit(8, 9), Edit(0, 1)], "12345679", (2, 5)),
    ],
)
def test_spans_move_with_the_text(edits: list[Edit], text: str, span: tuple[int, int]) -> None:
    assert edit(TEXT, [Span("bold", 3, 6)], edits) == (text, [Span("bold", *span)])


@pytest.mark.parametrize(("offset", "length"), [(-1, 2), (0, 0), (3, 3), (9, 1)])
def test_entities_out_of_bounds_are_not_believed(monkeypatch: pytest.MonkeyPatch, offset: int, length: int) -> None:
    wrong = telegramify_markdown.MessageEntity("bold", offset, length)
    monkeypatch.setattr(telegramify_markdown, "convert", lambda *_, **__: ("text", [wrong]))
    assert render_markdown("**text**") == (Piece("**text**"),)
