"""How much of a discussion fits: an estimate that is about right, and a beginning that moves seldom."""

from __future__ import annotations

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.core.context import (
    ASCII_PER_TOKEN,
    IMAGE_TOKENS,
    ROOM,
    TURN_TOKENS,
    estimate,
    left_out,
    size_of,
    unpictured,
    with_pictures_named,
)
from moai.core.prompts import Image, Role, Turn

PHOTO = Image("photo.jpg", "image/jpeg", b"\xff\xd8")

ENGLISH = "The quick brown fox jumps over the lazy dog."
CODE = 'def hello():\n    print("Hello, world!")\n'
CHINESE = "天空为什么是蓝色的？因为空气分子散射蓝光。"
EMOJI = "😀🎉🚀🍳👍🔥🌍🐱"

texts = st.text(max_size=100)
turns = st.builds(Turn, st.sampled_from(Role), st.sampled_from(["a" * chars for chars in (0, 1, 30, 100, 300)]))
lists = st.lists(turns, min_size=1, max_size=20)
budgets = st.integers(-50, 500)


def a_turn(tokens: int, role: Role = Role.USER) -> Turn:
    """Return a turn of that size."""
    turn = Turn(role, "a" * ceil((tokens - TURN_TOKENS) * ASCII_PER_TOKEN))
    assert size_of(turn) == tokens
    return turn


@pytest.mark.parametrize(
    ("text", "tokens"),
    # Tokens as vendors' tokenizers count such texts: a word or so in English, a character or so in Chinese.
    [(ENGLISH, (9, 16)), (CODE, (9, 18)), (CHINESE, (12, 30)), (EMOJI, (6, 24)), ("", (0, 0))],
    ids=["english", "code", "chinese", "emoji", "nothing"],
)
def test_an_estimate_is_about_right(text: str, tokens: tuple[int, int]) -> None:
    least, most = tokens
    assert 50 * least <= estimate(text * 50) <= 50 * most


def test_other_scripts_cost_more_than_english_of_the_same_length() -> None:
    assert estimate("天" * 100) > 2 * estimate("a" * 100)


@given(texts, texts)
def test_more_text_is_never_fewer_tokens(text: str, more: str) -> None:
    assert 0 <= estimate(text) <= estimate(text + more)


def test_pictures_count_whatever_the_text_beside_them() -> None:
    plain = Turn(Role.USER, ENGLISH)

    assert size_of(Turn(Role.USER, ENGLISH, (PHOTO,))) == size_of(plain) + IMAGE_TOKENS
    assert size_of(Turn(Role.USER, ENGLISH, (PHOTO, PHOTO))) == size_of(plain) + 2 * IMAGE_TOKENS
    assert size_of(Turn(Role.USER, "")) > 0


def test_an_old_picture_is_left_out_where_its_words_would_fit() -> None:
    words = [Turn(Role.USER, "What is that?"), Turn(Role.ASSISTANT, "A cat."), Turn(Role.USER, "Sure?")]
    with_photo = [Turn(Role.USER, "What is that?", (PHOTO,)), *words[1:]]

    assert left_out(words, 1_000) == 0
    assert left_out(with_photo, 1_000) == 2


@given(lists, st.integers(0, 20))
def test_all_is_shown_where_all_fits(said: list[Turn], spare: int) -> None:
    assert left_out(said, sum(map(size_of, said)) + spare) == 0


@given(lists, budgets)
def test_what_stays_fits_and_holds_the_last_turn(said: list[Turn], tokens: int) -> None:
    start = left_out(said, tokens)

    assert 0 <= start < len(said)
    assert start == len(said) - 1 or sum(map(size_of, said[start:])) <= tokens


@given(lists, budgets)
def test_what_stays_begins_with_a_users_turn_where_something_is_left_out(said: list[Turn], tokens: int) -> None:
    said = [*said, Turn(Role.USER, "And why?")]

    start = left_out(said, tokens)

    assert start == 0 or said[start].role is Role.USER


def test_a_beginning_without_a_users_turn_stays_where_nothing_is_left_out() -> None:
    assert left_out([a_turn(10, Role.ASSISTANT), a_turn(10)], 20) == 0
    assert left_out([], 20) == 0


@given(lists, budgets)
def test_the_beginning_never_goes_back(said: list[Turn], tokens: int) -> None:
    starts = [left_out(said[:n], tokens) for n in range(1, len(said) + 1)]

    assert starts == sorted(starts)


@given(st.integers(0, 1_000_000), st.integers(400, 800))
def test_the_beginning_moves_in_large_steps_and_then_stays(seed: int, tokens: int) -> None:
    said = [a_turn(TURN_TOKENS + seed * place * place % 37) for place in range(1, 61)]
    sizes, least = [size_of(each) for each in said], tokens * (1 - ROOM)
    starts = [left_out(said[:n], tokens) for n in range(1, len(said) + 1)]

    moved_at = [0]
    for n in range(1, len(said)):
        if starts[n] != starts[n - 1]:
            assert sum(sizes[starts[n - 1] : starts[n]]) > least, "a step frees a quarter of the budget"
            assert sum(sizes[moved_at[-1] + 1 : n + 1]) > least, "so the next is due when that much was said"
            moved_at.append(n)


def test_a_step_keeps_three_quarters_of_the_budget() -> None:
    said = [a_turn(50) for _ in range(21)]

    assert left_out(said[:20], 1_000) == 0
    assert left_out(said, 1_000) == 21 - 15


def test_the_same_turns_stay_until_the_next_step_is_due() -> None:
    said = [a_turn(50) for _ in range(27)]

    assert [left_out(said[:n], 1_000) for n in range(19, 28)] == [0, 0, 6, 6, 6, 6, 6, 6, 12]


def picture(megabytes: int) -> Turn:
    return Turn(Role.USER, "What is this?", (Image("sky.jpg", "image/jpeg", bytes(megabytes * 1024 * 1024)),))


def test_the_oldest_pictures_are_only_named_where_all_are_too_large() -> None:
    assert [unpictured([picture(3)] * count) for count in (1, 4, 5, 8)] == [0, 0, 1, 4]


def test_the_newest_turn_keeps_its_pictures() -> None:
    assert unpictured([picture(3), picture(20)]) == 1


def test_a_picture_that_is_left_out_is_named() -> None:
    named = with_pictures_named(picture(1))

    assert named == Turn(Role.USER, "[picture sky.jpg: shown before, and left out here]\n\nWhat is this?")
    assert with_pictures_named(named) == named
