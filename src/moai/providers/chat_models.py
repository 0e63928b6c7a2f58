"""Tells by its id whether a model chats, since vendors list all that they have; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

UNFIT: Mapping[str, str] = {
    "embed": "it turns text into numbers",
    "embedding": "it turns text into numbers",
    "embeddings": "it turns text into numbers",
    "rerank": "it sorts search results",
    "reranker": "it sorts search results",
    "moderation": "it judges text and does not answer",
    "whisper": "it writes down speech",
    "transcribe": "it writes down speech",
    "transcription": "it writes down speech",
    "tts": "it reads text aloud",
    "audio": "it speaks, and costs as much",
    "realtime": "it is spoken to over an open line",
    "image": "it makes pictures",
    "dall": "it makes pictures",
    "imagen": "it makes pictures",
    "veo": "it makes films",
    "sora": "it makes films",
    "aqa": "it answers from given passages only",
    "davinci": "it goes on with a text and does not chat",
    "babbage": "it goes on with a text and does not chat",
}
"""What a word in a model's id says against it."""

_COMPLETES = "it goes on with a text and does not chat"
_WORDS = re.compile(r"[a-z]+")


def unfit_because(model_id: str) -> str:
    """Return why the model of that id does not chat, or nothing where it does."""
    name = model_id.casefold()
    # Elsewhere `instruct` is said of models that chat well; of OpenAI's it is the one that does not.
    if "gpt-3.5-turbo-instruct" in name:
        return _COMPLETES
    return next((UNFIT[word] for word in _WORDS.findall(name) if word in UNFIT), "")


def chats(model_id: str) -> bool:
    """Tell whether the model of that id answers questions in text, as far as its name says."""
    return bool(model_id) and not unfit_because(model_id)
