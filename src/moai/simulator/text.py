"""Texts as Telegram keeps them: encoding, cleaning, trimming, lengths; knows of entities only their bounds.

The rules are those of TDLib's fix_formatted_text, which the Bot API server runs every text through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from moai.simulator.model import Entity
from moai.simulator.refusal import bad_request

MAX_TEXT = 4096
"""How long a message may be, in UTF-16 units."""

_REMOVED = {0x0D, *range(0x2028, 0x202F), 0x0333, 0x033F, 0x030A}
_CLEANED: dict[int, str | None] = {
    **{code: " " for code in range(32) if chr(code) not in "\n\r"},
    **dict.fromkeys(_REMOVED),
}
_BLANKS = " \n"
_INVISIBLE = "".join(map(chr, (0x20, 0x0A, 0xA0, 0xAD, 0x2800, 0x3000, 0xFEFF, *range(0x2000, 0x2010))))


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def require_utf8(text: str) -> None:
    """Raise ApiError where there are lone surrogates in a text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None


@dataclass(frozen=True, slots=True)
class FormattedText:
    """A text and what is marked in it."""

    text: str
    entities: tuple[Entity, ...] = ()


def cleaned(given: FormattedText) -> FormattedText:
    """Return the text without control characters and blank edges, its entities moved; raise ApiError."""
    require_utf8(given.text)
    entities = tuple(_moved(given)) if given.entities else ()
    return _trimmed(FormattedText(given.text.translate(_CLEANED), entities))


def is_blank(text: str) -> bool:
    """Tell a text in which there is nothing to be seen."""
    return not text.strip(_INVISIBLE)


def _moved(given: FormattedText) -> list[Entity]:
    places = _places(given.text)
    last = len(places) - 1
    entities = []
    for entity in given.entities:
        begins, ends = "entity begins", f"entity beginning at UTF-16 offset {entity.offset} ends"
        if entity.offset > last:
            raise bad_request(f"{begins} after the end of the text at UTF-16 offset {entity.offset}")
        if entity.end > last:
            raise bad_request(f"{ends} after the end of the text at UTF-16 offset {entity.end}")
        for what, unit in ((begins, entity.offset), (ends, entity.end)):
            if places[unit] < 0:
                at = _bytes_through(given.text, unit)
                raise bad_request(f"{what} in a middle of a UTF-16 symbol at byte offset {at}")
        start = places[entity.offset]
        entities.append(replace(entity, offset=start, length=places[entity.end] - start))
    return entities


def _bytes_through(text: str, unit: int) -> int:
    through = text.encode("utf-16-le")[: 2 * unit + 2].decode("utf-16-le")
    return len(through.encode())


def _places(text: str) -> Sequence[int]:
    """Return, for each UTF-16 unit, where it stands once the text is clean; -1 within a surrogate pair."""
    if text.isascii() and "\r" not in text:
        return range(len(text) + 1)
    places = []
    place = 0
    for character in text:
        places.append(place)
        if ord(character) > 0xFFFF:
            places.append(-1)
            place += 2
        elif ord(character) not in _REMOVED:
            place += 1
    return [*places, place]


def _trimmed(given: FormattedText) -> FormattedText:
    text = given.text.rstrip(_BLANKS)
    end = utf16_length(text)
    kept = [replace(entity, length=min(entity.end, end) - entity.offset) for entity in given.entities]
    kept = [entity for entity in kept if entity.length > 0]
    # Telegram trims the front only as far as the first entity begins.
    front = min([len(text) - len(text.lstrip(_BLANKS)), *(entity.offset for entity in kept)])
    if front:
        kept = [replace(entity, offset=entity.offset - front) for entity in kept]
    return FormattedText(text[front:], tuple(kept))
