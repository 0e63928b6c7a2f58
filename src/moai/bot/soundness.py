"""Whether the JSON of an update has values of the types that the library's classes say; reads no meaning out of it.

The library takes what it is given: a chat whose id is a list becomes a Chat, and fails somewhere else, later.
"""

from __future__ import annotations

import datetime as dt
import enum
import inspect
import types
import typing
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeGuard

import telegram

Shape = Any
"""A type as an annotation has it."""

MOST = 2**63
"""Beyond any number of Telegram's, which has 52 significant bits at the most (Bot API, User); databases end there."""

_NUMBERS = (int, float, dt.datetime, dt.timedelta)
_JSON_NAMES = {"from_user": "from"}
_NOT_JSON = ("self", "return", "api_kwargs")


def is_number(value: object) -> TypeGuard[int]:
    """Tell an integer that can be stored; True and False are integers in this language only."""
    return isinstance(value, int) and not isinstance(value, bool) and -MOST <= value < MOST


def require_sound(raw: Mapping[str, Any]) -> None:
    """Raise ValueError, with the path of the first value that is none of its type."""
    _require(raw, telegram.Update, "update")


def _require(value: Any, kind: type, path: str) -> None:
    # An object that is missing becomes None in the library, which no annotation says.
    if not isinstance(value, Mapping) or not value.keys() >= _needed(kind):
        raise _unsound(path)
    for name, shape in _shapes(kind).items():
        if name in value:
            _check(value[name], shape, f"{path}.{name}")


def _check(value: Any, shape: Shape, path: str) -> None:
    origin: Any = typing.get_origin(shape)
    inner = typing.get_args(shape)
    if origin in (typing.Union, types.UnionType):
        _check_union(value, inner, path)
    elif isinstance(origin, type) and issubclass(origin, Sequence):
        _check_list(value, inner[0], path)
    elif inspect.isclass(shape):
        _check_one(value, shape, path)


def _check_union(value: Any, shapes: Sequence[Shape], path: str) -> None:
    if value is None and type(None) in shapes:
        return
    known = [shape for shape in shapes if shape is not type(None)]
    if len(known) == 1:
        # Where several are allowed, the library has to tell them apart.
        _check(value, known[0], path)


def _check_list(value: Any, shape: Shape, path: str) -> None:
    if not isinstance(value, list):
        raise _unsound(path)
    for number, each in enumerate(value):
        _check(each, shape, f"{path}[{number}]")


def _check_one(value: Any, shape: type, path: str) -> None:
    if issubclass(shape, telegram.TelegramObject):
        _require(value, shape, path)
    elif shape is bool:
        _is_or_raise(isinstance(value, bool), path)
    elif issubclass(shape, str | enum.Enum):
        _is_or_raise(isinstance(value, str), path)
    elif shape in _NUMBERS:
        _is_or_raise(is_number(value) or isinstance(value, float), path)


def _is_or_raise(condition: bool, path: str) -> None:
    if not condition:
        raise _unsound(path)


@cache
def _shapes(kind: type) -> Mapping[str, Shape]:
    """Return the fields of a class by their names in JSON, those of the classes that stand behind it too."""
    shapes: dict[str, Shape] = {}
    for each in (*kind.__subclasses__(), kind):
        hints = typing.get_type_hints(each.__init__, localns=vars(telegram))  # type: ignore[misc]
        shapes.update((_JSON_NAMES.get(name, name), hint) for name, hint in hints.items() if name not in _NOT_JSON)
    return types.MappingProxyType(shapes)


@cache
def _needed(kind: type) -> frozenset[str]:
    """Return the fields that every object of a class has."""
    parameters = inspect.signature(kind).parameters
    needed = (name for name, each in parameters.items() if each.default is inspect.Parameter.empty)
    return frozenset(_JSON_NAMES.get(name, name) for name in needed)


def _unsound(path: str) -> ValueError:
    return ValueError(f"{path} is not what the Bot API says")
