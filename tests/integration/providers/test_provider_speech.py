"""Speech to text over real HTTP: what is sent, what is heard, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moai.core.ports import Transcriber
from moai.errors import (
    EmptyAnswer,
    MalformedAnswer,
    Overloaded,
    ProviderError,
    RequestRejected,
    TimedOut,
    UnknownModel,
    Unreachable,
    WrongKey,
)
from moai.simulator.vendors import Vendors
from moai.simulator.vendors_scripts import Fails, Garbage, Hangs, HangsUp, Says, Step

MakeTranscriber = Callable[..., Transcriber]

VOICE = ("voice.oga", "audio/ogg", bytes(range(256)) * 1000)


async def test_a_recording_is_heard(vendors: Vendors, make_transcriber: MakeTranscriber) -> None:
    vendors.script("whisper-1", Says(" Why is the sky blue?\n"))

    assert await make_transcriber().transcribe(*VOICE) == "Why is the sky blue?"
    (asked,) = vendors.speech_requests
    assert (asked.model, asked.fields) == ("whisper-1", {"response_format": "json"})
    assert (asked.name, asked.media_type, asked.audio) == VOICE
    assert asked.headers["Authorization"] == f"Bearer {vendors.keys['openai']}"
    assert vendors.requests == []


async def test_odd_names_can_be_sent(vendors: Vendors, make_transcriber: MakeTranscriber) -> None:
    heard = await make_transcriber().transcribe('Günther "\ud83d"\r\n🎉.mp3', "audio/mpeg", b"Hello?")

    assert heard == "Hello?"
    assert vendors.speech_requests[0].name.endswith("🎉.mp3")


async def test_what_passes_is_asked_again_with_the_whole_recording(
    vendors: Vendors, make_transcriber: MakeTranscriber
) -> None:
    vendors.script("whisper-1", Fails(500), HangsUp(), Says("At last."))

    assert await make_transcriber().transcribe(*VOICE) == "At last."
    assert [asked.audio for asked in vendors.speech_requests] == [VOICE[2]] * 3


FAILURES: list[tuple[Step, type[ProviderError], str, int]] = [
    (Fails(401), WrongKey, "OPENAI_API_KEY", 1),
    (Fails(404), UnknownModel, "OpenAI has no model called whisper-1. .* MOAI_TRANSCRIPTION", 1),
    (Fails(400, message="Audio file is too short."), RequestRejected, "Audio file is too short", 1),
    (Fails(503), Overloaded, "overloaded", 3),
    (HangsUp(), Unreachable, "OpenAI", 3),
    (Garbage(), MalformedAnswer, "OPENAI_BASE_URL", 1),
    (Garbage(b'{"text": 7}', "application/json"), MalformedAnswer, "OPENAI_BASE_URL", 1),
    (Says(" \n"), EmptyAnswer, r"OpenAI heard nothing in the recording\. Say it again", 1),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: str(failure[0])[:60])
async def test_failures(
    failure: tuple[Step, type[ProviderError], str, int], vendors: Vendors, make_transcriber: MakeTranscriber
) -> None:
    step, expected, words, requests = failure
    vendors.script("whisper-1", step)

    with pytest.raises(expected, match=words) as caught:
        await make_transcriber().transcribe(*VOICE)

    assert type(caught.value) is expected
    assert (caught.value.reply.provider, caught.value.reply.model) == ("openai", "whisper-1")
    assert len(vendors.speech_requests) == requests


async def test_a_transcription_that_never_comes(vendors: Vendors, make_transcriber: MakeTranscriber) -> None:
    vendors.script("whisper-1", Hangs())

    with pytest.raises(TimedOut, match="after 1 second"):
        await make_transcriber(answer_timeout_s=0.1).transcribe(*VOICE)


async def test_a_wrong_key(make_transcriber: MakeTranscriber) -> None:
    with pytest.raises(WrongKey):
        await make_transcriber(key="sk-wrong-and-secret-1234").transcribe(*VOICE)
