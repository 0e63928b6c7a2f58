"""The sentences that people read when a vendor fails; owns no decision about which error it is."""

from __future__ import annotations

from collections.abc import Sequence

import httpx

from moai.errors import (
    OutOfCredit,
    Overloaded,
    ProviderError,
    RateLimited,
    Refused,
    RequestRejected,
    UnknownModel,
    WrongKey,
)
from moai.providers.http import Patience
from moai.providers.retry import LONGEST_WAIT_S
from moai.providers.wire import Fault, Target

_NAMES = {
    "openai": "OpenAI",
    "anthropic": "Anthropic",
    "gemini": "Gemini",
    "openrouter": "OpenRouter",
    "ollama": "Ollama",
}

_UNITS = ((3600, "hour"), (60, "minute"))


def vendor(target: Target) -> str:
    """Return the vendor's name as people write it."""
    return _NAMES.get(target.provider, target.provider)


def variable(provider: str, suffix: str) -> str:
    """Return the environment variable that holds the provider's `API_KEY` or `BASE_URL`."""
    known = provider in _NAMES and not (provider == "ollama" and suffix == "API_KEY")
    name = provider.upper().replace("-", "_")
    return f"{name}_{suffix}" if known else f"MOAI_PROVIDERS__{name}__{suffix}"


def of_fault(kind: type[ProviderError], target: Target, fault: Fault, detail: str) -> str:
    """Return the sentence for a vendor's fault of that class."""
    if kind is WrongKey:
        key = variable(target.provider, "API_KEY")
        return f"{vendor(target)} refused the API key. Whoever runs the bot has to check {key}."
    if kind is UnknownModel:
        return _unknown_model(target, fault)
    if kind is OutOfCredit:
        return f"The account at {vendor(target)} has no credit left. Whoever runs the bot has to top it up."
    if kind is RateLimited:
        return f"{vendor(target)}'s rate limit is reached. Try again {_when(fault.retry_after_s)}."
    return _of_request(kind, target, fault, detail)


def _of_request(kind: type[ProviderError], target: Target, fault: Fault, detail: str) -> str:
    if kind is RequestRejected:
        reason = f": {detail}" if detail else "."
        return f"{vendor(target)} did not accept the request{reason}"
    if kind is Overloaded:
        return _overloaded(target, fault)
    return refused(target) if kind is Refused else malformed(target)


def of_cut(target: Target, patience: Patience | None = None, error: Exception | None = None) -> str:
    """Return the sentence for an answer that stopped in its middle."""
    if patience and isinstance(error, httpx.ReadTimeout):
        return f"{vendor(target)} fell silent in mid-answer; what had come is kept."
    if patience and type(error) is TimeoutError:
        limit = duration(patience.answer_timeout_s)
        return f"{vendor(target)} had not finished after {limit} and was cut off; what had come is kept."
    return f"{vendor(target)} broke off in mid-answer; what had come is kept."


def silent(target: Target, patience: Patience) -> str:
    """Return the sentence for a model that says nothing."""
    return f"{vendor(target)} said nothing for {duration(patience.silence_timeout_s)}. Try again later."


def too_long(target: Target, patience: Patience) -> str:
    """Return the sentence for a model that was still thinking at the limit."""
    return f"{vendor(target)} had no answer after {duration(patience.answer_timeout_s)}. Try again later."


def unreachable(target: Target) -> str:
    """Return the sentence for a vendor that cannot be connected to."""
    address = variable(target.provider, "BASE_URL")
    return (
        f"{vendor(target)} could not be reached. Try again in a moment; if it stays so, "
        f"whoever runs the bot has to check the network and {address}."
    )


def unknown_model(target: Target, nearest: Sequence[str] = ()) -> str:
    """Return the sentence for a model that the vendor does not have, with the ids most like it."""
    verb = "is" if len(nearest) == 1 else "are"
    hint = f" Its nearest {verb} {', '.join(nearest)}." if nearest else ""
    return (
        f"{vendor(target)} has no model called {target.model}.{hint} "
        f"Whoever runs the bot has to check {target.setting}."
    )


def nothing_heard(target: Target) -> str:
    """Return the sentence for a recording without a word."""
    return f"{vendor(target)} heard nothing in the recording. Say it again, or write it."


def hung_up(target: Target) -> str:
    """Return the sentence for a vendor that ended the reply before its first word."""
    return f"{vendor(target)} hung up before the first word. Try again in a moment."


def malformed(target: Target) -> str:
    """Return the sentence for a reply in no known format."""
    address = variable(target.provider, "BASE_URL")
    return f"What {vendor(target)} sent is not an answer in its format. Whoever runs the bot has to check {address}."


def refused(target: Target) -> str:
    """Return the sentence for a safety filter's refusal."""
    return f"{vendor(target)}'s safety filter refused to answer this. Try other words, or ask another model."


def empty(target: Target, *, truncated: bool) -> str:
    """Return the sentence for a whole answer without a word; `truncated` ones were all thought."""
    if truncated:
        return f"{vendor(target)} spent all the length an answer may have on thinking. Ask something narrower."
    return f"{vendor(target)} answered without a word. Ask again, or in other words."


def duration(seconds: float) -> str:
    """Return the seconds as people say them, rounded up."""
    size, name = next((unit for unit in _UNITS if seconds >= 2 * unit[0]), (1, "second"))
    number = max(1, -int(-seconds // size))
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def _when(retry_after_s: float | None) -> str:
    if retry_after_s is None or retry_after_s <= LONGEST_WAIT_S:
        return "in a moment"
    return f"in {duration(retry_after_s)}"


def _unknown_model(target: Target, fault: Fault) -> str:
    address = variable(target.provider, "BASE_URL")
    if not target.model:
        return f"There is no list of models at {vendor(target)}'s address. Whoever runs the bot has to check {address}."
    if fault.explained:
        return unknown_model(target)
    return (
        f"There is no {target.model} at {vendor(target)}'s address. "
        f"Whoever runs the bot has to check {target.setting} and {address}."
    )


def _overloaded(target: Target, fault: Fault) -> str:
    if fault.status in (None, 429, 503, 529):
        return f"{vendor(target)} is overloaded. Try again {_when(fault.retry_after_s)}."
    # A gateway may answer even a wrong key with a 500 in plain text: do not promise too much.
    advice = "" if fault.explained else "; if it stays so, whoever runs the bot has to check its address and key"
    return f"{vendor(target)} has a fault of its own. Try again {_when(fault.retry_after_s)}{advice}."
