"""Speech to text over the OpenAI format's transcriptions; owns that request, and what silence is.

https://platform.openai.com/docs/api-reference/audio/createTranscription
"""

from __future__ import annotations

import asyncio
from functools import partial

import httpx

from moai.errors import EmptyAnswer, VendorReply
from moai.providers import openai, sentences
from moai.providers.exchange import ask_for_json
from moai.providers.http import Patience
from moai.providers.text import mend
from moai.providers.wire import Json, NotTheFormatError, Target


class HttpTranscriber:
    """A Transcriber over HTTP; borrows the HTTP client and never changes."""

    def __init__(self, *, target: Target, patience: Patience, http: httpx.AsyncClient) -> None:
        self._target = target
        self._patience = patience
        self._http = http

    async def transcribe(self, name: str, media_type: str, audio: bytes) -> str:
        """Return what is said in an audio file; raise ProviderError, EmptyAnswer where nothing is."""
        ends_at = asyncio.get_running_loop().time() + self._patience.answer_timeout_s
        open_reply = partial(
            self._http.stream,
            "POST",
            f"{self._target.base_url}/audio/transcriptions",
            headers={"Accept": "application/json", **openai.headers(self._target)},
            data={"model": self._target.model, "response_format": "json"},
            files={"file": (mend(name), audio, media_type)},
        )
        heard = await ask_for_json(self._target, self._patience, ends_at, open_reply, _heard)
        if not heard:
            reply = VendorReply(self._target.provider, self._target.model, status=200)
            raise EmptyAnswer(sentences.nothing_heard(self._target), reply=reply)
        return heard


def _heard(said: Json) -> str:
    text = said.get("text")
    if not isinstance(text, str):
        raise NotTheFormatError("no text in a transcription")
    return mend(text).strip()
