"""A transport for a client that is built elsewhere and takes one; owns connections and the choice of a proxy."""

from __future__ import annotations

import ssl
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from httpx_aiohttp import AiohttpTransport


def open_transport(base_url: str, *, max_connections: int = 512) -> httpx.AsyncBaseTransport:
    """Return a transport to `base_url`, to be closed by its owner.

    A client that is given a transport no longer looks for proxies itself, so HTTP_PROXY, HTTPS_PROXY and NO_PROXY
    are read here.
    """
    return AiohttpTransport(
        verify=shared_ssl_context(),
        limits=httpx.Limits(max_connections=max_connections, keepalive_expiry=60),
        proxy=proxy_for(base_url),
    )


@cache
def shared_ssl_context() -> ssl.SSLContext:
    """Return the process's one set of certificates, with SSL_CERT_FILE's; reading them takes about 60 ms."""
    return httpx.create_ssl_context()


def proxy_for(url: str) -> httpx.Proxy | None:
    """Return the proxy that the environment names for this URL; nothing on this machine is behind one."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    address = getproxies().get(parts.scheme)
    if not address or _is_loopback(host) or proxy_bypass(host):
        return None
    return httpx.Proxy(address)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
