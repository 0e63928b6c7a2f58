"""One chat's budget: how much may go at once, how fast after that, and what is kept for answers."""

from __future__ import annotations

import pytest

from moai.bot.budget import BURST, CLAIMS, GROUP_MINUTE, Bucket, Budget, Kind
from moai.testing import ManualClock

CARDS = [Kind.BOARD, Kind.REACTION, Kind.FIRST_WORDS, Kind.DRAFT, Kind.TYPING]


def spend_all(budget: Budget, kind: Kind, most: int = 1_000) -> int:
    """Spend on calls of one kind as long as they may go at once; return how many they were."""
    spent = 0
    while budget.wait_s(kind) <= 0 and spent < most:
        budget.spend(kind)
        spent += 1
    return spent


def test_a_bucket_gives_what_is_in_it_and_fills_with_time() -> None:
    clock = ManualClock()
    bucket = Bucket(3, every_s=2, clock=clock)
    bucket.take(3)

    assert bucket.level == 0
    assert bucket.wait_s(1) == pytest.approx(2)
    clock.advance(1)
    assert [bucket.level, bucket.wait_s(1)] == pytest.approx([0.5, 1])
    clock.advance(100)
    assert (bucket.level, bucket.wait_s(3)) == (3, 0)


def test_a_bucket_owes_what_was_not_in_it() -> None:
    clock = ManualClock()
    bucket = Bucket(1, every_s=1, clock=clock)
    bucket.take(3)

    assert bucket.level == pytest.approx(-2)
    assert bucket.wait_s(1) == pytest.approx(3)


@pytest.mark.parametrize("is_group", [False, True])
def test_a_quiet_chat_takes_a_burst_and_then_one_a_second(is_group: bool) -> None:
    clock = ManualClock()
    budget = Budget(clock, is_group=is_group)

    assert spend_all(budget, Kind.FINAL) == BURST
    assert budget.wait_s(Kind.FINAL) == pytest.approx(1)
    clock.advance(0.6)
    assert budget.wait_s(Kind.FINAL) == pytest.approx(0.4)
    clock.advance(0.41)
    assert spend_all(budget, Kind.FINAL) == 1


def test_a_private_chat_knows_no_minute() -> None:
    clock = ManualClock()
    budget = Budget(clock, is_group=False)
    for _ in range(100):
        assert spend_all(budget, Kind.FINAL) >= 1
        clock.advance(1.001)


def test_a_group_takes_so_many_in_a_minute_and_waits_for_the_first_to_be_a_minute_old() -> None:
    clock = ManualClock()
    budget = Budget(clock, is_group=True)
    for _ in range(GROUP_MINUTE):
        assert budget.wait_s(Kind.FINAL) == 0
        budget.spend(Kind.FINAL)
        clock.advance(2)

    assert budget.wait_s(Kind.FINAL) == pytest.approx(60 - 2 * GROUP_MINUTE)
    clock.advance(60 - 2 * GROUP_MINUTE)
    assert budget.wait_s(Kind.FINAL) == 0
    budget.spend(Kind.FINAL)
    assert budget.wait_s(Kind.FINAL) == pytest.approx(2)


@pytest.mark.parametrize("kind", [Kind.REACTION, Kind.FIRST_WORDS, Kind.DRAFT, Kind.TYPING])
def test_what_is_no_message_takes_none_from_a_group(kind: Kind) -> None:
    clock = ManualClock()
    budget = Budget(clock, is_group=True)
    for _ in range(60):
        spend_all(budget, kind)
        clock.advance(1)

        assert budget.wait_s(Kind.FINAL) == 0
    assert spend_all(budget, Kind.FINAL) == BURST


@pytest.mark.parametrize("kind", [kind for kind in CARDS if kind is not Kind.FIRST_WORDS])
def test_each_kind_has_its_own_pace(kind: Kind) -> None:
    clock, claim = ManualClock(), CLAIMS[kind]
    budget = Budget(clock, is_group=False)

    assert spend_all(budget, kind) == claim.burst
    assert budget.wait_s(kind) == pytest.approx(claim.every_s)
    clock.advance(claim.every_s + 0.001)
    assert spend_all(budget, kind) == 1


def test_first_words_go_at_their_own_pace_or_at_that_of_growing_ones_where_that_is_sooner() -> None:
    clock, own, growing = ManualClock(), CLAIMS[Kind.FIRST_WORDS], CLAIMS[Kind.DRAFT]
    budget = Budget(clock, is_group=False)

    assert spend_all(budget, Kind.FIRST_WORDS) == own.burst + growing.burst
    assert budget.wait_s(Kind.DRAFT) == pytest.approx(growing.every_s)
    clock.advance(1.001)
    assert spend_all(budget, Kind.DRAFT) == 1
    assert spend_all(budget, Kind.FIRST_WORDS) == 1


@pytest.mark.parametrize("kind", CARDS)
def test_what_may_be_lost_leaves_room_for_answers(kind: Kind) -> None:
    clock = ManualClock()
    budget = Budget(clock, is_group=True)
    for _ in range(BURST):
        budget.spend(Kind.FINAL)
    clock.advance(1)

    assert budget.wait_s(Kind.FINAL) == 0
    assert bool(spend_all(budget, kind)) is (kind is not Kind.BOARD)
    assert budget.wait_s(Kind.FINAL) == 0


def test_a_board_leaves_a_burst_of_answers() -> None:
    budget = Budget(ManualClock(), is_group=True)

    spend_all(budget, Kind.BOARD)

    assert spend_all(budget, Kind.FINAL) >= CLAIMS[Kind.BOARD].leaves


def test_a_board_leaves_the_end_of_a_groups_minute_to_answers() -> None:
    clock = ManualClock()
    budget = Budget(clock, is_group=True)
    allowed: list[bool] = []
    for _ in range(GROUP_MINUTE):
        clock.advance(2)
        allowed.append(budget.wait_s(Kind.BOARD) == 0)
        assert budget.wait_s(Kind.FINAL) == 0
        budget.spend(Kind.FINAL)

    left = CLAIMS[Kind.BOARD].leaves_in_minute
    gone_s = 60 - 2 * (GROUP_MINUTE - 1)
    assert budget.wait_s(Kind.BOARD) == pytest.approx(gone_s + 2 * left)
    assert allowed == [True] * (GROUP_MINUTE - left) + [False] * left


def test_a_freeze_holds_everything_and_the_longest_one_counts() -> None:
    clock = ManualClock()
    budget = Budget(clock, is_group=False)
    budget.freeze(30)
    budget.freeze(5)

    assert {budget.wait_s(kind) for kind in Kind} == {30}
    clock.advance(30)
    assert {budget.wait_s(kind) for kind in Kind} == {0}


def test_a_budget_is_full_when_there_is_nothing_to_remember() -> None:
    clock = ManualClock()
    budget = Budget(clock, is_group=True)
    assert budget.is_full

    seen: list[bool] = []
    budget.spend(Kind.FINAL)
    for seconds in (0.0, 59.9, 0.2):
        clock.advance(seconds)
        seen.append(budget.is_full)
    assert seen == [False, False, True], "it is full when the minute is over"

    budget.freeze(10)
    for seconds in (0.0, 9.9, 0.2):
        clock.advance(seconds)
        seen.append(budget.is_full)
    assert seen[3:] == [False, False, True]


@pytest.mark.parametrize("is_group", [False, True])
def test_a_call_counts_from_its_end_so_that_none_after_it_comes_too_early(*, is_group: bool) -> None:
    clock = ManualClock()
    budget = Budget(clock, is_group=is_group)
    for _ in range(BURST):
        budget.spend(Kind.FINAL)
        clock.advance(0.2)
        budget.settle(Kind.FINAL)

    assert budget.wait_s(Kind.FINAL) == pytest.approx(1.0), "the second that the five took filled nothing"
    clock.advance(1.0)
    assert budget.wait_s(Kind.FINAL) == pytest.approx(0.0)


def test_a_groups_minute_is_counted_from_the_ends_of_its_calls() -> None:
    clock = ManualClock()
    budget = Budget(clock, is_group=True)
    for _ in range(GROUP_MINUTE):
        clock.advance(max(budget.wait_s(Kind.FINAL), 1.0))
        budget.spend(Kind.FINAL)
        clock.advance(0.5)
        budget.settle(Kind.FINAL)
    sixty_after_the_first = 60 - 1.5 * (GROUP_MINUTE - 1)

    assert budget.wait_s(Kind.FINAL) == pytest.approx(sixty_after_the_first)
    budget.settle(Kind.TYPING)
    assert budget.wait_s(Kind.FINAL) == pytest.approx(sixty_after_the_first), "what is no message changes nothing"
