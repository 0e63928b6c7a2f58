"""Plays one step of a script to one client, over aiohttp; owns no format and no script."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from aiohttp import web

from moai.simulator.vendors_contents import question_of
from moai.simulator.vendors_scripts import (
    Ending,
    Fails,
    Garbage,
    HangsUp,
    JsonInsteadOfStream,
    Plan,
    Speech,
    Step,
)
from moai.simulator.vendors_shape import Counts, Json, Shape

_UNFINISHED = frozenset((Ending.DROP, Ending.LEAVE, Ending.SILENCE, Ending.OVERLOAD))


@dataclass(frozen=True, slots=True)
class Stage:
    """A request that is being answered; `curtain` is set when the server closes."""

    request: web.Request
    shape: Shape
    model: str
    body: Json
    streams: bool
    curtain: asyncio.Event

    async def play(self, step: Step) -> web.StreamResponse:
        """Answer as the step says; raise ConnectionError where the client is gone."""
        match step:
            case Fails():
                return self._fail(step)
            case Garbage(body, content_type):
                return web.Response(body=body, content_type=content_type)
            case JsonInsteadOfStream(text):
                return self._whole(Plan((text,)))
            case HangsUp():
                self._hang_up()
                return web.Response()
        return await self._speak(step)

    async def _speak(self, step: Speech) -> web.StreamResponse:
        planned = step.plan()
        if self.streams:
            return await self._stream(planned)
        await self._pause(planned.first_after_s)
        if planned.ending is Ending.SILENCE:
            await self.curtain.wait()
        if planned.ending in _UNFINISHED:
            self._hang_up()
            return web.Response()
        return self._whole(planned)

    async def _stream(self, planned: Plan) -> web.StreamResponse:
        headers = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
        response = web.StreamResponse(headers={**headers, **_request_id(self.shape)})
        await response.prepare(self.request)
        counts = self._counts(planned)
        await _write(response, self.shape.opening(self.model, counts))
        if planned.thoughts:
            await _write(response, self.shape.thought(self.model, planned.thoughts))
        await self._pause(planned.first_after_s)
        for number, chunk in enumerate(self.shape.words(self.model, planned.parts)):
            await self._pause(planned.every_s if number else 0)
            await response.write(chunk)
        await self._end(response, planned, counts)
        return response

    async def _end(self, response: web.StreamResponse, planned: Plan, counts: Counts) -> None:
        if planned.ending is Ending.OVERLOAD:
            await response.write(self.shape.overload())
        elif planned.ending is Ending.DROP:
            self._hang_up()
        elif planned.ending is Ending.SILENCE:
            await self.curtain.wait()
        elif planned.ending is not Ending.LEAVE:
            await response.write(self.shape.closing(self.model, planned, counts))

    def _fail(self, step: Fails) -> web.Response:
        if isinstance(step.body, str):
            return web.Response(status=step.status, text=step.body, headers=step.headers)
        message = step.message or f"The simulated vendor fails with {step.status}."
        body = step.body if step.body is not None else self.shape.error(step.status, message, step.word)
        headers = {**_request_id(self.shape), **step.headers}
        return web.json_response(body, status=step.status, headers=headers)

    def _whole(self, planned: Plan) -> web.Response:
        return web.json_response(
            self.shape.whole(self.model, planned, self._counts(planned)), headers=_request_id(self.shape)
        )

    def _counts(self, planned: Plan) -> Counts:
        return Counts(asked=len(question_of(self.shape, self.body).split()), said=len(planned.text.split()))

    def _hang_up(self) -> None:
        if self.request.transport is not None:
            self.request.transport.close()

    async def _pause(self, seconds: float) -> None:
        if seconds > 0:
            await asyncio.sleep(seconds)


async def _write(response: web.StreamResponse, chunk: bytes) -> None:
    if chunk:
        await response.write(chunk)


def _request_id(shape: Shape) -> dict[str, str]:
    return {"request-id" if shape.NAME == "anthropic" else "x-request-id": "req_1"}
