"""Tokens of answers that their vendors did not count: estimated, so that a budget holds for them too; pure."""

from __future__ import annotations

from dataclasses import replace

from moai.core.context import estimate, size_of
from moai.core.model import Answer
from moai.core.prompts import Prompt


def counted(answer: Answer, prompt: Prompt) -> Answer:
    """Return an answer of some words with its tokens, as its vendor counted them or as they are estimated."""
    completion, usage = answer.completion, answer.completion.usage
    is_counted = usage.input_tokens is not None and usage.output_tokens is not None
    if is_counted or not completion.text:
        return answer
    given = estimate(prompt.system) + sum(map(size_of, prompt.turns))
    known = replace(
        usage,
        input_tokens=given if usage.input_tokens is None else usage.input_tokens,
        output_tokens=estimate(completion.text) if usage.output_tokens is None else usage.output_tokens,
    )
    return replace(answer, completion=replace(completion, usage=known))
