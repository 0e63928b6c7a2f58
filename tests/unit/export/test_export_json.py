"""The JSON document against its published schema, and what programs may rely on."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from moai.core.model import Timing, Usage
from tests.support.exports import CONSENSUS, a_discussion, a_head, a_thread, document, nasty_discussion, nasty_head
from tests.support.people import a_message

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "export.schema.json").read_text(encoding="utf-8"))
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": int | float,
    "null": type(None),
}


def fits(schema: Mapping[str, Any], value: Any) -> bool:
    """Tell whether a value is what the schema says, as far as ours goes; a key that it does not name is none of it."""
    if "$ref" in schema:
        return fits(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], value)
    if "oneOf" in schema or "anyOf" in schema:
        return any(fits(each, value) for each in schema.get("oneOf", schema.get("anyOf")))
    if "const" in schema or "enum" in schema:
        return value in schema.get("enum", [schema.get("const")])
    return _fits_type(schema, value)


def _fits_type(schema: Mapping[str, Any], value: Any) -> bool:
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if not any(isinstance(value, TYPES[kind]) and (kind == "boolean") == isinstance(value, bool) for kind in kinds):
        return False
    if isinstance(value, dict):
        return _fits_object(schema, value)
    if isinstance(value, list):
        return all(fits(schema["items"], each) for each in value)
    return "pattern" not in schema or bool(re.search(schema["pattern"], value))


def _fits_object(schema: Mapping[str, Any], value: Mapping[str, Any]) -> bool:
    named, others = schema.get("properties", {}), schema.get("additionalProperties")
    if others is None and value.keys() != named.keys():
        return False
    return set(schema.get("required", ())) <= value.keys() and all(
        fits(named.get(key, others), each) for key, each in value.items()
    )


def test_the_document_is_what_the_schema_says() -> None:
    assert fits(SCHEMA, json.loads(document("json", a_head(), a_discussion())))
    assert fits(SCHEMA, json.loads(document("json", nasty_head(is_whole=True), nasty_discussion())))


@pytest.mark.parametrize(
    "spoilt", [{"version": 2}, {"exported_at": "today"}, {"project": None}, {"discussions": [{}]}, {"more": 1}]
)
def test_another_document_is_not(spoilt: dict[str, Any]) -> None:
    whole = json.loads(document("json", a_head(), a_discussion()))

    assert not fits(SCHEMA, {**whole, **spoilt})


def test_every_kind_of_entry_is_in_its_place() -> None:
    (told,) = json.loads(document("json", a_head(), a_discussion()))["discussions"]
    entries = told["entries"]

    assert [each["type"] for each in entries] == [
        *("question", "answer", "answer", "notice", "remark", "answer", "answer", "answer", "ranking", "notice"),
        *("answer", "question", "answer"),
    ]
    assert entries[5]["stance"] == {"side": "agree", "position": "the tooling decides", "moved_by": ["claude"]}
    assert (entries[1]["cost_usd"], entries[1]["input_tokens"], entries[1]["total_s"]) == (0.0123, 120, 4.2)
    assert entries[8]["ballots"] == {"claude": ["gpt", "gemini"], "gpt": ["claude", "gemini"]}
    assert [each["alias"] for each in entries[8]["standings"]] == ["claude"], "gpt gave no whole answer to rank"
    assert entries[10]["consensus"]["recommendation"] == CONSENSUS.recommendation
    assert entries[10]["consensus"]["disagreements"][0]["positions"][0] == {"who": ["claude"], "position": "high"}


def test_numbers_that_json_does_not_have_are_null() -> None:
    spoilt = a_message(2, usage=Usage(1, 1, float("nan")), timing=Timing(float("inf"), 1.0))

    (told,) = json.loads(document("json", a_head(), (spoilt,)))["discussions"]

    assert (told["entries"][0]["cost_usd"], told["entries"][0]["first_token_s"]) == (None, None)


def test_half_an_emoji_becomes_whole_again_or_a_sign() -> None:
    thread = replace(a_thread(), title="\ud83d\ude00 \ud83d")

    (told,) = json.loads(document("json", a_head(thread), ()).encode())["discussions"]

    assert told["title"] == "😀 �"
