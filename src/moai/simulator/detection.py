"""Finds what Telegram marks in a text by itself: commands, mentions, links; gives no meaning to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from moai.simulator.model import Entity
from moai.simulator.text import utf16_length

_PATTERN = re.compile(
    r"""
      (?P<url>(?:https?|ftp|tonsite)://[^\s<>"]+
        |(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|ai|dev|info|me|co|de|uk|eu|ru|app)\b(?:[/?\#][^\s<>"]*)?)
    | (?P<email>(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    | (?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>]))
    | (?P<mention>(?<![\w@])@[A-Za-z0-9_]{2,32}(?!\w))
    | (?P<hashtag>(?<![\w\#])\#\w*[^\W\d_]\w*)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SHORT_USERNAMES = {"gif", "vid", "pic"}
# Looking only into words with such a sign in them makes the search ten times as fast.
_CANDIDATE = re.compile(r"(?<!\S)[^\s/@#.]*[/@#.]\S+")


def find_entities(text: str, given: Sequence[Entity] = ()) -> tuple[Entity, ...]:
    """Return the entities of a clean text that nobody gave, without those that touch a given one."""
    return tuple(
        found
        for found in _found(text)
        if not any(found.offset < other.end and other.offset < found.end for other in given)
    )


def _found(text: str) -> Iterator[Entity]:
    words = _CANDIDATE.finditer(text)
    for match in (match for word in words for match in _PATTERN.finditer(text, *word.span())):
        kind = match.lastgroup or ""
        marked = match.group().rstrip(".,:;!?)'") if kind == "url" else match.group()
        # A name of three letters is nobody's (TDLib's find_mentions): `@gpt` is plain text.
        if kind == "mention" and len(marked) < 5 and marked[1:].lower() not in _SHORT_USERNAMES:
            continue
        yield Entity(kind, utf16_length(text[: match.start()]), utf16_length(marked))
