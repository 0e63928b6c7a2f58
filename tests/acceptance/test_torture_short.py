"""The short form of `make torture`: ten kills while people ask, with faults at Telegram and at the vendors."""

from __future__ import annotations

from pathlib import Path

from tests.torture.torture import Plan, torture

PLAN = Plan(seed=5, kills=10, people=12, longest_pause_s=4.0, faults_per_s=2.0, longest_life_s=0.7)


async def test_nothing_is_lost_and_nothing_twice_without_a_cause_over_ten_kills(folder: Path) -> None:
    report = await torture(folder, PLAN)
    assert not report.problems, str(report)
    assert report.questions >= PLAN.people
