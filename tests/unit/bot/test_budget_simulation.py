"""Whatever is asked of a budget and whenever: Telegram's limits hold, and answers are never shut out."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from moai.bot.budget import BURST, CLAIMS, GROUP_MINUTE, Budget, Kind
from moai.testing import ManualClock

STEPS = st.lists(
    st.tuples(st.sampled_from(Kind), st.one_of(st.just(0.0), st.floats(0, 3), st.floats(0, 70)), st.booleans()),
    max_size=200,
)


def play(steps: list[tuple[Kind, float, bool]], *, is_group: bool) -> list[tuple[float, Kind]]:
    """Turn the clock and ask for calls, waiting for each where told to; return what went out, and when."""
    clock, went = ManualClock(), list[tuple[float, Kind]]()
    budget = Budget(clock, is_group=is_group)
    for kind, pause_s, waits in steps:
        clock.advance(pause_s)
        while waits and (wait_s := budget.wait_s(kind)) > 0:
            clock.advance(wait_s + 1e-9)
        if budget.wait_s(kind) <= 0:
            budget.spend(kind)
            went.append((clock.monotonic(), kind))
    return went


def most_within(times: list[float], span_s: float) -> int:
    return max((sum(start <= each < start + span_s for each in times) for start in times), default=0)


@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_a_group_never_gets_more_than_its_minute_holds(steps: list[tuple[Kind, float, bool]]) -> None:
    messages = [at for at, kind in play(steps, is_group=True) if CLAIMS[kind].cost >= 1]

    assert most_within(messages, 60) <= GROUP_MINUTE


@settings(max_examples=60, deadline=None)
@given(steps=STEPS, span_s=st.integers(1, 60))
def test_no_chat_gets_more_than_its_burst_and_one_a_second(steps: list[tuple[Kind, float, bool]], span_s: int) -> None:
    messages = [at for at, kind in play(steps, is_group=False) if CLAIMS[kind].cost >= 1]

    assert most_within(messages, span_s) <= BURST + span_s


@settings(max_examples=60, deadline=None)
@given(steps=STEPS, is_group=st.booleans())
def test_cards_alone_never_make_an_answer_wait(steps: list[tuple[Kind, float, bool]], is_group: bool) -> None:
    clock = ManualClock()
    budget = Budget(clock, is_group=is_group)
    for kind, pause_s, _ in steps:
        clock.advance(pause_s)
        if kind is not Kind.FINAL and budget.wait_s(kind) <= 0:
            budget.spend(kind)
        assert budget.wait_s(Kind.FINAL) == 0


@settings(max_examples=40, deadline=None)
@given(steps=STEPS, is_group=st.booleans())
def test_what_is_waited_for_may_go(steps: list[tuple[Kind, float, bool]], is_group: bool) -> None:
    waited = [(kind, pause_s, True) for kind, pause_s, _ in steps]

    assert len(play(waited, is_group=is_group)) == len(steps)
