"""The chat-completions format as OpenAI's server speaks it; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from moai.simulator.vendors_schemas import schema_complaint
from moai.simulator.vendors_scripts import Ending, Plan
from moai.simulator.vendors_shape import Counts, Json, event, mapping, objects, unknown_field

NAME = "openai"
KEY_STATUS = 401

_FIELDS = frozenset(
    (
        *("model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "temperature"),
        "response_format",
    )
)
_FORMATS = frozenset(("text", "json_object", "json_schema"))
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ROLES = frozenset(("system", "developer", "user", "assistant"))
_SYSTEM = frozenset(("system", "developer"))
_DATA_URL = re.compile(r"data:([^;,]*);base64,(.*)", re.DOTALL)
_REASONS = {Ending.STOP: "stop", Ending.LENGTH: "length", Ending.REFUSAL: "content_filter"}
_WORDS = {
    401: ("invalid_request_error", "invalid_api_key"),
    402: ("insufficient_credits", "402"),
    404: ("invalid_request_error", "model_not_found"),
    429: ("requests", "rate_limit_exceeded"),
}


def key_of(headers: Mapping[str, str]) -> str:
    """Return the bearer's token."""
    return headers.get("Authorization", "").removeprefix("Bearer ")


def complaint(headers: Mapping[str, str], body: Json) -> str | None:
    """Return what OpenAI would not accept, or None."""
    del headers
    unknown = unknown_field(body, _FIELDS)
    if unknown:
        return f"Unrecognized request argument supplied: {unknown}"
    if "stream_options" in body and body.get("stream") is not True:
        return "The 'stream_options' parameter is only allowed when 'stream' is enabled."
    messages = body.get("messages")
    if not isinstance(body.get("model"), str) or not isinstance(messages, list) or not messages:
        return "you must provide a model parameter and messages"
    if any(mapping(message).get("role") not in _ROLES for message in messages):
        return "Invalid value for 'messages[].role'"
    return _format_complaint(body)


def turns(body: Json) -> list[Json]:
    """Return the messages but for the system's."""
    return [message for message in objects(body.get("messages")) if message.get("role") not in _SYSTEM]


def parts(turn: Json) -> list[Json]:
    """Return a message's content parts."""
    content = turn.get("content")
    return objects(content) if isinstance(content, list) else [{"type": "text", "text": content}]


def image(part: Json) -> tuple[str, str] | None:
    """Return what is in a data URL; another URL has no media type and is no base64."""
    if part.get("type") != "image_url":
        return None
    url = str(mapping(part.get("image_url")).get("url"))
    found = _DATA_URL.fullmatch(url)
    return (found[1], found[2]) if found else ("", url)


def system(body: Json) -> str:
    """Return the text of the system's messages."""
    said = [message for message in objects(body.get("messages")) if message.get("role") in _SYSTEM]
    return "\n\n".join(str(message.get("content")) for message in said)


def schema(body: Json) -> Json | None:
    """Return the schema in the response's format."""
    wanted = _wanted(body)
    return mapping(mapping(wanted.get("json_schema")).get("schema")) if wanted.get("type") == "json_schema" else None


def schemalessness(model: str) -> str:
    """Return what OpenAI says where a model follows no schema."""
    del model
    return "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."


def blindness(model: str) -> str:
    """Return what OpenAI says where a model takes no pictures."""
    del model
    return "Invalid content type. image_url is only supported by certain models."


def error(status: int, message: str, word: str = "") -> Json:
    """Return the body of an error."""
    kind, code = _WORDS.get(status, ("server_error" if status >= 500 else "invalid_request_error", None))
    return {"error": {"message": message, "type": word or kind, "param": None, "code": word or code}}


def opening(model: str, counts: Counts) -> bytes:
    """Return the chunk with the role."""
    del counts
    return _chunk(model, {"role": "assistant", "content": ""})


def thought(model: str, thoughts: str) -> bytes:
    """Return a thought in both of the fields in use: DeepSeek's and OpenRouter's."""
    return _chunk(model, {"content": None, "reasoning_content": thoughts}) + _chunk(
        model, {"content": "", "reasoning": thoughts}
    )


def words(model: str, parts: Iterable[str]) -> Iterator[bytes]:
    """Yield a chunk for each part."""
    for part in parts:
        yield _chunk(model, {"content": part})


def closing(model: str, plan: Plan, counts: Counts) -> bytes:
    """Return the chunk with the reason, the one with the usage, and the last mark."""
    usage = {**_head(model, "chat.completion.chunk"), "choices": [], "usage": _usage(plan, counts)}
    return _chunk(model, {}, _REASONS[plan.ending]) + event(usage) + b"data: [DONE]\n\n"


def overload() -> bytes:
    """Return an error as OpenRouter reports it in a stream."""
    failed = {"index": 0, "delta": {"content": ""}, "finish_reason": "error"}
    return event({"error": {"code": 503, "message": "Provider is overloaded"}, "choices": [failed]})


def whole(model: str, plan: Plan, counts: Counts) -> Json:
    """Return a completion that is not streamed."""
    message = {"role": "assistant", "content": plan.text or None, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": _REASONS[plan.ending]}
    return {**_head(model, "chat.completion"), "choices": [choice], "usage": _usage(plan, counts)}


def _chunk(model: str, delta: Json, reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return event({**_head(model, "chat.completion.chunk"), "choices": [choice], "usage": None})


def _head(model: str, kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": model}


def _usage(plan: Plan, counts: Counts) -> Json:
    total = counts.asked + counts.said
    usage = {"prompt_tokens": counts.asked, "completion_tokens": counts.said, "total_tokens": total}
    return usage if plan.cost_usd is None else {**usage, "cost": plan.cost_usd, "is_byok": False}


def _wanted(body: Json) -> Json:
    return mapping(body.get("response_format"))


def _format_complaint(body: Json) -> str | None:
    if "response_format" not in body:
        return None
    kind = _wanted(body).get("type")
    if kind not in _FORMATS:
        return f"Invalid value: {kind!r}. Supported values are: 'text', 'json_object' and 'json_schema'."
    if kind != "json_schema":
        return None
    named = mapping(_wanted(body).get("json_schema"))
    if not _NAME.fullmatch(str(named.get("name", ""))):
        return "Missing or invalid parameter: 'response_format.json_schema.name'."
    complaint = schema_complaint(named.get("schema"), all_required=True)
    return f"Invalid schema for response_format: {complaint}" if complaint and named.get("strict") else None
