"""Serves /healthz and /metrics; owns the port, and neither the verdict nor the figures."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from moai.errors import ConfigurationError
from moai.ops.health import Health
from moai.ops.metrics import Metrics

logger = logging.getLogger(__name__)


@asynccontextmanager
async def serve_metrics(host: str, port: int, health: Health, metrics: Metrics) -> AsyncIterator[int]:
    """Listen while the block runs, and yield the port (0 takes any that is free); raise ConfigurationError."""

    async def healthz(_: web.Request) -> web.Response:
        report = await health.report()
        return web.json_response(dict(report.details), status=200 if report.is_well else 503)

    async def figures(_: web.Request) -> web.Response:
        return web.Response(body=metrics.exposition(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application(client_max_size=0)
    app.add_routes([web.get("/healthz", healthz), web.get("/metrics", figures)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await _listen(runner, host, port)
        taken = int(runner.addresses[0][1])
        logger.info("health and metrics are served at port %d of %s", taken, host)
        yield taken
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise ConfigurationError(
            (f"MOAI_METRICS_PORT {port} of {host} cannot be used ({error.strerror}): choose another one.",)
        ) from error
