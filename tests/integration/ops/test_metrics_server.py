"""Health and metrics over real HTTP on loopback."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest
from aiohttp import ClientSession

from moai.core.clock import SystemClock
from moai.core.events import ModelsAsked
from moai.errors import ConfigurationError, StorageError
from moai.ops.figures import Figures
from moai.ops.health import Health
from moai.ops.metrics import Metrics
from moai.ops.server import serve_metrics
from moai.ops.watch import open_watch

CLOCK = SystemClock()
HOST = "127.0.0.1"


async def gone() -> None:
    raise StorageError("The database is gone.")


async def there() -> None:
    return


async def test_health_is_a_status_and_a_short_json() -> None:
    health = Health(CLOCK)
    async with serve_metrics(HOST, 0, health, Metrics()) as port, ClientSession(f"http://{HOST}:{port}") as client:
        health.watch(CLOCK.monotonic, there)
        async with client.get("/healthz") as reply:
            assert (reply.status, (await reply.json())["status"]) == (200, "well")

        health.watch(CLOCK.monotonic, gone)
        async with client.get("/healthz") as reply:
            assert reply.status == 503
            assert await reply.json() == {"status": "unwell", "reason": "The database is gone."}


async def test_metrics_are_what_prometheus_reads() -> None:
    metrics = Metrics()
    async with serve_metrics(HOST, 0, Health(CLOCK), metrics) as port:
        metrics.publish(ModelsAsked(1, ("claude",)))
        async with ClientSession() as client, client.get(f"http://{HOST}:{port}/metrics") as reply:
            assert reply.headers["Content-Type"].startswith("text/plain; version=")
            assert 'moai_asks_total{model="claude"} 1.0' in (await reply.text()).splitlines()


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/", 404), ("POST", "/healthz", 405)])
async def test_nothing_else_is_served(method: str, path: str, status: int) -> None:
    async with (
        serve_metrics(HOST, 0, Health(CLOCK), Metrics()) as port,
        ClientSession() as client,
        client.request(method, f"http://{HOST}:{port}{path}") as reply,
    ):
        assert reply.status == status


async def test_the_port_is_free_again_afterwards() -> None:
    async with serve_metrics(HOST, 0, Health(CLOCK), Metrics()) as port:
        pass
    async with serve_metrics(HOST, port, Health(CLOCK), Metrics()) as again:
        assert again == port


async def test_a_port_that_is_taken_is_told_in_a_sentence() -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError) as caught:
            async with open_watch(HOST, port, CLOCK):
                pass

    (problem,) = caught.value.problems
    assert problem.startswith(f"MOAI_METRICS_PORT {port} of {HOST} cannot be used (")
    assert problem.endswith("choose another one.")


async def test_a_watch_counts_beside_the_stage_and_reads_the_rooms() -> None:
    shown: list[object] = []
    event = ModelsAsked(1, ("claude",))
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    async with open_watch(HOST, port, CLOCK) as watch, ClientSession() as client:
        watch.beside(shown.append)(event)
        watch.over(CLOCK.monotonic, there, lambda: Figures(flood_hits=7))
        async with client.get(f"http://{HOST}:{port}/metrics") as reply:
            lines = (await reply.text()).splitlines()

    assert shown == [event]
    assert {'moai_asks_total{model="claude"} 1.0', "moai_flood_hits_total 7.0"} <= set(lines)


async def test_without_a_port_nothing_is_served_or_counted() -> None:
    def stage(_: object) -> None:
        return

    async with open_watch(HOST, None, CLOCK) as watch:
        watch.over(CLOCK.monotonic, there, Figures)
        assert watch.beside(stage) is stage
        assert (await watch.health.report()).is_well


def test_what_serves_is_loaded_only_where_it_is_needed() -> None:
    code = "import sys, moai.app; print([m for m in ('prometheus_client', 'moai.ops.server') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert told.stdout.strip() == "[]"
