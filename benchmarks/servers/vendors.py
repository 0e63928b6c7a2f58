"""Vendors for measuring: one answer for everybody, streamed at a set pace to the millisecond; check nothing."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

import uvloop
from aiohttp import web

from benchmarks.answer import parts_of
from benchmarks.servers.orders import serve
from moai.simulator.vendors_requests import SHAPES
from moai.simulator.vendors_scripts import Plan
from moai.simulator.vendors_shape import Counts

HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}


@dataclass(frozen=True, slots=True)
class Pace:
    """When the chunks of an answer are written, in seconds after the request; `held_after` waits for the release."""

    chunks: int = 20
    first_after_s: float = 0.0
    every_s: float = 0.0
    held_after: int | None = None


class Answered(NamedTuple):
    """One request: its model, when it had come in, and when its first and its last chunk were written."""

    model: str
    asked_at: float
    first_at: float
    last_at: float


class Vendors:
    """Three wire formats on one port."""

    def __init__(self) -> None:
        self._pace = Pace()
        self._delays: dict[str, float] = {}
        self._answered: list[Answered] = []
        self._held = 0
        self._is_full = asyncio.Condition()
        self._released = asyncio.Event()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Stream one answer."""
        body = await request.read()
        asked_at = time.monotonic()
        kind, model = _asked(request.path, body)
        pace = self._pace
        if delay_s := self._delays.get(model):
            pace = replace(pace, first_after_s=pace.first_after_s + delay_s)
        response = web.StreamResponse(headers=HEADERS)
        await response.prepare(request)
        await self._stream(response, events_of(kind, model, pace.chunks), pace, model, asked_at)
        return response

    async def pace(self, delays: dict[str, float] | None = None, **pace: float) -> None:
        """Answer at this pace from now on, with some models so many seconds later; see `Pace`."""
        self._pace = Pace(**pace)  # type: ignore[arg-type] # the orders are the benchmark's own
        self._delays = delays or {}
        self._held = 0
        self._released.clear()

    async def held(self, count: int) -> None:
        """Wait until so many answers have stopped in the middle."""
        async with self._is_full:
            await self._is_full.wait_for(lambda: self._held >= count)

    async def release(self) -> None:
        """Let the answers that stopped go on."""
        self._released.set()

    async def answered(self, since: float) -> list[Answered]:
        """Return the requests since then whose answers were begun."""
        return [each for each in self._answered if each.asked_at >= since]

    async def _stream(
        self, response: web.StreamResponse, events: tuple[bytes, ...], pace: Pace, model: str, asked_at: float
    ) -> None:
        first_at = 0.0
        for number, event in enumerate(events):
            if number == pace.held_after:
                await self._hold()
            else:
                await _sleep_until(asked_at + pace.first_after_s + number * pace.every_s)
            await response.write(event)
            first_at = first_at or time.monotonic()
        self._answered.append(Answered(model, asked_at, first_at, time.monotonic()))

    async def _hold(self) -> None:
        async with self._is_full:
            self._held += 1
            self._is_full.notify_all()
        await self._released.wait()


@cache
def events_of(kind: str, model: str, chunks: int) -> tuple[bytes, ...]:
    """Return what is written for each chunk; the first one opens the stream and the last one closes it."""
    shape, parts = SHAPES[kind], parts_of(model, chunks)
    counts = Counts(asked=100, said=20 * chunks)
    events = [bytes(each) for each in shape.words(model, parts)]
    events[0] = shape.opening(model, counts) + events[0]
    events[-1] += shape.closing(model, Plan(parts), counts)
    return tuple(events)


def _asked(path: str, body: bytes) -> tuple[str, str]:
    kind = path.split("/")[1]
    if kind == "gemini":
        return kind, path.rpartition("/")[2].partition(":")[0]
    return kind, json.loads(body)["model"]


async def _sleep_until(at: float) -> None:
    if (left_s := at - time.monotonic()) > 0:
        await asyncio.sleep(left_s)


async def main() -> None:
    """Serve everybody."""
    vendors = Vendors()
    orders = (vendors.pace, vendors.held, vendors.release, vendors.answered)
    await serve(vendors.handle, {order.__name__: order for order in orders})


if __name__ == "__main__":
    uvloop.run(main())
