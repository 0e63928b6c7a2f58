"""Orders from whoever started this process, a line of JSON in and one out; owns no server.

Times are `time.monotonic`, which all processes on a Linux machine share.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

Order = Callable[..., Awaitable[Any]]
Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

LONGEST_LINE = 64 * 1024 * 1024


async def serve(handler: Handler, orders: Mapping[str, Order]) -> None:
    """Serve on a free port, tell its number, and obey until standard input ends."""
    runner = web.ServerRunner(web.Server(handler, access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    # A crowd connects at once.
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=4096).start()
    _tell(runner.addresses[0][1])
    await _obey(orders)


async def _obey(orders: Mapping[str, Order]) -> None:
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        name, fields = json.loads(line)
        _tell(await orders[name](**fields))


def _tell(value: Any) -> None:
    sys.stdout.write(f"{json.dumps(value)}\n")
    sys.stdout.flush()
