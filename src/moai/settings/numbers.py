"""The settings that are numbers, with the range of each; owns no defaults, which stand beside the values."""

from __future__ import annotations

from moai.settings.checks import Problems, shown
from moai.settings.environment import Variables
from moai.settings.values import Limits, Settings

SECONDS = {
    "MOAI_CONNECT_TIMEOUT_S": (0.01, 600.0),
    "MOAI_SILENCE_TIMEOUT_S": (0.01, 3_600.0),
    "MOAI_ANSWER_TIMEOUT_S": (0.01, 86_400.0),
    "MOAI_RESUME_WITHIN_S": (0.0, 31_536_000.0),
}
COUNTS = {
    "MOAI_MAX_RETRIES": (0, 10),
    "MOAI_MAX_OUTPUT_TOKENS": (1, 1_000_000),
    "MOAI_MAX_QUESTION_CHARS": (1, 1_000_000),
    "MOAI_MAX_DOCUMENT_CHARS": (1_000, 5_000_000),
    "MOAI_QUESTIONS_PER_MINUTE": (1, 10_000),
    "MOAI_RUNS_AT_ONCE": (1, 10_000),
}


def read_limits(variables: Variables, problems: Problems) -> Limits:
    """Return how long a model may take and how much it may say."""
    default = Limits()
    return Limits(
        connect_timeout_s=_seconds("MOAI_CONNECT_TIMEOUT_S", default.connect_timeout_s, variables, problems),
        silence_timeout_s=_seconds("MOAI_SILENCE_TIMEOUT_S", default.silence_timeout_s, variables, problems),
        answer_timeout_s=_seconds("MOAI_ANSWER_TIMEOUT_S", default.answer_timeout_s, variables, problems),
        max_retries=_count("MOAI_MAX_RETRIES", default.max_retries, variables, problems),
        max_output_tokens=_count("MOAI_MAX_OUTPUT_TOKENS", default.max_output_tokens, variables, problems),
    )


def read_max_question_chars(variables: Variables, problems: Problems) -> int:
    """Return how many characters a question may have."""
    return _count("MOAI_MAX_QUESTION_CHARS", Settings().max_question_chars, variables, problems)


def read_max_document_chars(variables: Variables, problems: Problems) -> int:
    """Return how many characters of text are taken from one document."""
    return _count("MOAI_MAX_DOCUMENT_CHARS", Settings().max_document_chars, variables, problems)


def read_questions_per_minute(variables: Variables, problems: Problems) -> int:
    """Return how many questions one person may ask in a minute."""
    return _count("MOAI_QUESTIONS_PER_MINUTE", Settings().questions_per_minute, variables, problems)


def read_runs_at_once(variables: Variables, problems: Problems) -> int:
    """Return how many questions of one person may be under way at once."""
    return _count("MOAI_RUNS_AT_ONCE", Settings().runs_at_once, variables, problems)


def read_resume_within_s(variables: Variables, problems: Problems) -> float:
    """Return the age in seconds up to which a run that was cut short is taken up again at the start."""
    return _seconds("MOAI_RESUME_WITHIN_S", Settings().resume_within_s, variables, problems)


def _seconds(name: str, default: float, variables: Variables, problems: Problems) -> float:
    text = variables.text(name)
    low, high = SECONDS[name]
    try:
        value = float(text or default)
    except ValueError:
        value = float("nan")
    if low <= value <= high:  # never true of "nan"
        return value
    problems.append(f"{name} cannot be {shown(text)}: write seconds from {low:g} to {high:.0f}.")
    return default


def _count(name: str, default: int, variables: Variables, problems: Problems) -> int:
    text = variables.text(name)
    low, high = COUNTS[name]
    try:
        value = int(text or default)
    except ValueError:
        value = low - 1
    if low <= value <= high:
        return value
    problems.append(f"{name} cannot be {shown(text)}: write a whole number from {low} to {high}.")
    return default
