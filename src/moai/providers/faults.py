"""Reads what vendors say of errors, and tells which of MoAI's errors it is; owns no sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

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
from moai.providers.wire import Fault, Json, NotTheFormatError, count, items, mapping, objects, string

Kind = type[ProviderError]

# OpenRouter says this and no more of an error whose words it passes on beside it.
_PASSED_ON = "provider returned error"
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)s")

# Words that say more than the status they come with: a 429 without credit, a wrong key behind a 400 or 500.
_TELLING: Mapping[str, Kind] = {
    "insufficient_quota": OutOfCredit,
    "billing_hard_limit_reached": OutOfCredit,
    "billing_not_active": OutOfCredit,
    "billing_error": OutOfCredit,
    "insufficient_credits": OutOfCredit,
    "api_key_invalid": WrongKey,
    "invalid_api_key": WrongKey,
    "authentication_error": WrongKey,
    "auth_error": WrongKey,
    "no_db_connection": WrongKey,
    "model_not_found": UnknownModel,
    "content_filter": Refused,
    "content_policy_violation": Refused,
    "flagged_input": Refused,
    "unsupported_country_region_territory": RequestRejected,
}

_TELLING_PHRASES: Mapping[str, Kind] = {
    "credit balance is too low": OutOfCredit,
    "insufficient balance": OutOfCredit,
    "api key not valid": WrongKey,
    "invalid api key": WrongKey,
    "incorrect api key": WrongKey,
    "is not a valid model": UnknownModel,
}

# What is left where an error comes inside a 200, without a status.
_GENERAL: Mapping[str, Kind] = {
    "rate_limit_error": RateLimited,
    "rate_limit_exceeded": RateLimited,
    "resource_exhausted": RateLimited,
    "permission_error": WrongKey,
    "permission_denied": WrongKey,
    "unauthenticated": WrongKey,
    "not_found_error": UnknownModel,
    "not_found": UnknownModel,
    "invalid_request_error": RequestRejected,
    "invalid_argument": RequestRejected,
    "failed_precondition": RequestRejected,
    "request_too_large": RequestRejected,
    "context_length_exceeded": RequestRejected,
}

_BY_STATUS: Mapping[int, Kind] = {
    401: WrongKey,
    402: OutOfCredit,
    403: WrongKey,
    404: UnknownModel,
    408: Overloaded,
    429: RateLimited,
}


def classify(fault: Fault) -> Kind:
    """Return the class of error that a vendor's fault is."""
    for word, kind in _TELLING.items():
        if word in fault.words:
            return kind
    message = fault.message.casefold()
    for phrase, kind in _TELLING_PHRASES.items():
        if phrase in message:
            return kind
    if fault.status is not None:
        return _kind_of(fault.status)
    return next((kind for word, kind in _GENERAL.items() if word in fault.words), Overloaded)


def read_fault(status: int, body: bytes) -> Fault:
    """Return what the body of an error says, in any vendor's format, plain text or a proxy's HTML."""
    text = body.decode("utf-8", "replace").strip()
    try:
        said = next(objects(text), {})
    except NotTheFormatError:
        return Fault(status=status, message="" if text.startswith("<") else text, explained=False)
    return _fault(status, said)


def fault_in(event: Json) -> Fault | None:
    """Return the fault that an event of a 200 reports, or None where it reports none.

    vLLM writes `"object": "error"`, OpenRouter may write `"finish_reason": "error"` and nothing else.
    """
    faulty = event.get("error") or "error" in (event.get("object"), event.get("finish_reason"))
    return _fault(None, event) if faulty else None


def _kind_of(status: int) -> Kind:
    if status >= 500:
        return Overloaded
    return _BY_STATUS.get(status, RequestRejected if status >= 400 else MalformedAnswer)


def _fault(status: int | None, said: Json) -> Fault:
    error = mapping(said.get("error")) or said
    details = [mapping(detail) for detail in items(error.get("details"))]
    return Fault(
        status=status or _written_status(error.get("code")),
        words=frozenset(_words(error, details)),
        message=_message(said, error),
        retry_after_s=next(filter(None, (_seconds(detail.get("retryDelay")) for detail in details)), None),
    )


def _written_status(code: Any) -> int | None:
    number = int(code) if isinstance(code, str) and code.isdecimal() and len(code) == 3 else count(code)
    return number if number is not None and 400 <= number < 600 else None


def _words(error: Json, details: list[Json]) -> Iterator[str]:
    fields = [error.get("type"), error.get("code"), error.get("status")]
    for word in (*fields, *(detail.get("reason") for detail in details)):
        if isinstance(word, str) and word:
            yield word.casefold()
    yield from (word for word in ("flagged_input",) if word in mapping(error.get("metadata")))


def _message(said: Json, error: Json) -> str:
    """Return the first of the places where gateways put a sentence; FastAPI's `detail` may be a list."""
    passed_on = string(mapping(error.get("metadata")).get("raw"))
    if passed_on and string(error.get("message")).casefold() == _PASSED_ON:
        return read_fault(0, passed_on.encode("utf-8", "replace")).message or string(error.get("message"))
    detail = said.get("detail")
    plain = (error.get("message"), said.get("error"), said.get("message"), detail)
    return next(filter(None, map(string, plain)), json.dumps(detail) if detail else "")


def _seconds(duration: Any) -> float | None:
    """Return the seconds of a Google duration such as `34s` or `0.5s`."""
    found = _DURATION.fullmatch(string(duration))
    return float(found[1]) if found else None
