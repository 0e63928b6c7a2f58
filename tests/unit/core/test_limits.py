"""What one person may ask: a bucket that fills up again, a message counted once, a bounded memory."""

from __future__ import annotations

import pytest

from moai.core.limits import MOST_ASKERS, PersonalLimits, TooMany, asker_of
from moai.core.model import Person
from moai.testing import ManualClock
from tests.support.people import ANN, GROUP, PRIVATE

ANN_ID, BO_ID = 1001, 1002


def refusal(limits: PersonalLimits, asker: int = ANN_ID, under_way: int = 0) -> str:
    with pytest.raises(TooMany) as caught:
        limits.count(asker, under_way=under_way)
    assert caught.value.asker == asker
    return caught.value.sentence


def test_a_minutes_questions_may_come_at_once_and_no_more() -> None:
    limits = PersonalLimits(ManualClock(), questions_per_minute=20)
    for _ in range(20):
        limits.count(ANN_ID)

    assert refusal(limits) == "20 questions a minute from one person is the most. Ask again in 3 seconds."
    limits.count(BO_ID)


def test_whoever_waits_as_long_as_told_is_let_in() -> None:
    clock = ManualClock()
    limits = PersonalLimits(clock, questions_per_minute=1)
    limits.count(ANN_ID)
    clock.advance(20)

    assert refusal(limits) == "1 question a minute from one person is the most. Ask again in 40 seconds."
    clock.advance(39.5)
    assert refusal(limits).endswith("in 1 second.")
    clock.advance(0.5)
    limits.count(ANN_ID)


def test_a_bucket_holds_no_more_than_a_minute() -> None:
    clock = ManualClock()
    limits = PersonalLimits(clock, questions_per_minute=2)
    clock.advance(86_400)
    limits.count(ANN_ID)
    limits.count(ANN_ID)

    assert refusal(limits)


def test_a_refusal_counts_nothing() -> None:
    clock = ManualClock()
    limits = PersonalLimits(clock, questions_per_minute=1, runs_at_once=1)
    assert refusal(limits, under_way=1)
    limits.count(ANN_ID)
    for _ in range(10):
        assert refusal(limits)
    clock.advance(60)

    limits.count(ANN_ID)


def test_the_same_message_counts_once_and_those_of_two_chats_twice() -> None:
    limits = PersonalLimits(ManualClock(), questions_per_minute=2)
    for _ in range(5):
        limits.count(ANN_ID, (1001, 31))
    limits.count(ANN_ID, (-5001, 31))

    limits.count(ANN_ID, (1001, 31))
    with pytest.raises(TooMany):
        limits.count(ANN_ID, (1001, 32))


def test_runs_that_are_about_to_begin_are_under_way_too() -> None:
    limits = PersonalLimits(ManualClock(), runs_at_once=2)
    with limits.beginning(ANN_ID):
        limits.count(ANN_ID)
        sentence = refusal(limits, under_way=1)
        limits.count(BO_ID, under_way=1)

    assert sentence == (
        "2 questions of yours are being answered, here or in other chats, which is the most at once. "
        "Ask again when one of them is done, or end one with /stop."
    )
    limits.count(ANN_ID, under_way=1)


def test_a_run_that_could_not_begin_is_not_under_way() -> None:
    limits = PersonalLimits(ManualClock(), runs_at_once=1)
    with pytest.raises(ZeroDivisionError), limits.beginning(ANN_ID):
        raise ZeroDivisionError

    limits.count(ANN_ID)


def test_the_sentence_comes_once_a_minute_for_each_person() -> None:
    clock = ManualClock()
    limits = PersonalLimits(clock)

    assert [limits.is_to_be_told(asker) for asker in (ANN_ID, ANN_ID, BO_ID)] == [True, False, True]
    clock.advance(59)
    assert not limits.is_to_be_told(ANN_ID)
    clock.advance(1)
    assert limits.is_to_be_told(ANN_ID)


def test_the_memory_is_bounded_and_forgets_whoever_asked_longest_ago() -> None:
    limits = PersonalLimits(ManualClock(), questions_per_minute=1)
    limits.count(ANN_ID)
    for stranger in range(MOST_ASKERS):
        limits.count(1_000_000 + stranger)

    assert len(limits) == MOST_ASKERS
    limits.count(ANN_ID)
    assert refusal(limits, asker=1_000_000 + MOST_ASKERS - 1)


def test_who_writes_in_the_name_of_a_chat_counts_as_that_chat() -> None:
    assert asker_of(GROUP, ANN) == asker_of(PRIVATE, ANN) == ANN.user_id
    assert asker_of(GROUP, Person(None, "Admins")) == GROUP.chat_id
