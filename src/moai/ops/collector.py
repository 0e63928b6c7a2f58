"""The figures in Prometheus' own families; owns no number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from moai.ops.figures import COUNTERS, GAUGES, Figures

PREFIX = "moai_"


class FiguresCollector(Collector):
    """Asks for the figures whenever Prometheus does."""

    def __init__(self, read: Callable[[], Figures]) -> None:
        self.read = read

    def describe(self) -> list[Metric]:
        """Return nothing: a registry need not ask before the first scrape."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield a family for each figure that there is."""
        for name, value in asdict(self.read()).items():
            if value is None:
                continue
            if name in COUNTERS:
                yield CounterMetricFamily(f"{PREFIX}{name}", COUNTERS[name], value)
            else:
                yield GaugeMetricFamily(f"{PREFIX}{name}", GAUGES[name], value)
