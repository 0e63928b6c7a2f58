"""A line to one server, for calls that are made elsewhere; owns connections and their bytes."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Mapping
from functools import cache, lru_cache

import httpx
from httpx_aiohttp import AiohttpTransport
from httpx_aiohttp.transport import AiohttpResponseStream, map_aiohttp_exceptions

from moai.errors import ConfigurationError
from moai.providers.proxies import proxy_for

_JSON = {"Content-Type": "application/json"}


class Line:
    """Small calls and their whole answers over a transport that is borrowed.

    They go without what a client adds to each of them: redirects, cookies, credentials, forms, a line in the log.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self.transport = transport

    async def post(self, url: str, body: bytes, patience: Mapping[str, float | None]) -> tuple[int, bytes]:
        """Send JSON and return the status and the body of the answer; `patience` is httpx's time-outs, in seconds.

        Raises TimeoutError where it was sent and no answer came, else ConnectionError.
        """
        request = httpx.Request("POST", parsed(url), headers=_JSON, content=body, extensions={"timeout": patience})
        try:
            response = await self.transport.handle_async_request(request)
            try:
                return response.status_code, await response.aread()
            finally:
                await response.aclose()
        except httpx.ReadTimeout as error:
            raise TimeoutError(str(error)) from error
        except httpx.HTTPError as error:
            raise ConnectionError(str(error) or type(error).__name__) from error


def open_line(base_url: str, *, max_connections: int = 512) -> Line:
    """Return a line to `base_url`, whose transport is to be closed by its owner; raise ConfigurationError."""
    limits = httpx.Limits(max_connections=max_connections, keepalive_expiry=60)
    return Line(AiohttpTransport(verify=shared_ssl_context(), limits=limits, proxy=proxy_for(base_url)))


def read_as_it_arrives(response: httpx.Response) -> None:
    """Have the bytes of a reply come in the pieces in which they arrive, with the same errors.

    The transport's own stream asks for pieces of a size, which takes aiohttp a fifth longer for each of them.
    """
    if isinstance(response.stream, AiohttpResponseStream):
        response.stream = _Arriving(response.stream._aiohttp_response)  # noqa: SLF001 - it gives it to nobody


class _Arriving(AiohttpResponseStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = self._aiohttp_response.content.readany
        with map_aiohttp_exceptions():
            while chunk := await read():
                yield chunk


# A bot has few methods and a team few models, and parsing an address takes longer than writing it.
parsed = lru_cache(maxsize=64)(httpx.URL)


@cache
def shared_ssl_context() -> ssl.SSLContext:
    """Return the process's one set of certificates, or SSL_CERT_FILE's; reading them takes about 60 ms.

    Raises ConfigurationError where that file holds none, or cannot be read.
    """
    try:
        return httpx.create_ssl_context()
    except OSError as error:  # which the errors of TLS are too
        problem = "SSL_CERT_FILE names no certificates: name a file that holds them as PEM, or leave it unset."
        raise ConfigurationError((problem,)) from error
