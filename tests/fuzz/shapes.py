"""What Telegram may send, by the library's own classes: JSON with their fields, odd values among them."""

from __future__ import annotations

import datetime as dt
import enum
import inspect
import types
import typing
from collections.abc import Sequence
from functools import cache
from typing import Any

import telegram
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.fuzz.values import ODD, TEXTS, chat_ids, numbers

Shape = type | types.UnionType | Any

DEEPEST = 4
"""How deep objects lie in each other; a message may quote a message that pins a message."""
OPTIONAL_FIELDS = 4
ODD_IN = 60
"""One value in so many is none of the kind that its field has."""

_NAMES = {"from_user": "from"}
_LEFT_OUT = {"self", "api_kwargs", "bot"}


@st.composite
def objects(draw: DrawFn, kind: type, deep: int = DEEPEST) -> dict[str, Any]:
    """Draw the JSON of an object of one of the library's classes, with what it must have and some of the rest."""
    required, optional = _fields(kind)
    chosen = draw(st.lists(st.sampled_from(optional), max_size=OPTIONAL_FIELDS, unique=True)) if optional else []
    drawn = {name: draw(_values(shape, name, deep)) for name, shape in (*required, *(optional_of(kind, chosen)))}
    return drawn | draw(_discriminators(kind))


def optional_of(kind: type, names: Sequence[str]) -> list[tuple[str, Shape]]:
    """Return those fields of a class with their shapes."""
    shapes = _shapes(kind)
    return [(name, shapes[name]) for name in names]


@cache
def _fields(kind: type) -> tuple[tuple[tuple[str, Shape], ...], tuple[str, ...]]:
    parameters = inspect.signature(kind.__init__).parameters  # type: ignore[misc]
    needed = {name for name, each in parameters.items() if each.default is inspect.Parameter.empty}
    shapes = _shapes(kind)
    return (
        tuple((name, shape) for name, shape in shapes.items() if name in needed),
        tuple(name for name in shapes if name not in needed),
    )


@cache
def _shapes(kind: type) -> dict[str, Shape]:
    hints = typing.get_type_hints(kind.__init__, localns=vars(telegram) | {"dtm": dt})  # type: ignore[misc]
    return {name: shape for name, shape in hints.items() if name not in {*_LEFT_OUT, "return"}}


@cache
def _values(shape: Shape, name: str, deep: int) -> SearchStrategy[Any]:
    sound = _sound(shape, name, deep)
    return st.integers(1, ODD_IN).flatmap(lambda number: ODD if number == ODD_IN else sound)


def _sound(shape: Shape, name: str, deep: int) -> SearchStrategy[Any]:
    """Return values of the kind that a field has."""
    origin, inner = typing.get_origin(shape), [each for each in typing.get_args(shape) if each is not type(None)]
    if origin in (typing.Union, types.UnionType):
        return st.one_of([_sound(each, name, deep) for each in inner])
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return st.lists(_values(inner[0], name, deep), max_size=3)
    if inspect.isclass(shape) and issubclass(shape, telegram.TelegramObject):
        return objects(shape, deep - 1) if deep else st.just({})
    return _plain(shape, name)


def _plain(shape: Shape, name: str) -> SearchStrategy[Any]:
    if shape is bool:
        return st.booleans()
    if shape is str or (inspect.isclass(shape) and issubclass(shape, enum.Enum)):
        return TEXTS
    if shape is int and (name == "id" or name.endswith("_id")):
        return chat_ids()
    return numbers() if shape in (int, float, dt.datetime, dt.timedelta) else ODD


@cache
def _discriminators(kind: type) -> SearchStrategy[dict[str, Any]]:
    """Return what tells the library which of several classes an object has."""
    words = sorted({str(value) for name, value in vars(kind).items() if name.isupper() and isinstance(value, str)})
    names = [name for name in ("type", "status", "source") if name in _shapes(kind)]
    if not words or not names or not kind.__subclasses__():
        return st.just({})
    return st.fixed_dictionaries({names[0]: st.sampled_from(words)})


def api_name(value: Any) -> Any:
    """Return JSON with the names that the Bot API gives to fields."""
    if isinstance(value, dict):
        return {_NAMES.get(name, name): api_name(each) for name, each in value.items()}
    return [api_name(each) for each in value] if isinstance(value, list) else value
