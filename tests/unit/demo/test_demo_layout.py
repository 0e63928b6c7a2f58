"""Messages as lines: nothing is lost, nothing is too wide, and marks sit where Telegram says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.utils import get_cwidth

from moai.demo.layout import GUTTER, Line, fit, lines_of, plain, signed, wrap
from moai.simulator.model import Entity


def texts(lines: list[Line]) -> list[str]:
    return [plain(line) for line in lines]


@given(st.text(st.sampled_from("abc de\n•-1. 日🙂é")), st.integers(4, 20))
def test_every_word_is_kept_and_no_line_is_too_wide(text: str, width: int) -> None:
    lines = texts(lines_of(text, (), width))

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert max(map(get_cwidth, lines)) <= width


def test_lines_break_at_spaces() -> None:
    assert texts(lines_of("one two three\n\nfour", (), 8)) == ["one two", "three", "", "four"]


def test_what_has_no_spaces_is_cut() -> None:
    assert texts(lines_of("abcdefgh", (), 3)) == ["abc", "def", "gh"]


def test_a_list_item_hangs_behind_its_sign() -> None:
    assert texts(lines_of("• one two\n10. three four", (), 9)) == ["• one two", "10. three", "    four"]


def test_code_keeps_its_indentation() -> None:
    assert texts(lines_of("if x:\n    return y", (), 40)) == ["if x:", "    return y"]


def test_entities_count_utf_16_units() -> None:
    entities = (Entity("bold", 3, 4), Entity("italic", 5, 2))

    assert lines_of("🙂 bold it", entities, 40) == [(("", "🙂 "), ("bold", "bo"), ("bold italic", "ld"), ("", " it"))]


def test_a_mark_across_lines_marks_both() -> None:
    assert lines_of("a\nb", (Entity("pre", 0, 3),), 40) == [(("fg:ansicyan", "a"),), (("fg:ansicyan", "b"),)]


def test_what_a_terminal_cannot_show_stays_plain() -> None:
    assert lines_of("hidden", (Entity("spoiler", 0, 6),), 40) == [(("", "hidden"),)]


def test_a_quotation_has_a_bar_on_every_line() -> None:
    lines = texts(lines_of("said\none two three", (Entity("expandable_blockquote", 5, 13),), 8))

    assert lines == ["said", "│ one", "│ two", "│ three"]


def test_the_speakers_name_stands_before_the_first_line() -> None:
    lines = signed(("bold", "You"), lines_of("one\ntwo", (), 40))

    assert texts(lines) == ["You   one", "      two"]
    assert lines[0][0] == ("bold", "You   ")
    assert GUTTER == 6


def draft(*names: str, lines: int) -> list[Line]:
    growing = [[(("bold", name),), *((("", f"{name}{nth}"),) for nth in range(lines))] for name in names]
    return [line for part in growing for line in part]


def test_what_fits_is_left_alone() -> None:
    assert fit(draft("a", "b", lines=2), 6) == draft("a", "b", lines=2)


def test_of_each_speaker_the_end_stays() -> None:
    assert texts(fit(draft("a", "b", lines=3), 5)) == ["a", "a2", "b", "b1", "b2"]


def test_short_parts_leave_room_to_long_ones() -> None:
    lines = draft("a", lines=1) + draft("b", lines=6)

    assert texts(fit(lines, 5)) == ["a", "a0", "b", "b4", "b5"]


def test_a_single_text_shows_its_tail() -> None:
    assert texts(fit([(("", str(nth)),) for nth in range(5)], 2)) == ["0", "4"]


@given(st.integers(1, 30), st.integers(1, 4), st.integers(0, 6))
def test_it_is_never_too_high(height: int, speakers: int, lines: int) -> None:
    whole = draft(*"abcd"[:speakers], lines=lines)

    assert len(fit(whole, height)) == min(height, len(whole))


def test_nothing_is_one_empty_line() -> None:
    assert list(wrap((), 10)) == [()]
