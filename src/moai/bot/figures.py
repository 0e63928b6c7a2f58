"""Seconds, tokens and US dollars as a chat reads them; pure, and keeps no count."""

from __future__ import annotations

from moai.core.model import Message
from moai.core.records import Totals
from moai.core.spending import dollars


def duration(seconds: float) -> str:
    """Return seconds in words: as minutes or hours where there are many."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6_000 else f"{seconds / 3_600:,.1f} h"


def taken_by(message: Message) -> tuple[str, ...]:
    """Return what an answer took: its seconds and, where they are known, its tokens and its dollars."""
    usage = message.usage
    tokens = (usage.input_tokens or 0) + (usage.output_tokens or 0)
    return tuple(
        filter(
            None,
            (
                duration(message.timing.total_s),
                _tokens(tokens),
                "" if usage.cost_usd is None else dollars(usage.cost_usd),
            ),
        )
    )


def taken_in_all(totals: Totals) -> str:
    """Return what answers took together; how many have no price is said where others have one."""
    parts = (
        _answers(totals.answers),
        duration(totals.seconds),
        _tokens(totals.input_tokens + totals.output_tokens),
        "" if totals.cost_usd is None else f"{dollars(totals.cost_usd)}{_unpriced(totals)}",
    )
    return " · ".join(filter(None, parts))


def _answers(count: int) -> str:
    return f"{count:,} answer{'' if count == 1 else 's'}"


def _tokens(count: int) -> str:
    return f"{count:,} token{'' if count == 1 else 's'}" if count else ""


def _unpriced(totals: Totals) -> str:
    return f" ({totals.unpriced:,} of {_answers(totals.answers)} without a price)" if totals.unpriced else ""
