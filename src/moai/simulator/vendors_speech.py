"""Transcriptions as OpenAI's server makes them: reads the form, and plays a step as an answer of its own shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from moai.simulator.vendors_requests import SpeechRequest
from moai.simulator.vendors_scripts import Plan, Says
from moai.simulator.vendors_stage import Stage

_KINDS = frozenset(("flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "oga", "ogg", "wav", "webm"))


@dataclass(frozen=True, slots=True)
class SpeechStage(Stage):
    """A recording that is being written down."""

    def _whole(self, planned: Plan) -> web.Response:
        return web.json_response({"text": planned.text})


async def read_speech(request: web.Request, headers: Mapping[str, str]) -> SpeechRequest | None:
    """Return what the form holds, or None where it is not one with a recording in it."""
    if not request.content_type.startswith("multipart/"):
        return None
    form = await request.post()
    file = form.get("file")
    if not isinstance(file, web.FileField):
        return None
    # aiohttp closes the file where the reply was sent, and not where the client has left before.
    with file.file as recording:
        audio = recording.read()
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    return SpeechRequest(
        model=fields.pop("model", ""),
        headers=headers,
        fields=fields,
        name=file.filename,
        media_type=file.content_type,
        audio=audio,
    )


def complaint(asked: SpeechRequest | None) -> str | None:
    """Return what OpenAI would not accept, or None."""
    if asked is None:
        return "file: field required"
    if not asked.model:
        return "you must provide a model parameter"
    if asked.name.rpartition(".")[2].lower() not in _KINDS:
        return f"Unrecognized file format. Supported formats: {sorted(_KINDS)}"
    unknown = next((name for name in asked.fields if name not in ("response_format", "language", "prompt")), None)
    return f"Unrecognized request argument supplied: {unknown}" if unknown else None


def heard(asked: SpeechRequest) -> Says:
    """Return the step of a model without a script: what is in the file is what is heard."""
    return Says(asked.audio.decode("utf-8", "replace"))
