"""Which addresses Telegram takes in a link or a button (TDLib's LinkManager::check_link); opens none."""

from __future__ import annotations

from urllib.parse import urlsplit

from moai.simulator.refusal import bad_request

_OWN_SCHEMES = ("tg:", "ton:", "tonsite:")


def require_link(url: str, what: str) -> None:
    """Raise ApiError where the address is none that `what` may lead to."""
    if reason := _fault(url.strip()):
        raise bad_request(f"{what} URL '{url}' is invalid: {reason}")


def _fault(url: str) -> str:
    if url.lower().startswith(_OWN_SCHEMES):
        return ""
    scheme, separator, _ = url.partition("://")
    if separator and scheme.lower() not in {"http", "https"}:
        return "Unsupported URL protocol"
    try:
        host = urlsplit(url if separator else f"http://{url}").hostname or ""
    except ValueError:
        return "Wrong HTTP URL"
    is_named = "." in host.strip(".") and " " not in host
    return "" if is_named or ":" in host else "Wrong HTTP URL"
