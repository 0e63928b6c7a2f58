"""The OpenAI chat-completions format, also spoken by OpenRouter, Ollama and other gateways; owns no network.

https://platform.openai.com/docs/api-reference/chat and https://openrouter.ai/docs/api-reference/streaming
"""

from __future__ import annotations

from typing import Any

from moai.core.model import (
    Prompt,
    Turn,
    Usage,
)
from moai.core.records import ListedModel
from moai.providers.faults import fault_in
from moai.providers.wire import (
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
)

INLINE_THOUGHTS = True

_END_OF_TIME_S = 1e11
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
    }


def amended(payload: Json, complaint: str) -> dict[str, Any] | None:
    """Leave out `stream_options` where the gateway's complaint names it."""
    if "stream_options" not in payload or "stream_options" not in complaint:
        return None
    return {key: value for key, value in payload.items() if key != "stream_options"}


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
    parts = (mapping(part) for part in items(content))
    return string(content) or "".join(string(part.get("text")) for part in parts if part.get("type") == "text")


def _usage(usage: Json) -> Usage:
    return Usage(count(usage.get("prompt_tokens")), count(usage.get("completion_tokens")))


def _end(reason: Any) -> End | None:
    return _ENDS.get(reason, End.COMPLETE) if isinstance(reason, str) and reason else None
