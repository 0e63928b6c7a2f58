"""What the line above a block of code says: its language, and what else stands there; pure."""

from __future__ import annotations

import re

from moai.bot.rendering.marks import literal, unmarked

_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,20}(?!\w)")


def info_of(fence: str) -> str:
    """Return what a fence says behind its signs."""
    fence = fence.strip()
    return fence.lstrip(fence[:1]).strip()


def shown_code(code: str, info: str) -> tuple[str, str | None]:
    """Return the code as it is shown, and its language if the fence names one.

    Above the code stands what its fence says beyond a language, or all it says where no code follows.
    """
    code = code.removesuffix("\n")
    if info and not code.strip():
        code = info
    elif info and not _LANGUAGE.fullmatch(info):
        code = f"{info}\n{code}"
    language = _LANGUAGE.match(literal(unmarked(info)))
    return code, language[0] if language else None
