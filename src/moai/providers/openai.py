"""The OpenAI chat-completions format, also spoken by OpenRouter, Ollama and other gateways; owns no network.

https://platform.openai.com/docs/api-reference/chat and https://openrouter.ai/docs/api-reference/streaming;
https://platform.openai.com/docs/guides/structured-outputs and https://openrouter.ai/docs/use-cases/usage-accounting
"""

from __future__ import annotations

from typing import Any

from moai.core.model import Usage
from moai.core.prompts import Prompt, Turn
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
    dollars,
    entries,
    items,
    mapping,
    messages,
    string,
    without,
)

INLINE_THOUGHTS = True

_END_OF_TIME_S = 1e11
_SCHEMA_NAME = "answer"
_ENDS = {"length": End.LENGTH, "content_filter": End.REFUSED}


def url(target: Target) -> str:
    """Return where to post."""
    return f"{target.base_url}/chat/completions"


def headers(target: Target) -> dict[str, str]:
    """Return the bearer's header, or none where there is no key."""
    return {"Authorization": f"Bearer {target.api_key}"} if target.api_key else {}


def payload(target: Target, prompt: Prompt) -> dict[str, Any]:
    """Return the body of a request for a streamed answer with its usage."""
    system = [{"role": "system", "content": prompt.system}] if prompt.system else []
    turns = [{"role": role.value, "content": _content(group)} for role, group in messages(prompt.turns)]
    return {
        "model": target.model,
        "messages": [*system, *turns],
        "stream": True,
        "stream_options": {"include_usage": True},
        **_response_format(prompt),
    }


def amended(payload: Json, complaint: str) -> dict[str, Any] | None:
    """Leave out `stream_options` where the gateway's complaint names it, else the schema of the answer."""
    is_named = "stream_options" in payload and "stream_options" in complaint
    return without(payload, "stream_options" if is_named else "response_format")


def parse(event: Json) -> Piece:
    """Return what a chunk, or a whole completion, says; never raises."""
    choices = items(event.get("choices"))
    choice = mapping(choices[0]) if choices else {}
    fault = fault_in(event) or fault_in(choice)
    if fault:
        return Piece(fault=fault)
    said = mapping(choice.get("delta")) or mapping(choice.get("message"))
    refusal = string(said.get("refusal"))
    return Piece(
        text=_text(said.get("content")),
        model=string(event.get("model")),
        usage=_usage(mapping(event.get("usage"))),
        end=End.REFUSED if refusal else _end(choice.get("finish_reason")),
        note=refusal,
    )


def models_url(target: Target, after: str) -> str:  # noqa: ARG001 - the list has one page
    """Return where to get the list of models."""
    return f"{target.base_url}/models"


def listed(body: Json) -> ModelPage:
    """Return the models that answer in text, where the list says so, and all where it does not.

    https://openrouter.ai/docs/models#architecture-object
    """
    found = [each for each in entries(body, "data") if _answers_in_text(mapping(each.get("architecture")))]
    return ModelPage(tuple(ListedModel(string(each.get("id")), _seconds(each.get("created"))) for each in found))


def _response_format(prompt: Prompt) -> Json:
    if prompt.schema is None:
        return {}
    named = {"name": _SCHEMA_NAME, "strict": True, "schema": prompt.schema}
    return {"response_format": {"type": "json_schema", "json_schema": named}}


def _content(turns: tuple[Turn, ...]) -> str | list[Json]:
    """Return a plain string, which every server reads, or parts where there are pictures."""
    if any(turn.images for turn in turns):
        return [part for turn in turns for part in _parts(turn)]
    return "\n\n".join(turn.text for turn in turns)


def _parts(turn: Turn) -> list[Json]:
    urls = [f"data:{image.media_type};base64,{base64_of(image)}" for image in turn.images]
    pictures: list[Json] = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    return [*pictures, {"type": "text", "text": turn.text}] if turn.text.strip() else pictures


def _answers_in_text(architecture: Json) -> bool:
    return "text" in items(architecture.get("output_modalities", ["text"]))


def _seconds(created: Any) -> float | None:
    return float(created) if isinstance(created, int | float) and 0 < created < _END_OF_TIME_S else None


def _text(content: Any) -> str:
    """Return the text of a string or of a list of parts, of which those that think are not text."""
    if isinstance(content, str):
        return content
    parts = (mapping(part) for part in items(content))
    return "".join(string(part.get("text")) for part in parts if part.get("type") == "text")


def _usage(usage: Json) -> Usage:
    if not usage:
        return UNCOUNTED
    return Usage(count(usage.get("prompt_tokens")), count(usage.get("completion_tokens")), _cost(usage))


def _cost(usage: Json) -> float | None:
    """Return the cost where a gateway tells it; OpenRouter's credits are US dollars.

    With a key of one's own at the vendor (BYOK) that is OpenRouter's fee alone; the vendor's bill stands beside it.
    """
    told = dollars(usage.get("cost"))
    if usage.get("is_byok") is not True:
        return told
    bill = dollars(mapping(usage.get("cost_details")).get("upstream_inference_cost"))
    return None if bill is None else bill + (told or 0.0)


def _end(reason: Any) -> End | None:
    return _ENDS.get(reason, End.COMPLETE) if isinstance(reason, str) and reason else None
