"""What Telegram's refusals mean for the call that met them; pure."""

from __future__ import annotations

from enum import Enum, auto

from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError


class Verdict(Enum):
    """What to do about a call that failed."""

    DONE = auto()  # the chat shows it already
    WAIT = auto()  # a flood limit: the same call again, after the time that Telegram names
    AGAIN = auto()  # the network or the server: the same call again, later
    PLAIN = auto()  # the formatting is refused: the same text without it
    MOVED = auto()  # the group became a supergroup: the same call to its new id
    GONE = auto()  # the chat or the topic is gone, or the bot is not welcome in it
    UNCLEAR = auto()  # nothing that says anything about the chat: a wrong token, an unknown method, a garbled page
    REFUSED = auto()  # anything else: this call will never go through


# Descriptions are the only thing that tells bad requests apart: the Bot API has one code, 400, for all of them.
_GONE = (
    "chat not found",
    "message thread not found",
    "topic_closed",
    "topic_deleted",
    "user is deactivated",
    "not enough rights to send text messages",
    "chat_write_forbidden",
    "have no rights to send",
)
_PLAIN = ("can't parse entities", "entity", "entities")


def verdict_on(error: TelegramError) -> Verdict:
    """Tell what to do about a failed call; BadRequest is a NetworkError in this library, so it is asked first."""
    match error:
        case RetryAfter():
            return Verdict.WAIT
        case ChatMigrated():
            return Verdict.MOVED
        case Forbidden():
            return Verdict.GONE
        case BadRequest():
            return _verdict_on_bad_request(str(error).lower())
        case NetworkError():
            return Verdict.AGAIN
        case _:
            return Verdict.UNCLEAR


def _verdict_on_bad_request(description: str) -> Verdict:
    if "message is not modified" in description:
        return Verdict.DONE
    if any(phrase in description for phrase in _GONE):
        return Verdict.GONE
    if any(phrase in description for phrase in _PLAIN):
        return Verdict.PLAIN
    return Verdict.REFUSED


def retry_after_s(error: TelegramError) -> float:
    """Seconds that Telegram wants to be left alone; 0 where it did not say."""
    if not isinstance(error, RetryAfter):
        return 0.0
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()
