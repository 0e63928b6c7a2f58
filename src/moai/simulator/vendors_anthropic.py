"""The messages format as Anthropic's server speaks it; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from moai.simulator.vendors_schemas import schema_complaint
from moai.simulator.vendors_scripts import Ending, Plan
from moai.simulator.vendors_shape import Counts, Json, event, mapping, objects, unknown_field

NAME = "anthropic"
KEY_STATUS = 401

_FIELDS = frozenset(("model", "max_tokens", "messages", "stream", "system", "temperature", "output_config"))
_BLOCK_FIELDS = frozenset(("type", "text", "source", "cache_control"))
_MOST_MARKS = 4
_REASONS = {Ending.STOP: "end_turn", Ending.LENGTH: "max_tokens", Ending.REFUSAL: "refusal"}
_WORDS = {
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


def key_of(headers: Mapping[str, str]) -> str:
    """Return the key's header."""
    return headers.get("x-api-key", "")


def complaint(headers: Mapping[str, str], body: Json) -> str | None:
    """Return what Anthropic would not accept, or None."""
    if not headers.get("anthropic-version"):
        return "anthropic-version: header is required"
    unknown = unknown_field(body, _FIELDS)
    if unknown:
        return f"{unknown}: Extra inputs are not permitted"
    limit = body.get("max_tokens")
    if not isinstance(limit, int) or limit < 1:
        return "max_tokens: Field required"
    if "system" in body and not system(body).strip():
        return "system: text content blocks must be non-empty"
    return _messages_complaint(body.get("messages")) or _marks_complaint(body) or _format_complaint(body)


def turns(body: Json) -> list[Json]:
    """Return the messages."""
    return objects(body.get("messages"))


def parts(turn: Json) -> list[Json]:
    """Return a message's content blocks."""
    return _blocks(turn.get("content"))


def image(part: Json) -> tuple[str, str] | None:
    """Return what the source of an image block holds."""
    source = mapping(part.get("source"))
    if part.get("type") != "image":
        return None
    return str(source.get("media_type")), str(source.get("data")) if source.get("type") == "base64" else "?"


def system(body: Json) -> str:
    """Return the system prompt's text."""
    return "\n\n".join(str(block.get("text")) for block in _blocks(body.get("system", [])))


def schema(body: Json) -> Json | None:
    """Return the schema in the output's configuration."""
    wanted = mapping(mapping(body.get("output_config")).get("format"))
    return mapping(wanted.get("schema")) if wanted.get("type") == "json_schema" else None


def schemalessness(model: str) -> str:
    """Return what Anthropic says where a model follows no schema."""
    del model
    return "output_config.format: Extra inputs are not permitted"


def blindness(model: str) -> str:
    """Return what Anthropic says where a model takes no pictures."""
    return f"'{model}' does not support image input."


def error(status: int, message: str, word: str = "") -> Json:
    """Return the body of an error."""
    kind = word or _WORDS.get(status, "api_error" if status >= 500 else "invalid_request_error")
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}


def opening(model: str, counts: Counts) -> bytes:
    """Return the start of the message and a ping."""
    usage = {"input_tokens": counts.asked, "cache_read_input_tokens": 0, "output_tokens": 1}
    message = {**_head(model), "content": [], "stop_reason": None, "usage": usage}
    return _event({"type": "message_start", "message": message}) + _event({"type": "ping"})


def thought(model: str, thoughts: str) -> bytes:
    """Return a whole block of thought."""
    del model
    return b"".join(
        (
            _started(0, {"type": "thinking", "thinking": "", "signature": ""}),
            _grew(0, {"type": "thinking_delta", "thinking": thoughts}),
            _grew(0, {"type": "signature_delta", "signature": "c2lnbmVk"}),
            _event({"type": "content_block_stop", "index": 0}),
        )
    )


def words(model: str, parts: Iterable[str]) -> Iterator[bytes]:
    """Yield the start of a block with the first part, then the growth of it."""
    del model
    head = _started(1, {"type": "text", "text": ""})
    for part in parts:
        yield head + _grew(1, {"type": "text_delta", "text": part})
        head = b""


def closing(model: str, plan: Plan, counts: Counts) -> bytes:
    """Return the end of the block and of the message, with the reason and the usage."""
    del model
    block = _event({"type": "content_block_stop", "index": 1}) if plan.parts else b""
    delta = {"stop_reason": _REASONS[plan.ending], "stop_sequence": None}
    usage = {"output_tokens": counts.said}
    end = _event({"type": "message_delta", "delta": delta, "usage": usage})
    return block + end + _event({"type": "message_stop"})


def overload() -> bytes:
    """Return the error event of an overload."""
    return _event(error(529, "Overloaded"))


def whole(model: str, plan: Plan, counts: Counts) -> Json:
    """Return a message that is not streamed."""
    content = [{"type": "text", "text": plan.text}] if plan.text else []
    usage = {"input_tokens": counts.asked, "output_tokens": counts.said}
    return {**_head(model), "content": content, "stop_reason": _REASONS[plan.ending], "usage": usage}


def _messages_complaint(messages: Any) -> str | None:
    if not isinstance(messages, list) or not messages:
        return "messages: at least one message is required"
    roles = [mapping(message).get("role") for message in messages]
    if not {*roles} <= {"user", "assistant"}:
        return "messages: roles must be either 'user' or 'assistant'"
    if roles[0] != "user" or any(one == other for one, other in pairwise(roles)):
        return "messages: first message must use the user role, and roles must alternate"
    return None


def _format_complaint(body: Json) -> str | None:
    if "output_config" not in body:
        return None
    wanted = schema(body)
    if wanted is None:
        return "output_config.format.type: Input should be 'json_schema'"
    complaint = schema_complaint(wanted)
    return f"output_config.format.schema: {complaint}" if complaint else None


def _marks_complaint(body: Json) -> str | None:
    """Return what is wrong with the marks of the cache: at most four, of the one known type, on blocks only."""
    blocks = [*_blocks(body.get("system", [])), *(block for turn in turns(body) for block in parts(turn))]
    marks = [block["cache_control"] for block in blocks if "cache_control" in block]
    if len(marks) > _MOST_MARKS:
        return f"A maximum of {_MOST_MARKS} blocks with cache_control may be provided. Found {len(marks)}."
    if any(mapping(mark).get("type") != "ephemeral" for mark in marks):
        return "cache_control.type: Input should be 'ephemeral'"
    unknown = (unknown_field(block, _BLOCK_FIELDS) for block in blocks)
    return next((f"messages.content.{name}: Extra inputs are not permitted" for name in unknown if name), None)


def _blocks(content: Any) -> list[Json]:
    return objects(content) if isinstance(content, list) else [{"type": "text", "text": content}]


def _head(model: str) -> dict[str, Any]:
    return {"id": "msg_1", "type": "message", "role": "assistant", "model": model}


def _started(index: int, block: Json) -> bytes:
    return _event({"type": "content_block_start", "index": index, "content_block": block})


def _grew(index: int, delta: Json) -> bytes:
    return _event({"type": "content_block_delta", "index": index, "delta": delta})


def _event(data: Json) -> bytes:
    return event(data, name=data["type"])
