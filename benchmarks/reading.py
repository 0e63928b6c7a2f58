"""A figure as it was measured, and how far it is from its mark; measures nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

TOO_FAR = 2.0
"""How many times its mark a figure may be before a short run fails; machines are busy, and some slow."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure, and the mark that was promised for it: to stay below, or, where `at_least`, above."""

    name: str
    value: float
    unit: str
    mark: float | None = None
    at_least: bool = False

    @property
    def strain(self) -> float | None:
        """How many times its mark it is, or, where it is to stay above, how many times below; up to 1 is kept."""
        if self.mark is None:
            return None
        if self.at_least:
            return self.mark / self.value if self.value else float("inf")
        return self.value / self.mark

    @property
    def is_kept(self) -> bool:
        """Tell that it keeps its mark, if it has one."""
        return self.strain is None or self.strain <= 1

    @property
    def is_far_off(self) -> bool:
        """Tell that it is further from its mark than a busy machine explains for long."""
        return self.strain is not None and self.strain > TOO_FAR

    @property
    def promise(self) -> str:
        """The mark in words."""
        if self.mark is None:
            return ""
        return f"{'at least' if self.at_least else 'at most'} {self.mark:g} {self.unit}"

    def as_json(self) -> dict[str, Any]:
        """Return it as a row of the results file."""
        return {**asdict(self), "is_kept": self.is_kept}
