"""The Gemini generateContent format; owns no network.

https://ai.google.dev/api/generate-content
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from moai.core.model import Prompt, Role, Usage
from moai.providers.faults import fault_in
from moai.providers.wire import (
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

_ROLES = {Role.USER: "user", Role.ASSISTANT: "model"}
_REFUSALS = frozenset(
    (
        "SAFETY",
        "RECITATION",
        "LANGUAGE",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
    )
)


def url(target: Target) -> str:
    """Return where to post; the key is not in it."""
    model = quote(target.model.removeprefix("models/"), safe="")
    return f"{target.base_url}/v1beta/models/{model}:streamGenerateContent?alt=sse"


def headers(target: Target) -> dict[str, str]:
    """Return the key's header."""
    return {"x-goog-api-key": target.api_key}


def payload(target: Target, prompt: Prompt) -> dict[str, Any]:  # noqa: ARG001 - the model is in the address
    """Return the body of a request; an empty system prompt is left out."""
    contents = [{"role": _ROLES[turn.role], "parts": [{"text": turn.text}]} for turn in alternating(prompt.turns)]
    if not prompt.system.strip():
        return {"contents": contents}
    return {"contents": contents, "systemInstruction": {"parts": [{"text": prompt.system}]}}


def amended(payload: Json, complaint: str) -> dict[str, Any] | None:  # noqa: ARG001 - nothing here is optional
    """Return None: there is nothing to leave out."""
    return None


def parse(event: Json) -> Piece:
    """Return what an event, or a whole answer, says; never raises."""
    fault = fault_in(event)
    if fault:
        return Piece(fault=fault)
    candidates = items(event.get("candidates"))
    candidate = mapping(candidates[0]) if candidates else {}
    reason = string(candidate.get("finishReason"))
    blocked = string(mapping(event.get("promptFeedback")).get("blockReason"))
    end = End.REFUSED if blocked else _end(reason)
    return Piece(
        text=_text(mapping(candidate.get("content"))),
        model=string(event.get("modelVersion")),
        usage=_usage(mapping(event.get("usageMetadata"))),
        end=end,
        note=(blocked or reason) if end is End.REFUSED else "",
    )


def _text(content: Json) -> str:
    parts = (mapping(part) for part in items(content.get("parts")))
    return "".join(string(part.get("text")) for part in parts if not part.get("thought"))


def _usage(usage: Json) -> Usage:
    said = total(usage.get("candidatesTokenCount"), usage.get("thoughtsTokenCount"))
    return Usage(count(usage.get("promptTokenCount")), said)


def _end(reason: str) -> End | None:
    if not reason or reason == "FINISH_REASON_UNSPECIFIED":
        return None
    if reason == "MAX_TOKENS":
        return End.LENGTH
    return End.REFUSED if reason in _REFUSALS else End.COMPLETE
