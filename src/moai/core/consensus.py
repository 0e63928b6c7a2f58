"""A moderator's consensus: the schema it is asked for, what is read of it, and how a chat is shown it; asks nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from moai.core.consensus_reading import KEYS, ConsensusReader
from moai.core.findings import Consensus, Disagreement, Position
from moai.core.loose_json import Fields, fields_of, objects_in, without_last_commas
from moai.core.plaintext import escaped

NOTHING = "The moderator found nothing that is settled, and nothing that is open."
_FENCE = re.compile(r"^[ ]*(?:```|~~~)", re.MULTILINE)


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


_STRING = {"type": "string"}
SCHEMA: Mapping[str, Any] = _object(
    agreements=_list(_STRING),
    disagreements=_list(
        _object(
            point=_STRING,
            positions=_list(_object(who=_list(_STRING), position=_STRING)),
            minority_argument=_STRING,
        )
    ),
    recommendation=_STRING,
    open_questions=_list(_STRING),
)
"""The JSON Schema of the answer; fit for vendors' strict modes: all keys required, no others allowed."""


def read_consensus(text: str, aliases: Iterable[str] = ()) -> Consensus | None:
    """Return the consensus in a moderator's answer; None where no object in it has any of the four keys.

    What is missing is empty. With the participants' `aliases`, names are put as they write themselves.
    """
    for each in (text, without_last_commas(text)):
        # A model that thinks aloud comes to its last word last.
        candidates = [fields for value in objects_in(each) for fields in _levels(value) if _keys_of(fields)][::-1]
        if candidates:
            return ConsensusReader(aliases).read(max(candidates, key=_keys_of))
    return None


def as_markdown(consensus: Consensus) -> str:
    """Return a consensus laid out for a chat; what is empty is left out."""
    sections = (
        ("Agreed", _bullets(consensus.agreements)),
        ("Not agreed", [line for number, each in _numbered(consensus) for line in _point(number, each)]),
        ("Recommendation", _closed(consensus.recommendation)),
        ("Open questions", _bullets(consensus.open_questions)),
    )
    return "\n\n".join("\n".join((f"**{title}**", *lines)) for title, lines in sections if lines) or NOTHING


def _levels(value: dict[str, Any]) -> Iterator[Fields]:
    """Yield an object's fields, and those of objects right in it: some models wrap their answer up."""
    yield fields_of(value)
    yield from (fields_of(each) for each in value.values() if isinstance(each, dict))


def _keys_of(fields: Fields) -> int:
    return len(KEYS & fields.keys())


def _bullets(texts: Sequence[str]) -> list[str]:
    return [f"- {each}" for each in texts]


def _numbered(consensus: Consensus) -> Iterator[tuple[str, Disagreement]]:
    yield from ((f"{number}. ", each) for number, each in enumerate(consensus.disagreements, start=1))


def _point(number: str, disagreement: Disagreement) -> Iterator[str]:
    indent = " " * len(number)
    yield f"{number}{disagreement.point}"
    yield from (f"{indent}- {_held(each)}" for each in disagreement.positions)
    if disagreement.minority_argument:
        yield f"{indent}- Best argument of the minority: {disagreement.minority_argument}"


def _held(position: Position) -> str:
    who = ", ".join(map(escaped, position.aliases))
    return f"{who}: {position.text}" if who else position.text


def _closed(markdown: str) -> list[str]:
    """Return a text's lines; a block of code that it leaves open would swallow what follows."""
    lines = markdown.splitlines()
    return [*lines, "```"] if len(_FENCE.findall(markdown)) % 2 else lines
