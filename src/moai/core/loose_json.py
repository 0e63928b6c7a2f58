"""Finds JSON objects in a model's prose, and texts in values of any shape; knows nothing of what they mean."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from moai.core.plaintext import one_line

Fields = Mapping[str, Any]
"""An object's values by key, in lower case and letters and digits only."""

_MOST_TRIES = 200
# Numbers stay as they are written: nobody counts with them, and huge ones would raise.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str, strict=False)
_COMMA_BEFORE_END = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\\?\Z))|,(?=\s*+[}\]])', re.DOTALL)
_NOT_IN_KEYS = re.compile(r"[\W_]+")
_LIST_MARK = re.compile(r"\A(?:(?:[-+*•>]|\#{1,6}|\d{1,2}[.)])\s+)+")


def objects_in(text: str) -> Iterator[dict[str, Any]]:
    """Yield the outermost JSON objects of a text; what looks like one and is not, or is too deep, is passed over."""
    at = 0
    for _ in range(_MOST_TRIES):
        at = text.find("{", at)
        if at < 0:
            return
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
        else:
            yield value


def without_last_commas(text: str) -> str:
    """Return a text without commas before a closing bracket, which people's JSON has and JSON has not."""
    return _COMMA_BEFORE_END.sub(r"\1", text)


def fields_of(value: Mapping[str, Any]) -> Fields:
    """Return an object's values by plain keys: `openQuestions` and `Open questions` are the same."""
    return {_NOT_IN_KEYS.sub("", key).casefold(): each for key, each in value.items()}


def first_of(fields: Fields, keys: Iterable[str]) -> Any:
    """Return the value of the first of these keys that has one, else None."""
    return next((fields[key] for key in keys if fields.get(key) is not None), None)


def text_of(value: object) -> str:
    """Return one line of what a value says; deeper than its items nothing is read."""
    if isinstance(value, list):
        return "; ".join(filter(None, map(_line, value)))
    if isinstance(value, dict):
        lines = {key: line for key, each in value.items() if (line := _line(each))}
        return "; ".join(f"{_line(key)}: {line}" if len(lines) > 1 else line for key, line in lines.items())
    return _line(value)


def texts_of(value: object) -> tuple[str, ...]:
    """Return what the items of a list say, of the lines of a text, or of the values of an object."""
    if isinstance(value, str):
        value = value.splitlines()
    if isinstance(value, dict):
        value = list(value.values())
    return tuple(filter(None, map(text_of, value))) if isinstance(value, list) else ()


def _line(value: object) -> str:
    return _LIST_MARK.sub("", one_line(value)) if isinstance(value, str) else ""
