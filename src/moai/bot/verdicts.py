"""What Telegram's refusals mean for the call that met them; pure."""

from __future__ import annotations

from enum import Enum, auto

from telegram.error import (
    BadRequest,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)


class Verdict(Enum):
    """What to do about a call that failed."""

    DONE = auto()  # the chat shows it already
    WAIT = auto()  # a flood limit: the same call again, after the time that Telegram names
    AGAIN = auto()  # the network or the server: the same call again, later
    DOUBTFUL = auto()  # sent, and no answer came back in time: it may or may not have gone through
    GONE = auto()  # the chat or the topic is gone, or the bot is not welcome in it
    UNCLEAR = auto()  # nothing that says anything about the chat: a wrong token, an unknown method, a garbled page
    REFUSED = auto()  # anything else, formatting among it: this call will never go through


# Descriptions are the only thing that tells bad requests apart: the Bot API has one code, 400, for all of them.
_GONE = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "chat_restricted",
    "have no write access to the chat",
    "message thread not found",
    "topic_closed",
    "topic_deleted",
    "topic_id_invalid",
    "user is deactivated",
    "not enough rights to send text messages",
    "chat_write_forbidden",
    "have no rights to send",
)


def verdict_on(error: TelegramError) -> Verdict:
    """Tell what to do about a failed call; BadRequest is a NetworkError in this library, so it is asked first."""
    match error:
        case RetryAfter():
            return Verdict.WAIT
        case Forbidden():
            return Verdict.GONE
        case BadRequest():
            return _verdict_on_bad_request(str(error).lower())
        case TimedOut() if _was_sent(error):
            return Verdict.DOUBTFUL
        case NetworkError():
            return Verdict.AGAIN
        case _:
            return Verdict.UNCLEAR


def _verdict_on_bad_request(description: str) -> Verdict:
    if "message is not modified" in description:
        return Verdict.DONE
    if any(phrase in description for phrase in _GONE):
        return Verdict.GONE
    return Verdict.REFUSED


def _was_sent(error: TimedOut) -> bool:
    # The library has one error for every time-out; only what is below it tells when it struck: the line's own for
    # plain calls, the HTTP client's for files.
    return isinstance(error.__cause__, TimeoutError) or type(error.__cause__).__name__ == "ReadTimeout"


def in_words(error: Exception) -> str:
    """Say why a call failed: to the library, a connection that could not be made is a time-out like any other."""
    cause = error.__cause__ if isinstance(error, TimedOut) else None
    return str(cause or "") or str(error) or type(error).__name__


def retry_after_s(error: TelegramError) -> float:
    """Seconds that Telegram wants to be left alone; 0 where it did not say."""
    if not isinstance(error, RetryAfter):
        return 0.0
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()
