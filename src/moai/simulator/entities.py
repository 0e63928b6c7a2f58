"""Reads and checks the entities and texts that a bot sends; stricter than Telegram in one place, told below.

Telegram repairs entities that overlap or nest against its rules; here they are refused, because what it
makes of them is not what the bot meant (https://core.telegram.org/bots/api#formatting-options).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from moai.simulator.detection import find_entities
from moai.simulator.links import require_link
from moai.simulator.model import Entity, User
from moai.simulator.refusal import bad_request
from moai.simulator.text import FormattedText, cleaned, is_blank, require_utf8, utf16_length

MAX_ENTITIES = 100
_FOUND_BY_TELEGRAM = frozenset(
    ["mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number"]
)
_PLAIN = frozenset(
    ["bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code"]
)
_DETAILS = {
    "pre": ("language", False),
    "text_link": ("url", True),
    "text_mention": ("user", True),
    "custom_emoji": ("custom_emoji_id", True),
    "date_time": ("unix_time", True),
}
_QUOTES = frozenset({"blockquote", "expandable_blockquote"})
_LEAVES = frozenset({"pre", "code"})


def formatted(text: str, raw: Any, people: Mapping[int, User]) -> FormattedText:
    """Return a text as Telegram would keep it, from the text and the `entities` of a call; raise ApiError."""
    given = cleaned(FormattedText(text, tuple(_read_entities(raw, people))))
    entities = tuple(sorted(given.entities, key=_nesting_order))
    _check_nesting(entities)
    entities = entities[:MAX_ENTITIES]
    found = find_entities(given.text, entities)
    if found:
        entities = tuple(sorted((*entities, *found), key=_nesting_order))[:MAX_ENTITIES]
    return FormattedText(given.text, entities)


def require_length(given: FormattedText, limit: int, too_long: str) -> None:
    """Raise ApiError for a text of more than `limit` UTF-16 units."""
    if utf16_length(given.text) > limit:
        raise bad_request(too_long)


def require_visible(given: FormattedText) -> None:
    """Raise ApiError for a text without anything to be seen in it."""
    if is_blank(given.text):
        raise bad_request("text must be non-empty")


def _read_entities(raw: Any, people: Mapping[int, User]) -> Iterable[Entity]:
    if isinstance(raw, str) and raw:
        raise bad_request("can't parse entities JSON object")
    # The server passes over anything else that is no array.
    for value in raw if isinstance(raw, list) else ():
        entity = _read_entity(value, people)
        if entity is not None and entity.length:
            yield entity


def _unreadable(reason: str) -> Exception:
    return bad_request(f"can't parse MessageEntity: {reason}")


def _read_entity(value: Any, people: Mapping[int, User]) -> Entity | None:
    if not isinstance(value, dict):
        raise _unreadable("expected an Object")
    offset, length = (_number(value, name) for name in ("offset", "length"))
    kind = value.get("type")
    if kind is None:
        raise _unreadable('Can\'t find field "type"')
    if kind in _FOUND_BY_TELEGRAM:
        return None
    if kind not in _PLAIN and kind not in _DETAILS:
        raise _unreadable("Unsupported type specified")
    return _with_detail(Entity(kind, offset, length), value, people)


def _number(value: Mapping[str, Any], name: str) -> int:
    if name not in value:
        raise _unreadable(f'Can\'t find field "{name}"')
    try:
        number = int(value[name])
    except (TypeError, ValueError):
        raise _unreadable(f'Field "{name}" must be a Number') from None
    if not 0 <= number <= 1_000_000:
        raise bad_request(f"receive an entity with incorrect {name} {number}")
    return number


def _with_detail(entity: Entity, value: Mapping[str, Any], people: Mapping[int, User]) -> Entity:
    field, required = _DETAILS.get(entity.type, ("", False))
    if not field:
        return entity
    detail = value.get(field)
    if detail is None:
        if required:
            raise _unreadable(f'Can\'t find field "{field}"')
        return entity
    require_utf8(json.dumps(detail, ensure_ascii=False))
    if field == "url":
        require_link(detail, "entity")
    if field == "user":
        return replace(entity, user=_known(detail, people))
    return replace(entity, **{field: detail})


def _known(value: Any, people: Mapping[int, User]) -> User:
    user = people.get(value.get("id", 0)) if isinstance(value, dict) else None
    if user is None:
        raise bad_request("user not found")
    return user


def _nesting_order(entity: Entity) -> tuple[int, int, bool]:
    # Of two that cover the same stretch, code is the inner one.
    return entity.offset, -entity.length, entity.type in _LEAVES


def _check_nesting(entities: Iterable[Entity]) -> None:
    around: list[Entity] = []
    for entity in entities:
        while around and around[-1].end <= entity.offset:
            around.pop()
        if around:
            _check_within(entity, around)
        around.append(entity)


def _check_within(entity: Entity, around: list[Entity]) -> None:
    what = f"can't parse entities: {entity.type} entity at UTF-16 offset {entity.offset}"
    outer = around[-1]
    if entity.end > outer.end:
        raise bad_request(f"{what} overlaps a {outer.type} entity without being inside it")
    if outer.type in _LEAVES:
        raise bad_request(f"{what} is inside a {outer.type} entity")
    if entity.type in _QUOTES and any(each.type in _QUOTES for each in around):
        raise bad_request(f"{what} is inside another quotation")
