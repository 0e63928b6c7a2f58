"""The one HTTP client that all vendors share; owns connections, certificates and proxies, and no request."""

from __future__ import annotations

from typing import Protocol

import httpx
from httpx_aiohttp import HttpxAiohttpClient

from moai import __version__
from moai.errors import ConfigurationError
from moai.providers.transport import shared_ssl_context

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


HttpClient = httpx.AsyncClient
"""What is opened here and lent to whoever asks a vendor."""


def open_http_client(patience: Patience) -> httpx.AsyncClient:
    """Return the client that all vendors share, to be entered and left by its owner.

    Proxies come from HTTP_PROXY, HTTPS_PROXY and NO_PROXY, further certificates from SSL_CERT_FILE. Raises
    ConfigurationError where a proxy's address is none.
    """
    try:
        return _client(patience)
    except ValueError as error:
        problem = "The proxy in HTTP_PROXY, HTTPS_PROXY or ALL_PROXY has no address that can be used."
        raise ConfigurationError((problem,)) from error


def _client(patience: Patience) -> httpx.AsyncClient:
    # The transport is aiohttp's: with hundreds of streams at once, httpx's own takes ten times the CPU.
    return HttpxAiohttpClient(
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
