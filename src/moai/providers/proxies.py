"""Which proxy the environment names for an address; the one rule for Telegram and the vendors, opens no connection."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from moai.errors import ConfigurationError

SCHEMES = ("http", "https")
PORTS = range(1, 65_536)


def proxy_for(url: str) -> httpx.Proxy | None:
    """Return the proxy for this URL: HTTPS_PROXY or HTTP_PROXY by its scheme, else ALL_PROXY, but for NO_PROXY.

    Nothing on this machine is behind one. Raises ConfigurationError where what is named is no proxy that can be used.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _is_here(host) or proxy_bypass(host) or proxy_bypass(parts.netloc):
        return None
    named = getproxies()
    for scheme in (parts.scheme, "all"):
        if address := named.get(scheme):
            return _proxy(f"{scheme.upper()}_PROXY", address)
    return None


def _proxy(variable: str, address: str) -> httpx.Proxy:
    try:
        # As with curl, a proxy is spoken to over plain http unless told otherwise.
        proxy = httpx.Proxy(address if "://" in address else f"http://{address}")
        _check(proxy)
    except (ValueError, httpx.InvalidURL):
        # Without the cause, which would show the password.
        problem = f"{variable} names no proxy that can be used: write it like http://host:8080; SOCKS is not spoken."
        raise ConfigurationError((problem,)) from None
    return proxy


def _check(proxy: httpx.Proxy) -> None:
    """Raise ValueError for what would only fail at the first connection, or at every request."""
    url, (user, password) = proxy.url, proxy.auth or ("", "")
    f"{user}{password}".encode("latin-1")
    is_address = bool(url.host.encode("idna")) and (url.port is None or url.port in PORTS)
    if url.scheme not in SCHEMES or not is_address or ":" in user:
        raise ValueError


def _is_here(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
