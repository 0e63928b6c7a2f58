"""One request whose reply is a whole JSON body: owns its retries, its size and its errors, and no format."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

import httpx

from moai.providers.errors import from_fault, from_reply, translated_reply
from moai.providers.faults import fault_in
from moai.providers.http import Patience
from moai.providers.retry import Retrying
from moai.providers.wire import Json, NotTheFormatError, Target, objects

LARGEST_BODY = 5 * 1024 * 1024
"""Bytes of a reply that are read; a longer one is not what was asked for."""

T = TypeVar("T")

OpenReply = Callable[[], AbstractAsyncContextManager[httpx.Response]]


async def ask_for_json(
    target: Target, patience: Patience, ends_at: float, open_reply: OpenReply, read: Callable[[Json], T]
) -> T:
    """Return what `read` makes of the reply, asking again as for an answer; raise ProviderError.

    `ends_at` is in seconds of the loop's clock; `read` may raise NotTheFormatError. A list is read as the `data` of
    an object.
    """
    clock = asyncio.get_running_loop().time

    async def ask_once() -> T:
        with translated_reply(target, patience):
            async with asyncio.timeout_at(ends_at), open_reply() as response:
                body = await _read_bounded(response)
            if response.status_code != httpx.codes.OK:
                raise from_reply(target, response.status_code, response.headers, body)
            said = _said(body.decode("utf-8-sig", "replace"))
            fault = fault_in(said)
            if fault:
                raise from_fault(target, fault, response.headers)
            return read(said)

    return await Retrying(patience.max_retries, lambda: ends_at - clock())(ask_once)


async def _read_bounded(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise NotTheFormatError("the body is too long")
    return bytes(body)


def _said(text: str) -> Json:
    found = list(objects(text))
    return {"data": found} if text.lstrip().startswith("[") else found[0]
