"""Makes a consensus of the object that a moderator wrote, whatever shape it gave its parts; finds no object."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from moai.core.findings import Consensus, Disagreement, Position
from moai.core.loose_json import Fields, fields_of, first_of, text_of, texts_of
from moai.core.plaintext import one_line, showable

KEYS = frozenset(("agreements", "disagreements", "recommendation", "openquestions"))

_POINT = ("point", "topic", "issue", "question", "title", "disagreement", "subject")
_POSITIONS = ("positions", "views", "sides", "stances", "opinions")
_MINORITY = ("minorityargument", "bestminorityargument", "bestargumentoftheminority", "minority")
_WHO = ("who", "heldby", "participants", "participant", "aliases", "alias", "models", "model", "names", "name", "by")
_TEXT = ("position", "text", "view", "stance", "opinion", "claim", "argument", "statement")

_BETWEEN_NAMES = re.compile(r"[,;&/+]|\band\b", re.IGNORECASE)
_LONGEST_NAME = 64
_PARAGRAPH_END = re.compile(r"\n\s*\n")


class ConsensusReader:
    """Knows the participants, so that a name is taken for one however it is written."""

    def __init__(self, aliases: Iterable[str]) -> None:
        self._aliases = {alias.casefold(): alias for alias in aliases}

    def read(self, fields: Fields) -> Consensus:
        """Return what the fields hold; what is missing is empty."""
        return Consensus(
            texts_of(fields.get("agreements")),
            tuple(filter(None, map(self._disagreement, _each(fields.get("disagreements"))))),
            _paragraphs(fields.get("recommendation")),
            texts_of(fields.get("openquestions")),
        )

    def _disagreement(self, value: object) -> Disagreement | None:
        if not isinstance(value, dict):
            return Disagreement(text) if (text := text_of(value)) else None
        fields = fields_of(value)
        listed = self._positions(first_of(fields, _POSITIONS))
        spoken = self._mapped({key: each for key, each in value.items() if self._is_known(key)})
        positions = tuple(each for each in (*listed, *spoken) if each.text)
        minority = text_of(first_of(fields, _MINORITY))
        point = text_of(first_of(fields, _POINT)) or (positions[0].text if positions else minority)
        return Disagreement(point, positions, minority) if point else None

    def _positions(self, value: object) -> Iterator[Position]:
        if isinstance(value, dict) and not _is_position(value):
            yield from self._mapped(value)
        elif isinstance(value, list):
            yield from chain.from_iterable(map(self._item, value))
        else:
            yield from self._item(value)

    def _item(self, value: object) -> Iterator[Position]:
        if not isinstance(value, dict):
            yield from map(self._spoken, texts_of(value) if isinstance(value, str) else [text_of(value)])
        elif _is_position(value):
            fields = fields_of(value)
            yield Position(self._names(first_of(fields, _WHO)), text_of(first_of(fields, _TEXT)))
        else:
            yield from self._mapped(value)

    def _mapped(self, value: Mapping[str, Any]) -> Iterator[Position]:
        """Yield positions that stand under the names of those who hold them, or hold a list of these."""
        for key, each in value.items():
            holders = self._names(each) if isinstance(each, list) else ()
            if holders and all(map(self._is_known, holders)):
                yield Position(holders, text_of(key))
            else:
                yield Position(self._names(key), text_of(each))

    def _spoken(self, text: str) -> Position:
        """Return the position in `claude, gpt: it is so`."""
        head, _, tail = text.partition(":")
        names = self._names(head)
        return Position(names, tail.strip()) if names and all(map(self._is_known, names)) else Position((), text)

    def _names(self, value: object) -> tuple[str, ...]:
        texts = chain.from_iterable(map(_BETWEEN_NAMES.split, texts_of(value)))
        names = (one_line(each, _LONGEST_NAME).strip("@\"'“”`* ") for each in texts)
        return tuple(dict.fromkeys(self._aliases.get(each.casefold(), each) for each in names if each))

    def _is_known(self, name: str) -> bool:
        return name.casefold().strip("@ ") in self._aliases


def _each(value: object) -> list[Any]:
    """Return the disagreements of a list, of a text, or of an object that has them by their point."""
    if isinstance(value, str):
        return list(texts_of(value))
    if isinstance(value, dict):
        is_one = not fields_of(value).keys().isdisjoint((*_POINT, *_POSITIONS))
        return [value] if is_one else [{"point": point, "positions": each} for point, each in value.items()]
    return value if isinstance(value, list) else []


def _is_position(value: Mapping[str, Any]) -> bool:
    keys = fields_of(value).keys()
    return not keys.isdisjoint(_WHO) and not keys.isdisjoint(_TEXT)


def _paragraphs(value: object) -> str:
    """Return a recommendation, which may have paragraphs and lists."""
    if not isinstance(value, str):
        return "\n\n".join(texts_of(value))
    lines = (showable(each).rstrip() for each in value.strip().splitlines())
    return _PARAGRAPH_END.sub("\n\n", "\n".join(lines)).strip()
