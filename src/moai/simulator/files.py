"""The files of the simulated Telegram: what is handed over, what is kept of it, and what can be downloaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import PurePath
from typing import Any, TypeVar

from moai.simulator.model import Audio, Document, File, PhotoSize, Voice

_SMALLER_SIDES = (90, 320, 800, 1280)
_FOLDERS: dict[type[File], str] = {Document: "documents", PhotoSize: "photos", Voice: "voice", Audio: "music"}
_SUFFIXES: dict[type[File], str] = {PhotoSize: ".jpg", Voice: ".oga"}


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A picture to send, in pixels; `size` in bytes is claimed, whatever the data's own."""

    data: bytes = field(repr=False)
    width: int = 1280
    height: int = 960
    size: int | None = None


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A file to send; `size` in bytes is claimed, whatever the data's own."""

    name: str
    data: bytes = field(repr=False)
    mime_type: str = "application/octet-stream"
    size: int | None = None


@dataclass(frozen=True, slots=True)
class NewVoice:
    """A voice message to send; `size` in bytes is claimed, whatever the data's own."""

    data: bytes = field(repr=False)
    duration_s: int = 1
    mime_type: str = "audio/ogg"
    size: int | None = None


@dataclass(frozen=True, slots=True)
class NewAudio:
    """A sound file to send; `size` in bytes is claimed, whatever the data's own."""

    name: str
    data: bytes = field(repr=False)
    mime_type: str = "audio/mpeg"
    duration_s: int = 1
    title: str = ""
    performer: str = ""
    size: int | None = None


F = TypeVar("F", bound=File)

NewFile = NewPhoto | NewDocument | NewVoice | NewAudio


class Files:
    """Keeps files by id; one can be downloaded once its path was asked for, as at Telegram."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = count(1)
        self._kept: dict[str, File] = {}
        self._photos: dict[str, tuple[PhotoSize, ...]] = {}
        self._served: dict[str, File] = {}

    def keep(self, new: NewFile) -> dict[str, Any]:
        """Keep a file, and return the field of a Message that holds it."""
        match new:
            case NewPhoto():
                return {"photo": self._keep_photo(new)}
            case NewDocument(name, data, mime_type, size):
                return {"document": self._keep(Document(self._id("BQAC"), name, mime_type, data, size))}
            case NewVoice(data, duration_s, mime_type, size):
                return {"voice": self._keep(Voice(self._id("AwAC"), "", mime_type, data, size, duration_s))}
            case NewAudio(name, data, mime_type, duration_s, title, performer, size):
                sound = Audio(self._id("CQAC"), name, mime_type, data, size, duration_s, title, performer)
                return {"audio": self._keep(sound)}

    def find(self, file_id: str) -> File | None:
        """Return a file by its id."""
        return self._kept.get(file_id)

    def sizes_of(self, size: PhotoSize) -> tuple[PhotoSize, ...]:
        """Return the whole picture that one size is of."""
        return self._photos[size.file_id]

    def serve(self, file: File) -> str:
        """Return the path under which a file can be downloaded from now on."""
        suffix = _SUFFIXES.get(type(file)) or PurePath(file.name).suffix
        path = f"{_FOLDERS[type(file)]}/file_{number_of(file)}{suffix}"
        self._served[path] = file
        return path

    def at(self, path: str) -> File | None:
        """Return what can be downloaded from a path."""
        return self._served.get(path)

    def _keep_photo(self, new: NewPhoto) -> tuple[PhotoSize, ...]:
        longest = max(new.width, new.height)
        sides = [*(side for side in _SMALLER_SIDES if side < longest), longest]
        photo = tuple(self._keep(self._scaled(new, side / longest)) for side in sides)
        self._photos.update(dict.fromkeys((size.file_id for size in photo), photo))
        return photo

    def _scaled(self, new: NewPhoto, scale: float) -> PhotoSize:
        # Nothing is drawn anew: the beginning of the data stands for a smaller copy, so that it can be told apart.
        data = new.data[: max(1, round(len(new.data) * scale**2))]
        claimed = None if new.size is None else round(new.size * scale**2)
        width, height = (max(1, round(side * scale)) for side in (new.width, new.height))
        return PhotoSize(self._id("AgAC"), "", "image/jpeg", data, claimed, width, height)

    def _keep(self, file: F) -> F:
        self._kept[file.file_id] = file
        return file

    def _id(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers)}"


def number_of(file: File) -> str:
    """Return the part of a file's id that is in its path, too."""
    return file.file_id[4:]
