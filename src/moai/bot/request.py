"""How calls of the Bot API get onto the line: as JSON, where no file goes with them; owns no call and no connection.

The library's own way costs five times the processor's time of the call itself: it makes an object of each value and of
the answer, encodes forms character by character, and passes all that HTTP clients can do. A chat that watches answers
grow takes three calls for each of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Protocol, cast

from telegram import Bot
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest, RequestData

CONNECT_S, READ_S, WRITE_S, POOL_S = 10.0, 60.0, 20.0, 30.0
"""Seconds of patience unless told. After a minute nobody knows whether Telegram took a message, so it has that long
to answer; the library gives up on a busy second by default, and here a call waits for a connection."""


class GatewayPage(NetworkError):
    """A server on the way to Telegram refused a call; it is the line, or that server dislikes this call alone."""


class Line(Protocol):
    """A way to Telegram's server, whose connections are somebody else's."""

    @property
    def transport(self) -> object:
        """What httpx sends by, for files up and down."""
        ...

    async def post(self, url: str, body: bytes, patience: Mapping[str, float | None]) -> tuple[int, bytes]:
        """Send JSON and return the status and the body of the answer.

        `patience` is in seconds, as httpx names its kinds: connect, read, write, pool. Raises TimeoutError where the
        call was sent and no answer came, and ConnectionError where it or the answer did not get through.
        """
        ...


class Values:
    """The values of a call as JSON has them; goes through the library untouched."""

    __slots__ = ("values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values


async def call(bot: Bot, method: str, values: Mapping[str, Any], **patience: float) -> Any:
    """Call a method of the Bot API, and return its result as JSON has it; raises TelegramError.

    Values that are None are left out. `patience` is as in the library's own methods, such as `read_timeout`.
    """
    given = Values({name: value for name, value in values.items() if value is not None})
    # The library hands it on as it is; JsonRequest.do_request is the only one that looks into it.
    return await bot.request.post(f"{bot.base_url}/{method}", cast("RequestData", given), **patience)


class JsonRequest(HTTPXRequest):
    """The library's requests, of which those without files go by the line at once."""

    def __init__(self, line: Line) -> None:
        super().__init__(
            connect_timeout=CONNECT_S,
            read_timeout=READ_S,
            write_timeout=WRITE_S,
            pool_timeout=POOL_S,
            httpx_kwargs={"transport": line.transport},
        )
        self._line = line

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send a request and return the status and the body of the answer; raise TimedOut, NetworkError.

        What refuses a call without the API's own words is a server on the way, and says nothing of token or chat:
        GatewayPage, or NetworkError where it has trouble itself.
        """
        has_files = isinstance(request_data, RequestData) and request_data.contains_files
        if method != "POST" or has_files:
            status, body = await super().do_request(
                url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
            )
        else:
            patience = {
                "connect": _seconds(connect_timeout, CONNECT_S),
                "read": _seconds(read_timeout, READ_S),
                "write": _seconds(write_timeout, WRITE_S),
                "pool": _seconds(pool_timeout, POOL_S),
            }
            status, body = await self._post(url, request_data, patience)
        if method == "POST" and status >= HTTPStatus.MULTIPLE_CHOICES and not _is_of_the_api(body):
            kind = GatewayPage if status < HTTPStatus.INTERNAL_SERVER_ERROR else NetworkError
            raise kind(f"a server on the way to Telegram answers {_named(status)} with a page of its own")
        return status, body

    async def _post(
        self, url: str, given: RequestData | None, patience: Mapping[str, float | None]
    ) -> tuple[int, bytes]:
        body = json.dumps(_values_of(given), separators=(",", ":")).encode()
        try:
            return await self._line.post(url, body, patience)
        except TimeoutError as error:
            raise TimedOut from error
        except ConnectionError as error:
            raise NetworkError(str(error)) from error


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _is_of_the_api(refusal: bytes) -> bool:
    """Tell a refusal by the Bot API's own form ("Making requests")."""
    try:
        found = json.loads(refusal)
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("ok") is False


def _values_of(given: RequestData | Values | None) -> Mapping[str, Any]:
    if given is None:
        return {}
    return given.values if isinstance(given, Values) else given.parameters


def _seconds(given: Any, usual: float) -> float | None:
    """Return what was given, or what is usual instead of the library's own mark for nothing."""
    return given if given is None or isinstance(given, int | float) else usual
