"""The texts and the pictures of a request in any vendor's format, and what is wrong with them; pure."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterable
from typing import Any

from moai.simulator.vendors_shape import Json, Shape

_ASKER = "user"
_PICTURES = frozenset(("image/jpeg", "image/png", "image/gif", "image/webp"))


def texts_of(shape: Shape, turn: Json) -> list[str]:
    """Return the texts of a turn, in their order."""
    return [part["text"] for part in shape.parts(turn) if isinstance(part.get("text"), str)]


def images_of(shape: Shape, body: Json) -> list[tuple[str, str]]:
    """Return the pictures of a request, in their order: the media type, and the bytes in base64."""
    found = (shape.image(part) for turn in shape.turns(body) for part in shape.parts(turn))
    return [image for image in found if image]


def question_of(shape: Shape, body: Json) -> str:
    """Return the texts of the last turn, with blank lines between them."""
    turns = shape.turns(body)
    return "\n\n".join(texts_of(shape, turns[-1])) if turns else ""


def contents_complaint(shape: Shape, body: Json) -> str | None:
    """Return what is wrong with the texts and the pictures of the turns, or None."""
    return next(filter(None, (_turn_complaint(shape, turn) for turn in shape.turns(body))), None)


def _turn_complaint(shape: Shape, turn: Json) -> str | None:
    parts = shape.parts(turn)
    pictures = [image for image in map(shape.image, parts) if image]
    if not parts:
        return "content must not be empty"
    if pictures and turn.get("role") != _ASKER:
        return f"images are only allowed for messages with role '{_ASKER}'"
    complaints = (texts_complaint(part.get("text") for part in parts if not shape.image(part)),)
    return next(filter(None, (*complaints, *(_image_complaint(*image) for image in pictures))), None)


def texts_complaint(texts: Iterable[Any]) -> str | None:
    """Return the complaint about a text that is none, or is empty."""
    for text in texts:
        if not isinstance(text, str) or not text.strip():
            return "text content must be a non-empty string"
    return None


def _image_complaint(media_type: str, data: str) -> str | None:
    if media_type not in _PICTURES:
        return f"unsupported media type of an image: {media_type!r}"
    try:
        return None if b64decode(data, validate=True) else "an image is empty"
    except binascii.Error:
        return "an image is not valid base64"
