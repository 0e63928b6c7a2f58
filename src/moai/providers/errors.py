"""Turns what goes wrong at a vendor into MoAI's typed errors, each with a sentence that names the vendor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import httpx
from aiohttp import ClientError

from moai.errors import (
    CutOff,
    EmptyAnswer,
    MalformedAnswer,
    ProviderError,
    Refused,
    TimedOut,
    Unreachable,
    VendorReply,
)
from moai.providers import sentences
from moai.providers.answer import GrowingAnswer
from moai.providers.faults import classify, read_fault
from moai.providers.http import Patience
from moai.providers.retry import retry_after_s
from moai.providers.wire import End, Fault, NotTheFormatError, Target

_DETAIL_LENGTH = 300
_REQUEST_IDS = ("request-id", "x-request-id", "x-goog-request-id", "x-generation-id", "cf-ray")
# Vendors quote keys back, whole or starred: whatever looks like one goes.
_KEYS = re.compile(r"\b(?:sk|rk|pk|gsk|xai)-[\w*.-]{6,}|\bAIza[\w*-]{6,}|\S*\*{3,}\S*")

FOREIGN = (httpx.HTTPError, httpx.InvalidURL, ClientError, OSError, NotTheFormatError)
"""What may come from below; asyncio's TimeoutError, for the limit of the whole answer, is an OSError."""


def from_reply(target: Target, status: int, headers: Mapping[str, str], body: bytes) -> ProviderError:
    """Return the error that a reply with another status than 200 is."""
    fault = read_fault(status, body)
    asked_s = retry_after_s(headers, datetime.now(UTC))
    if asked_s is not None:
        fault = replace(fault, retry_after_s=asked_s)
    return from_fault(target, fault, headers)


def from_fault(target: Target, fault: Fault, headers: Mapping[str, str]) -> ProviderError:
    """Return the error that a vendor's fault is, be it a reply or an event in a stream."""
    reply = VendorReply(
        provider=target.provider,
        model=target.model,
        status=fault.status,
        request_id=next(filter(None, map(headers.get, _REQUEST_IDS)), None),
        retry_after_s=fault.retry_after_s,
        detail=scrub(fault.message, target.api_key),
    )
    kind = classify(fault)
    return kind(sentences.of_fault(kind, target, fault, reply.detail), reply=reply)


@contextmanager
def translated_reply(target: Target, patience: Patience) -> Iterator[None]:
    """Let out nothing but typed errors, their cause chained, of a reply that is read whole."""
    try:
        yield
    except FOREIGN as error:
        raise _typed(target, patience, error) from error


@contextmanager
def translated(target: Target, patience: Patience, answer: GrowingAnswer) -> Iterator[None]:
    """Let out nothing but typed errors, their cause chained, and nothing at all once the answer is whole.

    Whatever breaks after the first words of an answer is CutOff with these words in `partial`.
    """
    try:
        yield
    except (ProviderError, *FOREIGN) as error:
        if answer.end is not None:
            return
        typed = error if isinstance(error, ProviderError) else _typed(target, patience, error)
        if answer.spoken:
            sentence = sentences.of_cut(target, patience, error)
            raise CutOff(sentence, reply=typed.reply, partial=answer.text) from error
        if typed is error:
            raise
        raise typed from error


def check_whole(target: Target, answer: GrowingAnswer) -> None:
    """Raise what is wrong with an answer whose stream has ended."""
    reply = VendorReply(target.provider, target.model, status=200, detail=scrub(answer.note, target.api_key))
    text = answer.text
    if not answer.heard:
        raise MalformedAnswer(sentences.malformed(target), reply=reply)
    if answer.end is End.REFUSED:
        raise Refused(sentences.refused(target), reply=reply, partial=text)
    if answer.end is None:
        if answer.spoken:
            raise CutOff(sentences.of_cut(target), reply=reply, partial=text)
        raise Unreachable(sentences.hung_up(target), reply=reply)
    if not text.strip():
        truncated = answer.end is End.LENGTH
        raise EmptyAnswer(sentences.empty(target, truncated=truncated), reply=reply)


def scrub(message: str, api_key: str) -> str:
    """Return the vendor's message on one line, trimmed, without a key in it."""
    line = " ".join(message.split())
    if api_key:
        line = line.replace(api_key, "[key]")
    # The pattern looks at a long word again and again, so it gets no more than could ever be shown.
    line = _KEYS.sub("[key]", line[: 5 * _DETAIL_LENGTH])
    return line if len(line) <= _DETAIL_LENGTH else f"{line[: _DETAIL_LENGTH - 1].rstrip()}…"


def _typed(target: Target, patience: Patience, error: Exception) -> ProviderError:
    reply = VendorReply(target.provider, target.model, detail=scrub(str(error), target.api_key))
    if isinstance(error, httpx.ReadTimeout):
        return TimedOut(sentences.silent(target, patience), reply=reply)
    # Exactly this class is asyncio's: the libraries' own time-outs are subclasses of it.
    if type(error) is TimeoutError:
        return TimedOut(sentences.too_long(target, patience), reply=reply)
    if isinstance(error, (NotTheFormatError, httpx.DecodingError)):
        return MalformedAnswer(sentences.malformed(target), reply=reply)
    return Unreachable(sentences.unreachable(target), reply=reply)
