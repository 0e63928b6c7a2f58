"""The Anthropic messages format; owns no network.

https://docs.anthropic.com/en/api/messages and https://docs.anthropic.com/en/api/messages-streaming;
https://platform.claude.com/docs/en/build-with-claude/structured-outputs
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from moai.core.model import Usage
from moai.core.prompts import Prompt, Turn
from moai.core.records import ListedModel
from moai.providers.faults import fault_in
from moai.providers.wire import (
    NOTHING,
    UNCOUNTED,
    End,
    Json,
    ModelPage,
    Piece,
    Target,
    base64_of,
    count,
    entries,
    items,
    mapping,
    messages,
    string,
    total,
    without,
)

INLINE_THOUGHTS = False

VERSION = "2023-06-01"

_ENDS = {
    "max_tokens": End.LENGTH,
    "model_context_window_exceeded": End.LENGTH,
    "refusal": End.REFUSED,
}
_CACHE_MARK = {"cache_control": {"type": "ephemeral"}}
_MARKED_MESSAGES = 3
_PAGE = 1000
_TOO_MANY_TOKENS = re.compile(r"max_tokens: \d+ > (\d+)")


def url(target: Target) -> str:
    """Return where to post."""
    return f"{target.base_url}/v1/messages"


def headers(target: Target) -> dict[str, str]:
    """Return the key's header and the version's."""
    return {"x-api-key": target.api_key, "anthropic-version": VERSION}


def payload(target: Target, prompt: Prompt) -> dict[str, Any]:
    """Return the body of a request for a streamed answer; an empty system prompt is left out.

    What has been sent before stands unchanged in the next request, but for the marks of the cache.
    """
    body: dict[str, Any] = {
        "model": target.model,
        "max_tokens": target.max_output_tokens,
        "messages": _messages(prompt),
        "stream": True,
    }
    if prompt.schema is not None:
        body["output_config"] = {"format": {"type": "json_schema", "schema": prompt.schema}}
    if not prompt.system.strip():
        return body
    return {**body, "system": [{"type": "text", "text": prompt.system, **_CACHE_MARK}]}


def amended(payload: Json, complaint: str) -> dict[str, Any] | None:
    """Lower `max_tokens` to what the model allows, or leave out the marks of the cache, where the complaint says so.

    Else leave out the schema of the answer.
    """
    unmarked: dict[str, Any] = _unmarked(payload)
    if "cache_control" in complaint and unmarked != payload:
        return unmarked
    allowed = _TOO_MANY_TOKENS.search(complaint)
    return {**payload, "max_tokens": int(allowed[1])} if allowed else without(payload, "output_config")


def parse(event: Json) -> Piece:
    """Return what an event, or a whole message, says; never raises."""
    fault = fault_in(event)
    if fault:
        return Piece(fault=fault)
    read = _READERS.get(string(event.get("type")))
    return read(event) if read else NOTHING


def models_url(target: Target, after: str) -> str:
    """Return where to get a page of the list of models: https://docs.anthropic.com/en/api/models-list."""
    query = {"limit": _PAGE, "after_id": after} if after else {"limit": _PAGE}
    return f"{target.base_url}/v1/models?{urlencode(query)}"


def listed(body: Json) -> ModelPage:
    """Return the models of a page; a creation at the beginning of Unix time stands for an unknown one."""
    found = [ListedModel(string(each.get("id")), _seconds(each.get("created_at"))) for each in entries(body, "data")]
    return ModelPage(tuple(found), string(body.get("last_id")) if body.get("has_more") is True else "")


def _messages(prompt: Prompt) -> list[dict[str, Any]]:
    """Return a message for each change of roles, with a block for each turn, and mark where the cache may end.

    Marked are the end of this request, the answer before its last message and the end of the request which that
    answered: with the system prompt four, which is all that the vendor allows.
    https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching
    """
    said: list[dict[str, Any]] = [
        {"role": role.value, "content": [block for turn in group for block in _blocks(turn)]}
        for role, group in messages(prompt.turns)
    ]
    for message in said[-_MARKED_MESSAGES:]:
        message["content"][-1] |= _CACHE_MARK
    return said


def _blocks(turn: Turn) -> list[dict[str, Any]]:
    sources = [{"type": "base64", "media_type": image.media_type, "data": base64_of(image)} for image in turn.images]
    pictures: list[dict[str, Any]] = [{"type": "image", "source": source} for source in sources]
    return [*pictures, {"type": "text", "text": turn.text}] if turn.text.strip() else pictures


def _unmarked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unmarked(item) for item in value]
    if isinstance(value, dict):
        return {name: _unmarked(item) for name, item in value.items() if name not in _CACHE_MARK}
    return value


def _seconds(moment: Any) -> float | None:
    """Return the seconds of Unix time of an RFC 3339 date."""
    try:
        told = datetime.fromisoformat(string(moment))
    except ValueError:
        return None
    seconds = (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp()
    return seconds if seconds > 0 else None


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
    if not usage:
        return UNCOUNTED
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
