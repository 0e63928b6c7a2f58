"""Sums of what answers took; pure."""

from __future__ import annotations

from collections.abc import Iterable

from moai.core.model import Message
from moai.core.records import Totals


def totals_of(messages: Iterable[Message]) -> Totals:
    """Return what answers took together, failed ones too."""
    return together(_totals(each) for each in messages)


def together(many: Iterable[Totals]) -> Totals:
    """Return what all of them are in one."""
    found = tuple(many)
    costs = [each.cost_usd for each in found if each.cost_usd is not None]
    return Totals(
        answers=sum(each.answers for each in found),
        seconds=sum(each.seconds for each in found),
        input_tokens=sum(each.input_tokens for each in found),
        output_tokens=sum(each.output_tokens for each in found),
        cost_usd=sum(costs) if costs else None,
        unpriced=sum(each.unpriced for each in found),
    )


def _totals(message: Message) -> Totals:
    usage = message.usage
    return Totals(
        answers=1,
        seconds=message.timing.total_s,
        input_tokens=usage.input_tokens or 0,
        output_tokens=usage.output_tokens or 0,
        cost_usd=usage.cost_usd,
        unpriced=int(usage.cost_usd is None),
    )
