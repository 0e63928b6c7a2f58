"""The sentences and the details of errors: plain words, the vendor's name, and no key."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.errors import Overloaded, ProviderError, RateLimited, RequestRejected, UnknownModel, WrongKey
from moai.providers.errors import from_reply, scrub
from moai.providers.sentences import duration, unknown_model, variable
from moai.providers.wire import Target

TARGET = Target("mistral-eu", "large", "https://api.test", "topsecretkey")


def reply(status: int, body: bytes = b"{}", **headers: str) -> ProviderError:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return from_reply(TARGET, status, httpx.Headers(named), body)


def test_an_own_provider_is_named_with_its_own_variables() -> None:
    assert reply(401).sentence == (
        "mistral-eu refused the API key. Whoever runs the bot has to check MOAI_PROVIDERS__MISTRAL_EU__API_KEY."
    )
    assert variable("openrouter", "API_KEY") == "OPENROUTER_API_KEY"
    assert variable("ollama", "BASE_URL") == "OLLAMA_BASE_URL"
    assert variable("ollama", "API_KEY") == "MOAI_PROVIDERS__OLLAMA__API_KEY"


def test_an_unknown_model_is_named() -> None:
    told, guessed = reply(404), reply(404, b"<html>")

    assert (type(told), type(guessed)) == (UnknownModel, UnknownModel)
    assert told.sentence.startswith("mistral-eu has no model called large.")
    assert "MOAI_PROVIDERS__MISTRAL_EU__BASE_URL" in guessed.sentence


def test_a_model_is_looked_for_where_it_is_set() -> None:
    heard = replace(TARGET, setting="MOAI_TRANSCRIPTION")

    assert unknown_model(TARGET, ("big", "larger")) == (
        "mistral-eu has no model called large. Its nearest are big, larger. "
        "Whoever runs the bot has to check MOAI_MODELS."
    )
    assert unknown_model(heard, ("big",)).endswith(
        "Its nearest is big. Whoever runs the bot has to check MOAI_TRANSCRIPTION."
    )


def test_a_missing_list_is_told() -> None:
    error = from_reply(replace(TARGET, model=""), 404, httpx.Headers(), b"404 page not found")

    assert error.sentence == (
        "There is no list of models at mistral-eu's address. "
        "Whoever runs the bot has to check MOAI_PROVIDERS__MISTRAL_EU__BASE_URL."
    )


def test_a_rejected_request_may_quote_the_vendor() -> None:
    assert reply(400, b'{"message": "Too\\n long."}').sentence == ("mistral-eu did not accept the request: Too long.")
    assert reply(400).sentence == "mistral-eu did not accept the request."
    assert reply(400, b"x" * 9999).sentence.endswith("x…")
    assert type(reply(400)) is RequestRejected


def test_the_sentence_of_a_plain_500_also_fits_a_wrong_key() -> None:
    assert "check its address and key" in reply(500, b"Internal Server Error").sentence
    assert reply(500).sentence == "mistral-eu has a fault of its own. Try again in a moment."
    assert reply(529).sentence == "mistral-eu is overloaded. Try again in a moment."
    assert reply(503, retry_after="180").sentence == "mistral-eu is overloaded. Try again in 3 minutes."
    assert type(reply(500)) is Overloaded


def test_what_is_known_of_the_reply_is_kept() -> None:
    error = reply(429, b'{"error": {"message": "Slow down"}}', retry_after="7", x_request_id="req_7")

    assert type(error) is RateLimited
    assert (error.reply.status, error.reply.request_id, error.reply.retry_after_s) == (429, "req_7", 7)
    assert (error.reply.provider, error.reply.model, error.reply.detail) == (
        "mistral-eu",
        "large",
        "Slow down",
    )


def test_the_header_counts_more_than_the_body() -> None:
    body = b'{"error": {"details": [{"retryDelay": "40s"}]}}'

    assert reply(429, body).reply.retry_after_s == 40
    assert reply(429, body, retry_after="7").reply.retry_after_s == 7


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Your key topsecretkey is wrong", "Your key [key] is wrong"),
        ("Incorrect API key provided: sk-proj-********abcd.", "Incorrect API key provided: [key]"),
        ("key AIzaSyA1234567890 expired", "key [key] expired"),
        ("Bad key: top****key", "Bad key: [key]"),
        ("a risk-averse\n\tmodel", "a risk-averse model"),
    ],
)
def test_keys_are_scrubbed(message: str, shown: str) -> None:
    assert scrub(message, "topsecretkey") == shown


@given(st.text(), st.text(alphabet="abcdef0123456789", min_size=8, max_size=20))
def test_no_message_carries_the_key(message: str, key: str) -> None:
    shown = scrub(f"{message}{key} {message}", key)

    assert key not in shown
    assert len(shown) <= 300
    assert WrongKey(shown).sentence is not None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (60, "60 seconds"),
        (119.5, "120 seconds"),
        (120, "2 minutes"),
        (600, "10 minutes"),
        (601, "11 minutes"),
        (86400, "24 hours"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words
