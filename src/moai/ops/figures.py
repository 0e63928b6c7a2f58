"""What the rooms say of themselves when they are asked: a frozen value and what it means; owns no format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """How things stand now; the first five count from the start of the process."""

    updates_received: int = 0
    updates_handled: int = 0
    flood_hits: int = 0
    database_timeouts: int = 0
    seconds_since_poll: float | None = None
    runs_under_way: int = 0
    finals_waiting: int = 0
    lanes: int = 0
    lanes_frozen: int = 0


COUNTERS = {
    "updates_received": "Updates from Telegram that were stored, and those left over from before the start.",
    "updates_handled": "Updates of these that were handled.",
    "flood_hits": "Calls that Telegram refused for a time because there were too many (429).",
    "database_timeouts": "Transactions that gave up because the database was busy.",
}
GAUGES = {
    "seconds_since_poll": "Seconds since updates were last fetched.",
    "runs_under_way": "Runs under way.",
    "finals_waiting": "Pieces of messages that wait to be sent.",
    "lanes": "Chats with a budget that is not forgotten yet.",
    "lanes_frozen": "Chats that are left alone for now, as Telegram said or because it does not answer.",
}
"""The help texts by field; what is None is left out."""
