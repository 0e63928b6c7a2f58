"""Names and addresses of hosts: which of them can be one; looks none up."""

from __future__ import annotations

import re
from ipaddress import ip_address
from unicodedata import is_normalized

LABEL = re.compile(r"[\w-]{1,63}")
FOUR_NUMBERS = re.compile(r"\d+\.\d+\.\d+\.\d+")
HOW = "each part between its dots has 1 to 63 letters, digits and hyphens"


def is_host(text: str) -> bool:
    """Tell an address, or a name that every library can encode to look it up (RFC 1035, 2.3.4, and IDNA)."""
    if ":" in text or FOUR_NUMBERS.fullmatch(text):
        return _is_address(text)
    return all(map(LABEL.fullmatch, text.removesuffix(".").split("."))) and _is_encodable(text)


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


def _is_encodable(name: str) -> bool:
    if name.isascii() and "xn--" not in name.lower():
        return True
    import idna  # noqa: PLC0415 - seldom needed, and large

    try:
        # The older rules are Python's, by which it looks names up; encoded ones are decoded by the newer ones of httpx.
        if name.isascii():
            return bool(idna.decode(name))
        return is_normalized("NFKC", name) and bool(name.encode("idna").decode("idna"))
    except UnicodeError:
        return False
