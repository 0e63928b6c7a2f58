"""MOAI_TRANSCRIPTION read: the model that turns voice into text; owns no call to it."""

from __future__ import annotations

import re

from moai.settings.checks import Problems, shown
from moai.settings.environment import Variables
from moai.settings.providers import Providers, why_unusable
from moai.settings.values import ModelSpec

NAME = "MOAI_TRANSCRIPTION"


def read_transcription(variables: Variables, providers: Providers, problems: Problems) -> ModelSpec | None:
    """Return the model at `POST {base}/audio/transcriptions` of the OpenAI format; None where none is set."""
    text = variables.text(NAME)
    if not text:
        return None
    provider, colon, model = (part.strip() for part in text.partition(":"))
    if not (provider and colon and model) or re.search(r"[\s*,=]", text):
        problems.append(f"{NAME} cannot be {shown(text)}: write provider:model with a whole id, like openai:whisper-1.")
        return None
    spec = ModelSpec("transcription", provider.lower(), model)
    if fault := why_unusable(spec.provider, NAME, providers):
        problems.append(fault)
    elif providers.endpoints[spec.provider].kind != "openai":
        problems.append(
            f"{NAME} names the provider {spec.provider}, which turns no voice into text: name one that speaks the "
            "OpenAI format, like openai:whisper-1."
        )
    return spec
