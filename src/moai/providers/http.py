"""The one HTTP client that all vendors share; owns connections, certificates and proxies, and not what is asked."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Protocol

import httpx
from httpx_aiohttp import HttpxAiohttpClient

from moai import __version__
from moai.errors import ConfigurationError
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


class HttpClient(HttpxAiohttpClient):
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
        # Only the client knows which proxy is for which address, and it has no other name for that.
        response = await self._transport_for_url(request.url).handle_async_request(request)
        try:
            read_as_it_arrives(response)
            logger.debug("%s answered %d", request.url, response.status_code)
            yield response
        finally:
            await response.aclose()


def open_http_client(patience: Patience) -> HttpClient:
    """Return the client that all vendors share, to be entered and left by its owner.

    Proxies come from HTTP_PROXY, HTTPS_PROXY and NO_PROXY, further certificates from SSL_CERT_FILE. Raises
    ConfigurationError where a proxy's address is none.
    """
    try:
        return _client(patience)
    except ValueError as error:
        problem = "The proxy in HTTP_PROXY, HTTPS_PROXY or ALL_PROXY has no address that can be used."
        raise ConfigurationError((problem,)) from error


def _client(patience: Patience) -> HttpClient:
    # The transport is aiohttp's: with hundreds of streams at once, httpx's own takes ten times the CPU.
    return HttpClient(
        verify=shared_ssl_context(),
        limits=httpx.Limits(max_connections=_MAX_CONNECTIONS, keepalive_expiry=_KEEPALIVE_S),
        # To aiohttp the wait for a place in the pool includes connecting, so it has no limit of its own.
        timeout=httpx.Timeout(
            connect=patience.connect_timeout_s,
            read=patience.silence_timeout_s,
            write=patience.silence_timeout_s,
            pool=None,
        ),
        headers={"User-Agent": f"moai/{__version__}"},
    )
