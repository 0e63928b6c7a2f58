"""Which error a vendor's fault is, from bodies as vendors and gateways send them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.errors import (
    MalformedAnswer,
    OutOfCredit,
    Overloaded,
    ProviderError,
    RateLimited,
    Refused,
    RequestRejected,
    UnknownModel,
    WrongKey,
)
from moai.providers.faults import classify, fault_in, read_fault

INVALID_KEY = {
    "error": {
        "code": 400,
        "message": "API key not valid. Please pass a valid API key.",
        "status": "INVALID_ARGUMENT",
        "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}],
    }
}
NO_DATABASE = {"error": {"message": "No connected db.", "type": "no_db_connection", "code": "400"}}


def openai_error(message: str = "", **fields: Any) -> dict[str, Any]:
    return {"error": {"message": message, "param": None, **fields}}


def passed_on(raw: str, message: str = "Provider returned error") -> dict[str, Any]:
    """Return an error as OpenRouter passes its provider's on."""
    return openai_error(message, code=400, metadata={"provider_name": "x", "raw": raw})


REPLIES: list[tuple[int, Any, type[ProviderError]]] = [
    (401, openai_error(type="invalid_request_error", code="invalid_api_key"), WrongKey),
    (403, openai_error(code="model_not_found"), UnknownModel),
    (403, openai_error(code="unsupported_country_region_territory"), RequestRejected),
    (403, openai_error(code=403, metadata={"reasons": ["violence"], "flagged_input": "x"}), Refused),
    (429, openai_error(type="insufficient_quota", code="insufficient_quota"), OutOfCredit),
    (429, openai_error(type="requests", code="rate_limit_exceeded"), RateLimited),
    (400, openai_error(code="context_length_exceeded"), RequestRejected),
    (400, openai_error(code="content_filter"), Refused),
    (400, openai_error("org/none is not a valid model ID", code=400), UnknownModel),
    (402, openai_error("Insufficient Balance"), OutOfCredit),
    (400, passed_on('{"error": {"message": "Your credit balance is too low"}}'), OutOfCredit),
    (408, openai_error(code=408), Overloaded),
    (404, {"error": "model 'x' not found"}, UnknownModel),
    (404, "404 page not found", UnknownModel),
    (529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, Overloaded),
    (400, {"type": "error", "error": {"message": "Your credit balance is too low"}}, OutOfCredit),
    (400, INVALID_KEY, WrongKey),
    (400, [INVALID_KEY], WrongKey),
    (400, NO_DATABASE, WrongKey),
    (500, {"error": {"type": "auth_error", "message": "Authentication Error"}}, WrongKey),
    (500, "Internal Server Error", Overloaded),
    (422, {"detail": [{"loc": ["body", "stream_options"], "msg": "Extra inputs"}]}, RequestRejected),
    (304, "", MalformedAnswer),
]


@pytest.mark.parametrize(("status", "body", "expected"), REPLIES, ids=str)
def test_replies(status: int, body: Any, expected: type[ProviderError]) -> None:
    sent = body if isinstance(body, str) else json.dumps(body)

    fault = read_fault(status, sent.encode())

    assert classify(fault) is expected
    assert fault.status == status
    assert fault.explained is not isinstance(body, str)


EVENTS: list[tuple[dict[str, Any], type[ProviderError]]] = [
    ({"type": "error", "error": {"type": "overloaded_error"}}, Overloaded),
    ({"type": "error", "error": {"type": "rate_limit_error"}}, RateLimited),
    ({"type": "error", "error": {"type": "invalid_request_error"}}, RequestRejected),
    ({"error": {"code": 429, "message": "slow down"}}, RateLimited),
    ({"error": {"code": "502", "message": "bad gateway"}}, Overloaded),
    ({"error": {"code": "server_error"}}, Overloaded),
    ({"error": {"code": 503, "status": "UNAVAILABLE"}}, Overloaded),
    ({"error": "out of memory"}, Overloaded),
    ({"object": "error", "message": "context too long", "code": 400}, RequestRejected),
    ({"finish_reason": "error"}, Overloaded),
]


@pytest.mark.parametrize(("event", "expected"), EVENTS, ids=str)
def test_faults_inside_a_stream(event: dict[str, Any], expected: type[ProviderError]) -> None:
    fault = fault_in(event)

    assert fault is not None
    assert classify(fault) is expected


@pytest.mark.parametrize("event", [{}, {"error": None}, {"finish_reason": "stop"}, {"object": "chunk"}])
def test_other_events_hold_no_fault(event: dict[str, Any]) -> None:
    assert fault_in(event) is None


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": {"message": "one"}}, "one"),
        ({"error": "two"}, "two"),
        ({"message": "three"}, "three"),
        ({"detail": "four"}, "four"),
        ({"detail": [{"loc": ["body"]}]}, '[{"loc": ["body"]}]'),
        ("five", "five"),
        ("<html>six</html>", ""),
        (passed_on(json.dumps({"error": {"message": "seven"}})), "seven"),
        (passed_on("eight"), "eight"),
        (passed_on("<html>nine</html>"), "Provider returned error"),
        (passed_on("{}", "ten"), "ten"),
        ({}, ""),
        ([], ""),
    ],
)
def test_where_the_message_is(body: Any, message: str) -> None:
    sent = body if isinstance(body, str) else json.dumps(body)

    assert read_fault(400, sent.encode()).message == message


@pytest.mark.parametrize(("delay", "seconds"), [("34s", 34), ("0.5s", 0.5), ("soon", None), (7, None), ("infs", None)])
def test_googles_wait(delay: Any, seconds: float | None) -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}]
    body = {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "details": details}}

    assert read_fault(429, json.dumps(body).encode()).retry_after_s == seconds


@given(st.integers(100, 599), st.binary(max_size=60))
def test_no_body_makes_it_raise(status: int, body: bytes) -> None:
    assert issubclass(classify(read_fault(status, body)), ProviderError)
