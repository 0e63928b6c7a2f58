"""The Gemini generateContent format; owns no network.

https://ai.google.dev/api/generate-content and https://ai.google.dev/gemini-api/docs/structured-output
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from moai.core.model import Usage
from moai.core.prompts import Prompt, Role, Turn
from moai.core.records import ListedModel
from moai.providers.faults import fault_in
from moai.providers.wire import (
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

_PAGE = 1000
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
    contents = [
        {"role": _ROLES[role], "parts": [part for turn in group for part in _parts(turn)]}
        for role, group in messages(prompt.turns)
    ]
    body: dict[str, Any] = {"contents": contents}
    if prompt.system.strip():
        body["systemInstruction"] = {"parts": [{"text": prompt.system}]}
    if prompt.schema is not None:
        body["generationConfig"] = {"responseMimeType": "application/json", "responseJsonSchema": prompt.schema}
    return body


def amended(payload: Json, complaint: str) -> dict[str, Any] | None:  # noqa: ARG001 - nothing else is optional
    """Leave out the schema of the answer."""
    return without(payload, "generationConfig")


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


def models_url(target: Target, after: str) -> str:
    """Return where to get a page of the list of models: https://ai.google.dev/api/models#method:-models.list."""
    query = {"pageSize": _PAGE, "pageToken": after} if after else {"pageSize": _PAGE}
    return f"{target.base_url}/v1beta/models?{urlencode(query)}"


def listed(body: Json) -> ModelPage:
    """Return the models of a page that generate content; when they were made is not told."""
    names = [
        string(each.get("name")).removeprefix("models/")
        for each in entries(body, "models")
        if "generateContent" in items(each.get("supportedGenerationMethods"))
    ]
    return ModelPage(tuple(map(ListedModel, names)), string(body.get("nextPageToken")))


def _parts(turn: Turn) -> list[Json]:
    pictures: list[Json] = [
        {"inlineData": {"mimeType": image.media_type, "data": base64_of(image)}} for image in turn.images
    ]
    return [*pictures, {"text": turn.text}] if turn.text.strip() else pictures


def _text(content: Json) -> str:
    parts = map(mapping, items(content.get("parts")))
    return "".join([string(part.get("text")) for part in parts if not part.get("thought")])


def _usage(usage: Json) -> Usage:
    if not usage:
        return UNCOUNTED
    said = total(usage.get("candidatesTokenCount"), usage.get("thoughtsTokenCount"))
    return Usage(count(usage.get("promptTokenCount")), said)


def _end(reason: str) -> End | None:
    if not reason or reason == "FINISH_REASON_UNSPECIFIED":
        return None
    if reason == "MAX_TOKENS":
        return End.LENGTH
    return End.REFUSED if reason in _REFUSALS else End.COMPLETE
