"""The one HTTP client that all vendors share; owns their connections, and not what is asked."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol

import httpx
from httpx_aiohttp import AiohttpTransport

from moai import __version__
from moai.providers.proxies import proxy_for
from moai.providers.transport import parsed, read_as_it_arrives, shared_ssl_context

logger = logging.getLogger(__name__)

_MAX_CONNECTIONS = 2000
_KEEPALIVE_S = 30.0


class Patience(Protocol):
    """How long to wait for a vendor, in seconds, and how often to ask again; the settings' limits are one."""

    @property
    def connect_timeout_s(self) -> float:
        """For a connection."""
        ...

    @property
    def silence_timeout_s(self) -> float:
        """For the next words, the first among them."""
        ...

    @property
    def answer_timeout_s(self) -> float:
        """For the whole answer, with every attempt at it."""
        ...

    @property
    def max_retries(self) -> int:
        """After the first attempt."""
        ...


class HttpClient(httpx.AsyncClient):
    """httpx's client, opened here and lent to whoever asks a vendor, with a short way for answers."""

    @asynccontextmanager
    async def ask(self, url: str, content: bytes, headers: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """Post and give the reply while it comes, whatever its status; leaving closes what has not come.

        This goes without what httpx does to each request for the sake of redirects, cookies and credentials, which
        takes five times as long as the rest. Raises httpx's errors.
        """
        ours = {name: self.headers[name] for name in ("User-Agent", "Accept-Encoding")}
        request = httpx.Request(
            "POST",
            parsed(url),
            headers={**ours, **headers},
            content=content,
            extensions={"timeout": self.timeout.as_dict()},
        )
        response = await self._transport.handle_async_request(request)
        try:
            read_as_it_arrives(response)
            logger.debug("%s answered %d", request.url, response.status_code)
            yield response
        finally:
            await response.aclose()


class _Ways(httpx.AsyncBaseTransport):
    """The connections to all vendors, straight or through the proxy that is for an address."""

    def __init__(self) -> None:
        self._by_proxy: dict[tuple[str, tuple[str, str] | None] | None, AiohttpTransport] = {}
        self._by_server: dict[tuple[bytes, bytes], AiohttpTransport] = {}
        self._way_through(None)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raise httpx's errors, and ConfigurationError where its proxy is none."""
        server = (request.url.raw_scheme, request.url.netloc)
        way = self._by_server.get(server)
        if way is None:
            way = self._by_server[server] = self._way_through(proxy_for(str(request.url)))
        return await way.handle_async_request(request)

    def _way_through(self, proxy: httpx.Proxy | None) -> AiohttpTransport:
        key = (str(proxy.url), proxy.auth) if proxy else None
        if key not in self._by_proxy:
            # To aiohttp since, with hundreds of streams at once, httpx's own transport takes ten times the CPU.
            self._by_proxy[key] = AiohttpTransport(
                verify=shared_ssl_context(),
                limits=httpx.Limits(max_connections=_MAX_CONNECTIONS, keepalive_expiry=_KEEPALIVE_S),
                proxy=proxy,
            )
        return self._by_proxy[key]

    async def aclose(self) -> None:
        """Close all connections."""
        async with AsyncExitStack() as stack:
            for way in self._by_proxy.values():
                stack.push_async_callback(way.aclose)


def open_http_client(patience: Patience) -> HttpClient:
    """Return the client that all vendors share, to be entered and left by its owner; raise ConfigurationError."""
    return HttpClient(
        transport=_Ways(),
        # To aiohttp the wait for a place in the pool includes connecting, so it has no limit of its own.
        timeout=httpx.Timeout(
            connect=patience.connect_timeout_s,
            read=patience.silence_timeout_s,
            write=patience.silence_timeout_s,
            pool=None,
        ),
        headers={"User-Agent": f"moai/{__version__}"},
    )
