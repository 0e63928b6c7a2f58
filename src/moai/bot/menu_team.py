"""Teams as people choose them: from aliases that were written, or one button at a time; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from moai.bot.words import EVERYBODY
from moai.core.seating import unknown_alias
from moai.errors import InvalidInput

LAST_MODEL = "A team needs one model that is configured: put another one on it first."

Aliases = tuple[str, ...] | None
"""A team as it is stored; None stands for every configured model."""


def team_from(text: str, configured: Sequence[str]) -> Aliases:
    """Return the team that was written as aliases, with commas or spaces between them; raise InvalidInput."""
    written = (each.removeprefix("@").lower() for each in re.split(r"[,\s]+", text))
    wanted = [each for each in written if each]
    if EVERYBODY in wanted:
        return None
    if unknown := [each for each in wanted if each not in configured]:
        raise InvalidInput(unknown_alias(unknown[0], configured))
    if not wanted:
        raise InvalidInput(f"Which models? Write their names: /project models {','.join(configured)}")
    return tuple(each for each in configured if each in wanted)


def changed_team(aliases: Aliases, configured: Sequence[str], alias: str, *, is_wanted: bool) -> Aliases:
    """Return the team with a model put on it or taken off; raise InvalidInput.

    Models that are not configured any more keep their seats until they are taken off.
    """
    if is_wanted and alias not in configured:
        raise InvalidInput(f"{alias} is not configured any more.")
    team = dict.fromkeys(configured if aliases is None else aliases)
    if is_wanted:
        team[alias] = None
    else:
        team.pop(alias, None)
    if team.keys().isdisjoint(configured):
        raise InvalidInput(LAST_MODEL)
    if team.keys() == set(configured):
        return None
    return (*(each for each in configured if each in team), *(each for each in team if each not in configured))
