"""Text with bold parts, counted as Telegram counts."""

from __future__ import annotations

from moai.bot.page import Page
from moai.bot.render import Entity, Piece


def test_a_page_is_written_from_top_to_bottom() -> None:
    page = Page()
    page.write("🗿 one ")
    page.bold("twó 🗿")
    page.write("\nthree\n\n")

    assert page.piece() == Piece("🗿 one twó 🗿\nthree", (Entity("bold", 7, 6),))


def test_an_empty_page_is_an_empty_piece() -> None:
    assert Page().piece() == Piece("")


def test_a_piece_does_not_change_when_the_page_goes_on() -> None:
    page = Page()
    page.bold("one")
    before = page.piece()
    page.bold(" two")

    assert before == Piece("one", (Entity("bold", 0, 3),))
    assert page.piece() == Piece("one two", (Entity("bold", 0, 3), Entity("bold", 3, 4)))
