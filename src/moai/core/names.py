"""What projects may be called, and when two names are the same; owns no store."""

from __future__ import annotations

import unicodedata
from collections.abc import Container
from itertools import count

from moai.errors import InvalidInput

FIRST_PROJECT = "General"
LONGEST_NAME = 64
"""Characters of a project's name."""


def name_key(name: str) -> str:
    """Return what two names of projects have in common when people take them for the same."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def checked(name: str) -> str:
    """Return the name as it is stored; raise InvalidInput where a project cannot be called that."""
    name = " ".join(name.split())
    if not any(sign.isprintable() and not sign.isspace() for sign in name_key(name)):
        raise InvalidInput(f"A project needs a name that can be seen: write one of up to {LONGEST_NAME} characters.")
    if len(name) > LONGEST_NAME:
        raise InvalidInput(
            f"That name has {len(name)} characters, and a project's may have {LONGEST_NAME}: choose a shorter one."
        )
    return name


def taken(name: str) -> InvalidInput:
    """Return the error for a name that another project of the chat has."""
    return InvalidInput(
        f"There is a project called “{name}” in this chat already: choose another name, or /project select it."
    )


def numbered(name: str, keys: Container[str]) -> str:
    """Return the name with the first number behind it, from 2, whose key is not among these."""
    suffixes = (f" ({number})" for number in count(2))
    names = (name[: LONGEST_NAME - len(suffix)].rstrip() + suffix for suffix in suffixes)
    return next(each for each in names if name_key(each) not in keys)
