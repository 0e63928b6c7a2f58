"""Updates of every kind: as the library's classes have them, as people make them, and spoilt ones; JSON all of them."""

from __future__ import annotations

import itertools
import json
import math
import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import telegram
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from moai.bot import stopping
from tests.fuzz.shapes import api_name, objects, optional_of
from tests.fuzz.values import COMMANDS, DATA, GROUPS, ODD, PEOPLE, TEXTS

Json = dict[str, Any]
UNKNOWN = "something_of_next_year"

KINDS = tuple(str(each.value) for each in telegram.constants.UpdateType)
"""Every field of an update that the library parses."""


def by_class(kind: str) -> SearchStrategy[Json]:
    """Return updates of a kind with the fields that its class has."""
    ((_, shape),) = optional_of(telegram.Update, [kind])
    return objects(shape.__args__[0]).map(lambda value: {kind: api_name(value)})


@st.composite
def people(draw: DrawFn) -> Json:
    """Draw somebody who writes."""
    user_id = draw(st.sampled_from(PEOPLE))
    return {"id": user_id, "is_bot": draw(st.sampled_from((False,) * 9 + (True,))), "first_name": f"Person {user_id}"}


@st.composite
def messages(draw: DrawFn) -> Json:
    """Draw a message as people write them, in a chat that there is."""
    author = draw(people())
    group = {"id": draw(st.sampled_from(GROUPS)), "type": "supergroup", "title": "Group"}
    chat = draw(st.sampled_from(({"id": author["id"], "type": "private"}, group)))
    text = draw(st.one_of(st.sampled_from(COMMANDS), TEXTS))
    message = {"message_id": draw(st.integers(1, 10**6)), "date": 1_790_000_000, "chat": chat, "from": author}
    command = text.split()[0] if text.startswith("/") and text.split() else ""
    entities = [{"type": "bot_command", "offset": 0, "length": len(command)}] if command else []
    if draw(st.integers(1, 6)) == 6:
        file: Any = {"file_id": "f", "file_unique_id": "u", "file_size": 9, "duration": 9, "width": 9, "height": 9}
        kind = draw(st.sampled_from(("photo", "document", "voice", "audio", "video")))
        message |= {kind: [file] if kind == "photo" else file, "caption": text, "caption_entities": entities}
    else:
        message |= {"text": text, "entities": entities}
    return message | draw(_around())


def _around() -> SearchStrategy[Json]:
    """Return what else a message may have."""
    shapes = dict(optional_of(telegram.Message, ["reply_to_message", "forward_origin", "external_reply", "quote"]))
    more = {name: objects(shape.__args__[0], 2).map(api_name) for name, shape in shapes.items()}
    more |= {
        "migrate_to_chat_id": st.sampled_from(GROUPS),
        "is_topic_message": st.just(True),  # noqa: FBT003
        "message_thread_id": st.integers(0, 9),
        "media_group_id": st.just("7"),
        "sender_chat": st.sampled_from(GROUPS).map(lambda number: {"id": number, "type": "channel", "title": "C"}),
    }
    return st.integers(1, 4).flatmap(
        lambda number: st.just({}) if number < 4 else st.sampled_from(sorted(more)).flatmap(_one_of(more))
    )


def _one_of(more: dict[str, SearchStrategy[Any]]) -> Any:
    return lambda name: more[name].map(lambda value: {name: value})


@st.composite
def presses(draw: DrawFn) -> Json:
    """Draw a press of a button, also of one that was made up by hand."""
    data = draw(st.one_of(st.sampled_from(DATA), st.text(max_size=64)))
    return {"id": "1", "from": draw(people()), "message": draw(messages()), "chat_instance": "1", "data": data}


@st.composite
def memberships(draw: DrawFn) -> Json:
    """Draw what happened to the bot in a chat."""
    bot = {"id": 110201543, "is_bot": True, "first_name": "MoAI"}
    status = st.sampled_from(("member", "left", "kicked"))
    old, new = ({"user": bot, "status": draw(status), "until_date": 0} for _ in range(2))
    kept = {name: value for name, value in draw(messages()).items() if name in ("chat", "from", "date")}
    return {**kept, "old_chat_member": old, "new_chat_member": new}


def stops() -> SearchStrategy[Json]:
    """Return presses of Telegram's own Stop button."""
    return st.builds(
        lambda chat_id, draft_id: {"chat": {"id": chat_id, "type": "private"}, "draft_id": draft_id},
        st.one_of(st.sampled_from(PEOPLE), ODD),
        st.one_of(st.integers(1, 99), ODD),
    )


@st.composite
def spoilt(draw: DrawFn, sound: SearchStrategy[Json]) -> Json:
    """Draw an update of which some values are missing, or none of their kind."""
    update = as_sent(draw(sound))
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2)))):
        _spoil(draw, update)
    return update


def _spoil(draw: DrawFn, update: Json) -> None:
    places = list(_places(update))
    holder, key = places[draw(st.integers(0, len(places) - 1))]
    if draw(st.booleans()) and isinstance(holder, dict):
        del holder[key]
    else:
        holder[key] = as_sent(draw(ODD))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place in JSON: its container, and the key or index there."""
    pairs = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    for key, each in pairs:
        yield value, key
        if isinstance(each, dict | list):
            yield from _places(each)
    if not pairs and isinstance(value, dict):
        value["nothing"] = None
        yield value, "nothing"


def strategies() -> Iterator[tuple[SearchStrategy[Json], int]]:
    """Yield strategies for updates of every kind, and how many in a hundred each makes."""
    yield messages().map(_named("message")), 40
    yield presses().map(_named("callback_query")), 12
    yield memberships().map(_named("my_chat_member")), 6
    yield stops().map(_named(stopping.KIND)), 4
    yield ODD.map(_named(UNKNOWN)), 6
    for kind in KINDS:
        yield by_class(kind), 8 if kind == "message" else 1


def _named(kind: str) -> Any:
    return lambda value: {kind: value}


def as_sent(value: Any) -> Any:
    """Return a copy that nothing else holds, as it comes over the line."""
    return json.loads(json.dumps(value))


@cache
def corpus(count: int) -> list[Json]:
    """Draw so many updates and a few more, the same ones every time, of all kinds mixed."""
    drawn = [_drawn(spoilt(strategy), math.ceil(count * share / 100)) for strategy, share in strategies()]
    mixed = list(itertools.chain.from_iterable(drawn))
    random.Random(1).shuffle(mixed)  # noqa: S311
    return mixed


def _drawn(strategy: SearchStrategy[Json], count: int) -> list[Json]:
    drawn: list[Json] = []

    @seed(1)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(update: Json) -> None:
        drawn.append(update)

    collect()
    return drawn
