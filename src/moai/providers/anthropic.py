"""The Anthropic messages format; owns no network.

https://docs.anthropic.com/en/api/messages and https://docs.anthropic.com/en/api/messages-streaming
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from moai.core.model import Prompt, Usage
from moai.providers.faults import fault_in
from moai.providers.wire import (
    NOTHING,
    End,
    Json,
    Piece,
    Target,
    alternating,
    count,
    items,
    mapping,
    string,
    total,
)

INLINE_THOUGHTS = False

VERSION = "2023-06-01"

_ENDS = {
    "max_tokens": End.LENGTH,
    "model_context_window_exceeded": End.LENGTH,
    "refusal": End.REFUSED,
}
_TOO_MANY_TOKENS = re.compile(r"max_tokens: \d+ > (\d+)")


def url(target: Target) -> str:
    """Return where to post."""
    return f"{target.base_url}/v1/messages"


def headers(target: Target) -> dict[str, str]:
    """Return the key's header and the version's."""
    return {"x-api-key": target.api_key, "anthropic-version": VERSION}


def payload(target: Target, prompt: Prompt) -> dict[str, Any]:
    """Return the body of a request for a streamed answer; an empty system prompt is left out."""
    messages = [{"role": turn.role.value, "content": turn.text} for turn in alternating(prompt.turns)]
    body = {
        "model": target.model,
        "max_tokens": target.max_output_tokens,
        "messages": messages,
        "stream": True,
    }
    return {**body, "system": prompt.system} if prompt.system.strip() else body


def amended(payload: Json, complaint: str) -> dict[str, Any] | None:
    """Lower `max_tokens` to what the model allows, where the complaint says how much that is."""
    allowed = _TOO_MANY_TOKENS.search(complaint)
    return {**payload, "max_tokens": int(allowed[1])} if allowed else None


def parse(event: Json) -> Piece:
    """Return what an event, or a whole message, says; never raises."""
    fault = fault_in(event)
    if fault:
        return Piece(fault=fault)
    read = _READERS.get(string(event.get("type")))
    return read(event) if read else NOTHING


def _message(message: Json) -> Piece:
    return Piece(
        text="".join(_text(block, "text") for block in items(message.get("content"))),
        model=string(message.get("model")),
        usage=_usage(mapping(message.get("usage"))),
        end=_end(message.get("stop_reason")),
    )


def _delta(event: Json) -> Piece:
    reason = mapping(event.get("delta")).get("stop_reason")
    return Piece(usage=_usage(mapping(event.get("usage"))), end=_end(reason))


def _text(block: Any, kind: str) -> str:
    found = mapping(block)
    return string(found.get("text")) if found.get("type") == kind else ""


def _usage(usage: Json) -> Usage:
    cached = (usage.get("cache_creation_input_tokens"), usage.get("cache_read_input_tokens"))
    return Usage(total(usage.get("input_tokens"), *cached), count(usage.get("output_tokens")))


def _end(reason: Any) -> End | None:
    return _ENDS.get(reason, End.COMPLETE) if isinstance(reason, str) and reason else None


_READERS: Mapping[str, Callable[[Json], Piece]] = {
    "message": _message,
    "message_start": lambda event: _message(mapping(event.get("message"))),
    "content_block_start": lambda event: Piece(text=_text(event.get("content_block"), "text")),
    "content_block_delta": lambda event: Piece(text=_text(event.get("delta"), "text_delta")),
    "message_delta": _delta,
    "message_stop": lambda _event: Piece(end=End.COMPLETE),
}
