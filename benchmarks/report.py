"""What was measured as a table, as JSON and as a picture; measures nothing."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.picture import picture_of
from benchmarks.reading import TOO_FAR, Reading
from moai import __version__

RESULTS = Path(__file__).parent / "results"


def table_of(readings: Sequence[Reading]) -> str:
    """Return a line for each figure, with its mark and whether it is kept."""
    width = max(len(each.name) for each in readings)
    lines = []
    for each in readings:
        verdict = "" if each.mark is None else f"{each.promise}{'' if each.is_kept else ', which it is not'}"
        lines.append(f"{each.name:<{width}}  {each.value:>8.2f} {each.unit:<5}  {verdict}".rstrip())
    return "\n".join(lines)


def far_off(readings: Sequence[Reading]) -> list[str]:
    """Return a sentence for each figure that is too far from its mark."""
    return [
        f"{each.name}: {each.value:.2f} {each.unit}, more than {TOO_FAR:g} times off its mark, {each.promise}"
        for each in readings
        if each.is_far_off
    ]


def write(readings: Sequence[Reading], name: str) -> list[Path]:
    """Write the figures and the picture of them, and return where."""
    RESULTS.mkdir(exist_ok=True)
    told = {**_facts(), "figures": [each.as_json() for each in readings]}
    files = {
        RESULTS / f"{name}.json": json.dumps(told, indent=2) + "\n",
        RESULTS / f"{name}.svg": picture_of(readings, _caption(told)),
    }
    for path, content in files.items():
        path.write_text(content, encoding="utf-8")
    return list(files)


def _facts() -> dict[str, Any]:
    return {
        "moai": __version__,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "yardstick_ms": _yardstick_ms(),
    }


def _caption(told: dict[str, Any]) -> str:
    return f"MoAI {told['moai']}, Python {told['python']}, {told['cores']} cores, {told['date'][:10]}"


def _yardstick_ms() -> float:
    """Return the CPU that a loop of plain Python takes here, so that two machines' figures can be told apart."""
    began = time.process_time()
    sum(number * number for number in range(1_000_000))
    return round((time.process_time() - began) * 1000, 1)
