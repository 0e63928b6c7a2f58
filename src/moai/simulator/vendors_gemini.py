"""The generateContent format as Google's server speaks it; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from moai.simulator.vendors_schemas import schema_complaint
from moai.simulator.vendors_scripts import Ending, Plan
from moai.simulator.vendors_shape import Counts, Json, event, mapping, objects, unknown_field

NAME = "gemini"
KEY_STATUS = 400

_FIELDS = frozenset(("contents", "systemInstruction", "generationConfig", "safetySettings"))
_JSON = "application/json"
_REASONS = {Ending.STOP: "STOP", Ending.LENGTH: "MAX_TOKENS", Ending.REFUSAL: "SAFETY"}
_WORDS = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


def key_of(headers: Mapping[str, str]) -> str:
    """Return the key's header."""
    return headers.get("x-goog-api-key", "")


def complaint(headers: Mapping[str, str], body: Json) -> str | None:
    """Return what Google would not accept, or None."""
    del headers
    unknown = unknown_field(body, _FIELDS)
    if unknown:
        return f'Invalid JSON payload received. Unknown name "{unknown}": Cannot find field.'
    contents = body.get("contents")
    if not isinstance(contents, list) or not contents:
        return "contents is not specified"
    if "systemInstruction" in body and not system(body).strip():
        return "system_instruction must not be empty"
    roles = [mapping(content).get("role") for content in contents]
    return _roles_complaint(roles) or _format_complaint(body)


def turns(body: Json) -> list[Json]:
    """Return the contents."""
    return objects(body.get("contents"))


def parts(turn: Json) -> list[Json]:
    """Return a content's parts."""
    return objects(turn.get("parts"))


def image(part: Json) -> tuple[str, str] | None:
    """Return what is in inline data."""
    data = mapping(part.get("inlineData"))
    return (str(data.get("mimeType")), str(data.get("data"))) if "inlineData" in part else None


def system(body: Json) -> str:
    """Return the system instruction's text."""
    said = parts(mapping(body.get("systemInstruction")))
    return "\n\n".join(str(part.get("text")) for part in said)


def schema(body: Json) -> Json | None:
    """Return the JSON Schema in the generation's configuration."""
    config = mapping(body.get("generationConfig"))
    return mapping(config["responseJsonSchema"]) if "responseJsonSchema" in config else None


def schemalessness(model: str) -> str:
    """Return what Google says where a model follows no schema."""
    return f"JSON mode is not enabled for models/{model}"


def blindness(model: str) -> str:
    """Return what Google says where a model takes no pictures."""
    return f"Image input modality is not enabled for models/{model}"


def error(status: int, message: str, word: str = "") -> Json:
    """Return the body of an error; a wrong key is a 400 whose reason is in the details."""
    said: dict[str, Any] = {"code": status, "message": message, "status": _WORDS.get(status, "UNKNOWN")}
    if word:
        info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": word.upper()}
        said["details"] = [{**info, "domain": "googleapis.com"}]
    return {"error": said}


def opening(model: str, counts: Counts) -> bytes:
    """Return nothing: every event is a whole response."""
    del model, counts
    return b""


def thought(model: str, thoughts: str) -> bytes:
    """Return a part that is marked as a thought."""
    part = {"text": thoughts, "thought": True}
    return event(_response(model, {"content": {"parts": [part], "role": "model"}, "index": 0}))


def words(model: str, parts: Iterable[str]) -> Iterator[bytes]:
    """Yield a response for each part."""
    for part in parts:
        yield event(_response(model, _candidate(part)))


def closing(model: str, plan: Plan, counts: Counts) -> bytes:
    """Return the response with the reason and the usage."""
    return event(_ended(model, plan, counts, ""))


def overload() -> bytes:
    """Return an error in the place of a response."""
    return event(error(503, "The model is overloaded. Please try again later."))


def whole(model: str, plan: Plan, counts: Counts) -> Json:
    """Return a response that is not streamed."""
    return _ended(model, plan, counts, plan.text)


def _ended(model: str, plan: Plan, counts: Counts, text: str) -> dict[str, Any]:
    usage = {"promptTokenCount": counts.asked, "candidatesTokenCount": counts.said}
    if plan.ending is Ending.REFUSAL and not plan.parts:
        blocked = {"promptFeedback": {"blockReason": "SAFETY"}, "modelVersion": model}
        return {**blocked, "usageMetadata": {"promptTokenCount": counts.asked}}
    candidate = {**_candidate(text), "finishReason": _REASONS[plan.ending]}
    return {**_response(model, candidate), "usageMetadata": usage}


def _candidate(text: str) -> dict[str, Any]:
    return {"content": {"parts": [{"text": text}], "role": "model"}, "index": 0}


def _response(model: str, candidate: Json) -> dict[str, Any]:
    return {"candidates": [candidate], "modelVersion": model, "responseId": "1"}


def _format_complaint(body: Json) -> str | None:
    wanted = schema(body)
    if wanted is None:
        return None
    if mapping(body.get("generationConfig")).get("responseMimeType") != _JSON:
        return f"response_mime_type must be {_JSON} where a response schema is given"
    complaint = schema_complaint(wanted, closed=False)
    return f"Invalid responseJsonSchema: {complaint}" if complaint else None


def _roles_complaint(roles: list[Any]) -> str | None:
    if not {*roles} <= {"user", "model"}:
        return "Please use a valid role: user, model."
    if roles[0] != "user" or any(one == other for one, other in pairwise(roles)):
        return "Please ensure that multiturn requests alternate between user and model."
    return None if roles[-1] == "user" else "Please ensure that multiturn requests end with a user role."
