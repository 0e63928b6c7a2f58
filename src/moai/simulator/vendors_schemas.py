"""What vendors demand of the JSON Schema that an answer is to follow; pure, and knows no more of schemas than that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moai.simulator.vendors_shape import Json, mapping

_TYPES = frozenset(("object", "array", "string", "number", "integer", "boolean", "null"))


def schema_complaint(schema: Any, *, closed: bool = True, all_required: bool = False) -> str | None:
    """Return what a vendor would not accept in a schema, or None.

    `closed` demands that no object takes other properties; `all_required`, that each requires all that it has.
    """
    if mapping(schema).get("type") != "object":
        return "the schema must be a JSON Schema of 'type: \"object\"'"
    for part in _parts(mapping(schema)):
        if part.get("type") not in _TYPES:
            return f"unknown type {part.get('type')!r}"
        if part["type"] == "object" and (complaint := _object_complaint(part, closed, all_required)):
            return complaint
    return None


def _object_complaint(part: Json, closed: bool, all_required: bool) -> str | None:
    if closed and part.get("additionalProperties") is not False:
        return "'additionalProperties' is required to be supplied and to be false."
    if all_required and {*part.get("required", ())} != {*mapping(part.get("properties"))}:
        return "'required' is required to be supplied and to be an array including every key in properties."
    return None


def _parts(schema: Json) -> Iterator[Json]:
    """Yield a schema and those within it."""
    yield schema
    within = [*mapping(schema.get("properties")).values(), *([schema["items"]] if "items" in schema else [])]
    for part in within:
        yield from _parts(mapping(part))
