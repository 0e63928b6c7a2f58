"""A figure as it was measured; measures nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure, and the mark that was promised for it: to stay below, or, where `at_least`, above."""

    name: str
    value: float
    unit: str
    mark: float | None = None
    at_least: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as a row of the results file."""
        return asdict(self)
