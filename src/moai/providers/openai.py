"""The OpenAI chat-completions format, also spoken by OpenRouter, Ollama and other gateways; owns no network.

https://platform.openai.com/docs/api-reference/chat and https://openrouter.ai/docs/api-reference/streaming
"""

from __future__ import annotations

from typing import Any

from moai.core.model import Prompt, Usage
from moai.providers.faults import fault_in
from moai.providers.wire import End, Json, Piece, Target, count, items, mapping, string

INLINE_THOUGHTS = True

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
    return {
        "model": target.model,
        "messages": [*system, *({"role": turn.role.value, "content": turn.text} for turn in prompt.turns)],
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


def _text(content: Any) -> str:
    """Return the text of a string or of a list of parts, of which those that think are not text."""
    parts = (mapping(part) for part in items(content))
    return string(content) or "".join(string(part.get("text")) for part in parts if part.get("type") == "text")


def _usage(usage: Json) -> Usage:
    return Usage(count(usage.get("prompt_tokens")), count(usage.get("completion_tokens")))


def _end(reason: Any) -> End | None:
    return _ENDS.get(reason, End.COMPLETE) if isinstance(reason, str) and reason else None
