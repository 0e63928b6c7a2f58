"""What each refusal of Telegram's means, in the words that its server uses."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from moai.bot.verdicts import Verdict, in_words, retry_after_s, verdict_on


def timed_out(cause: httpx.TimeoutException) -> TimedOut:
    error = TimedOut()
    error.__cause__ = cause
    return error


BAD_REQUESTS = {
    "Message is not modified: specified new message content and reply markup are exactly the same": Verdict.DONE,
    "Chat not found": Verdict.GONE,
    "Message thread not found": Verdict.GONE,
    "TOPIC_CLOSED": Verdict.GONE,
    "TOPIC_DELETED": Verdict.GONE,
    "Have no write access to the chat": Verdict.GONE,
    "Not enough rights to send text messages to the chat": Verdict.GONE,
    "Have no rights to send a message": Verdict.GONE,
    "CHAT_WRITE_FORBIDDEN": Verdict.GONE,
    "Can't parse entities: can't find end of bold entity at byte offset 3": Verdict.REFUSED,
    "Entity_mention_user_invalid": Verdict.REFUSED,
    "ENTITY_BOUNDS_INVALID": Verdict.REFUSED,
    "Message is too long": Verdict.REFUSED,
    "Message text is empty": Verdict.REFUSED,
    "Message to edit not found": Verdict.REFUSED,
    "TEXTDRAFT_PEER_INVALID": Verdict.REFUSED,
}


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (RetryAfter(3), Verdict.WAIT),
        (NetworkError("httpx.ConnectError"), Verdict.AGAIN),
        (TimedOut(), Verdict.AGAIN),
        (timed_out(httpx.ConnectTimeout("no connection")), Verdict.AGAIN),
        (timed_out(httpx.PoolTimeout("no free connection")), Verdict.AGAIN),
        (timed_out(httpx.ReadTimeout("no answer")), Verdict.DOUBTFUL),
        (Forbidden("bot was blocked by the user"), Verdict.GONE),
        (Forbidden("bot was kicked from the supergroup chat"), Verdict.GONE),
        (Forbidden("user is deactivated"), Verdict.GONE),
        (Conflict("terminated by other getUpdates request"), Verdict.UNCLEAR),
        (InvalidToken("Unauthorized"), Verdict.UNCLEAR),
        (TelegramError("Invalid server response"), Verdict.UNCLEAR),
        *[(BadRequest(text), verdict) for text, verdict in BAD_REQUESTS.items()],
    ],
    ids=str,
)
def test_each_error_has_its_verdict(error: TelegramError, verdict: Verdict) -> None:
    assert verdict_on(error) is verdict


@pytest.mark.parametrize("wait", [3, timedelta(seconds=3)], ids=["seconds", "duration"])
def test_the_wait_is_in_seconds_however_the_library_tells_it(wait: int | timedelta) -> None:
    assert retry_after_s(RetryAfter(wait)) == 3.0


@pytest.mark.parametrize("as_duration", ["1", "0"])
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_the_wait_is_the_same_with_either_setting_of_the_library(
    as_duration: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", as_duration)

    assert retry_after_s(RetryAfter(timedelta(seconds=90))) == 90.0


def test_who_names_no_wait_gets_none() -> None:
    assert retry_after_s(NetworkError("offline")) == 0.0


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (timed_out(httpx.ConnectTimeout("Cannot connect to host telegram:443")), "Cannot connect to host telegram:443"),
        (timed_out(httpx.ReadTimeout("")), "Timed out"),
        (TimedOut(), "Timed out"),
        (NetworkError("httpx.ReadError: reset"), "httpx.ReadError: reset"),
        (TimeoutError(), "TimeoutError"),
    ],
    ids=str,
)
def test_why_a_call_failed_is_told_by_whoever_knows(error: Exception, words: str) -> None:
    assert in_words(error) == words
