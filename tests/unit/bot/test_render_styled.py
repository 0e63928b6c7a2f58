"""Spans: how they nest."""

import pytest

from moai.bot.rendering.styled import Span, nest

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
