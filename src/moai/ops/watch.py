"""All that watches over a running MoAI, open where it is configured; owns neither a verdict nor a figure."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from moai.core.events import Event
from moai.core.ports import Clock, Publish
from moai.ops.figures import Figures
from moai.ops.health import Health, PolledAt, Probe

if TYPE_CHECKING:
    from moai.ops.metrics import Metrics


class Watch:
    """Health, and where it is served also metrics."""

    def __init__(self, health: Health, metrics: Metrics | None = None) -> None:
        self.health = health
        self._metrics = metrics

    def beside(self, publish: Publish) -> Publish:
        """Return a sink that counts, too, what it hands on."""
        metrics = self._metrics
        if metrics is None:
            return publish

        def both(event: Event) -> None:
            publish(event)
            metrics.publish(event)

        return both

    def over(self, polled_at: PolledAt, probe: Probe, figures: Callable[[], Figures]) -> None:
        """Watch these from now on."""
        self.health.watch(polled_at, probe)
        if self._metrics is not None:
            self._metrics.read(figures)


@asynccontextmanager
async def open_watch(host: str, port: int | None, clock: Clock) -> AsyncIterator[Watch]:
    """Serve health and metrics while the block runs, nothing without a port; raise ConfigurationError."""
    health = Health(clock)
    if port is None:
        yield Watch(health)
        return
    # Imported here because most starts serve nothing.
    from moai.ops.metrics import Metrics  # noqa: PLC0415
    from moai.ops.server import serve_metrics  # noqa: PLC0415

    metrics = Metrics()
    async with serve_metrics(host, port, health, metrics):
        yield Watch(health, metrics)
