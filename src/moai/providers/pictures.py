"""Which complaint says that a model takes no pictures, and what such a model is shown instead; pure."""

from __future__ import annotations

import re
from dataclasses import replace

from moai.core.prompts import Image, Prompt, Turn
from moai.errors import Overloaded, ProviderError, RequestRejected, UnknownModel

_STATUSES = (None, 400, 404, 415, 422)

# The words of OpenAI, OpenRouter, Anthropic, Gemini, Mistral, LM Studio; DeepSeek; vLLM; Ollama and llama.cpp, which
# say it with status 500; Groq, and FastAPI's servers that know of strings only.
_PLAIN = re.compile(
    r"""
    (?:not|n't|cannot|\ that)\ (?:support|accept|take|allow)(?:\ \w+)?\ (?:image|picture|vision|visual|multi-?modal)
        (?!\S*\ (?:\w+\ )?(?:format|type|size))
    | (?:image|picture|vision|multi-?modal)(?!\S*\ (?:\w+\ )?(?:format|type|size))\S*(?:\ \w+){0,2}
        \ (?:is|are)\ (?:not|only)\ (?:supported|enabled|available|allowed)
    | not\ a\ (?:multi-?modal|vision)
    | unknown\ variant\W+image
    | unsupported\ content\ part\ type\W+image
    | missing\ data\ required\ for\ image
    | at\ most\ 0\ image
    | \bcontent\b.{0,40}\ must\ be\ a\ (?:valid\ )?string
    | input\ should\ be\ (?:a\ valid\ string|'text')
    """,
    re.IGNORECASE | re.VERBOSE,
)
_OF_PICTURES = re.compile(r"image|picture|vision|visual|multi-?modal|modalit", re.IGNORECASE)
_OF_THIS_PICTURE = re.compile(
    r"""
    too\ (?:large|big|small|many|long) | larger | smaller | exceed | maximum | at\ most | dimension | pixel
    | resolution | \bsize | bytes | corrupt | broken | damaged | truncated | empty | invalid\ (?:base64|image)
    | not\ (?:a\ )?valid | (?:could\ not|unable\ to|failed\ to)\ (?:process|decode|load|read|open|identify|download)
    | base64 | decod | \bformats?\b | mime | media.?type | download | fetch
    | policy | safety | unsafe | harmful | violat | blocked
    """,
    re.IGNORECASE | re.VERBOSE,
)


def refuses_pictures(error: ProviderError) -> bool:
    """Tell whether a request with pictures was rejected because the model takes none.

    A complaint about the size, the bytes or the contents of a picture is not that.
    """
    said = error.reply.detail
    if isinstance(error, RequestRejected | UnknownModel) and error.reply.status in _STATUSES:
        return bool(_PLAIN.search(said) or (_OF_PICTURES.search(said) and not _OF_THIS_PICTURE.search(said)))
    return isinstance(error, Overloaded) and bool(_PLAIN.search(said))


def holds_pictures(prompt: Prompt) -> bool:
    """Tell whether there is a picture in the prompt."""
    return any(turn.images for turn in prompt.turns)


def without_pictures(prompt: Prompt) -> Prompt:
    """Return the prompt with a line in the place of each picture."""
    return replace(prompt, turns=tuple(_told(turn) if turn.images else turn for turn in prompt.turns))


def _told(turn: Turn) -> Turn:
    lines = [_line(image) for image in turn.images]
    return Turn(turn.role, "\n".join([*lines, turn.text] if turn.text.strip() else lines))


def _line(image: Image) -> str:
    return f"[picture {' '.join(image.name.split())}: not shown to this model]"
