"""What answers took, as columns that a database adds up and as the core's value; owns no statement."""

from __future__ import annotations

from sqlalchemy import RowMapping, func

from moai.core.records import Totals
from moai.storage.tables import messages

SUMS = (
    func.count().label("answers"),
    func.sum(messages.c.total_s).label("seconds"),
    func.sum(messages.c.input_tokens).label("input_tokens"),
    func.sum(messages.c.output_tokens).label("output_tokens"),
    func.sum(messages.c.cost_usd).label("cost_usd"),
    func.count(messages.c.cost_usd).label("priced"),
)


def totals_of_row(row: RowMapping) -> Totals:
    """Return the sums of a row."""
    return Totals(
        answers=row["answers"],
        seconds=row["seconds"] or 0.0,
        input_tokens=row["input_tokens"] or 0,
        output_tokens=row["output_tokens"] or 0,
        cost_usd=row["cost_usd"],
        unpriced=row["answers"] - row["priced"],
    )
