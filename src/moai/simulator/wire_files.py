"""The Bot API's JSON for files and what holds them (https://core.telegram.org/bots/api#available-types); reads only."""

from __future__ import annotations

from typing import Any

from moai.simulator.files import number_of
from moai.simulator.model import Audio, Document, File, Message, PhotoSize, Voice

JSON = dict[str, Any]


def file_json(file: File) -> JSON:
    """Return a File without its path, or what all that is sent as a file has."""
    return {"file_id": file.file_id, "file_unique_id": f"AgAD{number_of(file)}", "file_size": file.size}


def attached_json(message: Message) -> JSON:
    """Return the fields of a Message that tell of its file; none where it has none."""
    told: JSON = {}
    if message.document:
        told["document"] = _document(message.document)
    if message.photo:
        told["photo"] = [_size(size) for size in message.photo]
    if message.voice:
        told["voice"] = _voice(message.voice)
    if message.audio:
        told["audio"] = _audio(message.audio)
    if message.album_id:
        told["media_group_id"] = message.album_id
    return told


def _document(document: Document) -> JSON:
    return file_json(document) | _told(file_name=document.name, mime_type=document.mime_type)


def _size(size: PhotoSize) -> JSON:
    return {**file_json(size), "width": size.width, "height": size.height}


def _voice(voice: Voice) -> JSON:
    return {"duration": voice.duration_s, **file_json(voice)} | _told(mime_type=voice.mime_type)


def _audio(audio: Audio) -> JSON:
    optional = _told(file_name=audio.name, mime_type=audio.mime_type, title=audio.title, performer=audio.performer)
    return {"duration": audio.duration_s, **file_json(audio)} | optional


def _told(**texts: str) -> JSON:
    return {name: text for name, text in texts.items() if text}
