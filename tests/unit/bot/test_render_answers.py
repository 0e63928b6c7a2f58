"""Answers and failures as a chat gets them: headers, notes, folds."""

from itertools import pairwise

import pytest

from moai.bot.render import Entity, Piece, plain, render_answer, render_failure, utf16_length
from moai.bot.rendering.fold import FOLD_FROM, LEAD_TO

SENTENCE = "This is a sentence of some length that says nothing. "
PARAGRAPH = SENTENCE * 5


def covered(piece: Piece, kind: str) -> list[str]:
    units = piece.text.encode("utf-16-le")
    return [
        units[2 * each.offset : 2 * (each.offset + each.length)].decode("utf-16-le")
        for each in piece.entities
        if each.type == kind
    ]


def test_an_answer_opens_with_the_alias_and_names_the_model() -> None:
    (piece,) = render_answer("claude", "claude-4", "Yes, **do**.")
    assert piece == Piece(
        "claude · claude-4\nYes, do.",
        (Entity("bold", 0, 6), Entity("italic", 9, 8), Entity("bold", 23, 2)),
    )


def test_a_plain_piece_says_the_same_without_entities() -> None:
    (piece,) = render_answer("a", "m", "**x**")
    assert plain(piece) == Piece("a · m\nx")


def test_a_note_ends_the_last_piece_in_italics() -> None:
    pieces = render_answer("a", "m", f"{PARAGRAPH}\n\n" * 30, note="Cut off: the *connection* broke.")
    assert len(pieces) > 1
    assert pieces[-1].text.endswith("\n\nCut off: the *connection* broke.")
    assert covered(pieces[-1], "italic") == ["Cut off: the *connection* broke."]
    assert not any("Cut off" in each.text for each in pieces[:-1])


def test_later_pieces_say_whose_they_are_and_which() -> None:
    pieces = render_answer("gemini", "m", f"{PARAGRAPH}\n\n" * 40)
    assert pieces[0].text.startswith("gemini · m\n")
    headers = [each.text.partition("\n")[0] for each in pieces[1:]]
    assert headers == [f"gemini ({number}/{len(pieces)})" for number in range(2, len(pieces) + 1)]
    assert [covered(each, "bold")[0] for each in pieces[1:]] == headers


def test_a_name_is_one_line_of_plain_text() -> None:
    (piece,) = render_answer("a\nb", "*m*\x00\n", "x")
    assert piece.text == "a b · *m*\nx"


def test_an_endless_name_leaves_room_for_the_answer() -> None:
    (piece,) = render_answer("a" * 5000, "m" * 5000, "x")
    assert piece.text.endswith("\nx")
    assert utf16_length(piece.text) < 600


@pytest.mark.parametrize("nothing", ["", "  \n", "\x00"])
def test_an_answer_without_words_still_has_its_header(nothing: str) -> None:
    assert [each.text for each in render_answer("a", "m", nothing)] == ["a · m"]
    assert render_answer("", "", nothing)[0].text == "?"


def test_a_failure_opens_with_the_alias_and_says_what_happened() -> None:
    (piece,) = render_failure("gpt", "gpt-5", "The model took too long.")
    assert piece.text == "gpt · gpt-5\n⚠️ The model took too long."
    assert covered(piece, "bold") == ["gpt"]


def test_a_failure_keeps_and_marks_what_came_before_it() -> None:
    (piece,) = render_failure("gpt", "", "The connection broke.", "So **far**, ```so")
    assert piece.text == "gpt\n⚠️ The connection broke.\n\nWhat came before that:\n\nSo far, ```so"
    assert covered(piece, "italic") == ["What came before that:"]
    assert covered(piece, "bold") == ["gpt", "far"]


def test_a_failures_sentence_is_not_markdown() -> None:
    (piece,) = render_failure("gpt", "m", "Use *this*\nor `that`.")
    assert piece.text == "gpt · m\n⚠️ Use *this* or `that`."
    assert [each.type for each in piece.entities] == ["bold", "italic"]


def test_a_short_answer_is_not_folded() -> None:
    text = f"{PARAGRAPH}\n\n" * (FOLD_FROM // len(PARAGRAPH) - 1)
    assert covered(render_answer("a", "m", text)[0], "expandable_blockquote") == []


def test_a_long_answer_shows_its_first_paragraph_and_folds_the_rest() -> None:
    paragraphs = [f"{number}. {PARAGRAPH}".strip() for number in "ABCDEFGH"]
    (piece,) = render_answer("a", "m", "\n\n".join(paragraphs))
    assert covered(piece, "expandable_blockquote") == ["\n\n".join(paragraphs[1:])]


def test_a_heading_alone_is_no_lead() -> None:
    (piece,) = render_answer("a", "m", f"# Title\n\n{PARAGRAPH}\n\n" + f"{PARAGRAPH}\n\n" * 8)
    (folded,) = [each for each in piece.entities if each.type == "expandable_blockquote"]
    assert folded.offset == len("a · m\nTitle\n\n") + len(PARAGRAPH.strip()) + len("\n\n")


def test_a_long_list_is_folded_between_its_lines() -> None:
    (piece,) = render_answer("a", "m", "Options:\n\n" + "".join(f"- **{n}** {SENTENCE}\n" for n in range(40)))
    (folded,) = covered(piece, "expandable_blockquote")
    assert folded.startswith("• ")
    assert 0 < piece.text.index(folded) < LEAD_TO


def test_a_fold_begins_at_no_line_that_is_within_bold() -> None:
    lines = f"{SENTENCE}\n" * 10
    (piece,) = render_answer("a", "m", f"Plain.\n\n**{lines.strip()}**\n{lines * 3}")
    (bold,) = [each for each in covered(piece, "bold") if each != "a"]
    (folded,) = covered(piece, "expandable_blockquote")
    assert piece.text == f"a · m\nPlain.\n\n{bold}\n{folded}"


def test_code_and_quotations_stay_between_the_folds() -> None:
    run = f"{PARAGRAPH}\n\n" * 3
    (piece,) = render_answer("a", "m", f"{run}{run}```\ncode\n```\n\n{run}> quoted\n\n{SENTENCE}")
    assert len(covered(piece, "expandable_blockquote")) == 2
    folds = [each for each in piece.entities if "quote" in each.type or each.type == "pre"]
    ordered = sorted(folds, key=lambda each: each.offset)
    assert [each.type for each in ordered] == ["expandable_blockquote", "pre", "expandable_blockquote", "blockquote"]
    assert all(one.offset + one.length <= other.offset for one, other in pairwise(ordered))


def test_a_fold_goes_on_in_the_next_piece() -> None:
    pieces = render_answer("a", "m", f"{PARAGRAPH}\n\n" * 40)
    assert all(len(covered(each, "expandable_blockquote")) == 1 for each in pieces)
