"""UTF-16 arithmetic: nothing is cut in two that is one sign on the screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.bot.render import clean_text, clip_utf16, tail_utf16, utf16_length
from moai.bot.rendering.units import Offsets

FAMILY = "👩‍👩‍👧"
FLAG = "🇩🇪"


def test_length_counts_units() -> None:
    assert [utf16_length(each) for each in ("abc", "é", "😀", FAMILY, "\ud83d")] == [3, 1, 2, 8, 1]


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("hello", 5, "hello"),
        ("hello", 4, "hell"),
        ("hello", 0, ""),
        ("a😀b", 2, "a"),
        ("a😀b", 3, "a😀"),
        (f"a{FAMILY}", 7, "a"),
        (f"a{FAMILY}b", 9, f"a{FAMILY}"),
        (f"{FLAG}{FLAG}", 6, FLAG),
        ("e\u0301x", 1, ""),
        ("👍🏽!", 3, ""),
        ("1\ufe0f\u20e3!", 2, ""),
        ("\ud83d\ude00\ud83d\ude00", 3, "😀"),
    ],
)
def test_clip_keeps_signs_whole(text: str, limit: int, expected: str) -> None:
    assert clip_utf16(text, limit) == expected


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("hello", 4, "ello"),
        ("hello", 0, ""),
        ("a😀b", 2, "b"),
        ("a😀b", 3, "😀b"),
        (f"{FAMILY}b", 8, "b"),
        (f"{FLAG}{FLAG}", 6, FLAG),
        ("xe\u0301", 1, ""),
        ("a\ud83d\ude00b", 2, "b"),
    ],
)
def test_tail_keeps_signs_whole(text: str, limit: int, expected: str) -> None:
    assert tail_utf16(text, limit) == expected


SIGNS = st.sampled_from(["a", " ", "é", "e\u0301", "😀", FAMILY, FLAG, "\ud83d", "\u05d0"])


@given(st.lists(SIGNS).map("".join), st.integers(0, 40))
def test_clip_and_tail_take_what_has_room(text: str, limit: int) -> None:
    whole = clean_text(text)
    head, tail = clip_utf16(text, limit), tail_utf16(text, limit)
    assert whole.startswith(head)
    assert whole.endswith(tail)
    assert max(utf16_length(head), utf16_length(tail)) <= limit
    if utf16_length(whole) <= limit:
        assert head == tail == whole


def test_a_sign_without_an_end_is_cut_all_the_same() -> None:
    assert utf16_length(clip_utf16("e" + "\u0301" * 500, 200)) == 200


@given(st.text(st.characters()))
def test_cleaning_is_done_once_and_leaves_what_can_be_sent(text: str) -> None:
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert clean.encode().decode() == clean
    assert not set(clean) & set("\x00\x07\x1b\r\t\u2028\u202e\ufdd0\uffff")


def test_cleaning_keeps_line_breaks_and_indentation() -> None:
    assert clean_text("a\r\nb\rc\u2028d\n\te") == "a\nb\nc\nd\n    e"


@given(st.text(alphabet="aé😀"))
def test_offsets_count_utf16_units(text: str) -> None:
    offsets = Offsets(text)
    for index in range(len(text) + 1):
        assert offsets.to_units(index) == utf16_length(text[:index])
