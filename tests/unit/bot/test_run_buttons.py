"""The buttons under runs: what they say, what they hand back, and that nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.bot.keyboards import MAX_DATA_BYTES, Keyboard
from moai.bot.run_buttons import (
    MOST_POINTS,
    Action,
    PointAction,
    RunAction,
    Wish,
    action_of,
    after,
    data_of,
    points,
    stop_button,
    while_running,
)
from moai.core.findings import Disagreement

IDS = st.integers(0, 10**18 - 1)
ACTIONS = st.builds(RunAction, st.sampled_from(Wish), IDS) | st.builds(PointAction, IDS, IDS)


def actions_of(keyboard: Keyboard) -> list[list[Action | None]]:
    return [[action_of(button.data) for button in row] for row in keyboard]


@given(ACTIONS)
def test_a_button_hands_back_what_it_was_made_for(action: Action) -> None:
    data = data_of(action)

    assert action_of(data) == action
    assert len(data.encode()) <= MAX_DATA_BYTES


@pytest.mark.parametrize(
    "data",
    [
        "",
        "d",
        "d:stop",
        "d:stop:",
        "d:stop:x",
        "d:stop:-1",
        "d:stop:1:2",
        "d:stop:" + "9" * 19,
        "d:stop:١",
        "d:dance:1",
        "p:stop:1",
        "d:point:1",
        "d:point:1:x",
        "d:point:x:1",
    ],
)
def test_what_no_button_of_ours_has_is_nothing(data: str) -> None:
    assert action_of(data) is None


@given(st.text())
def test_any_data_is_read_without_a_stumble(data: str) -> None:
    assert action_of(data) is None or data.startswith("d:")


def test_what_can_be_done_with_a_run_depends_on_whether_it_is_over() -> None:
    assert actions_of(stop_button(7)) == [[RunAction(Wish.STOP, 7)]]
    assert actions_of(while_running(7)) == [
        [RunAction(Wish.NEXT, 7), RunAction(Wish.STOP, 7)],
        [RunAction(Wish.CONSENSUS, 7)],
    ]
    assert actions_of(after(7)) == [
        [RunAction(Wish.GO_ON, 7), RunAction(Wish.CONSENSUS, 7)],
        [RunAction(Wish.EXPORT, 7)],
    ]


def test_every_disagreement_has_a_button_up_to_a_number_of_them() -> None:
    disagreements = [Disagreement(f"point\n{number} " + "x" * 99) for number in range(MOST_POINTS + 3)]

    keyboard = points(42, disagreements)

    assert actions_of(keyboard) == [[PointAction(42, number)] for number in range(MOST_POINTS)]
    assert keyboard[2][0].label.startswith("↪️ 3. point 2 x")
    assert len(keyboard[2][0].label) < 60
    assert points(42, ()) == ()
