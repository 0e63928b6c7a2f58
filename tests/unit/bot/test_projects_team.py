"""Teams as people choose them, one model at a time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.bot.menu_team import LAST_MODEL, Aliases, changed_team, team_from
from moai.errors import InvalidInput

CONFIGURED = ("claude", "gpt", "gemini")
KNOWN = st.sampled_from((*CONFIGURED, "bard", "ghost"))
TEAMS = st.one_of(st.none(), st.lists(KNOWN, unique=True).map(tuple))


@pytest.mark.parametrize(
    ("aliases", "alias", "is_wanted", "changed"),
    [
        (None, "gpt", False, ("claude", "gemini")),
        (None, "gpt", True, None),
        (("gemini", "claude"), "gpt", True, None),
        (("gemini",), "claude", True, ("claude", "gemini")),
        (("gemini",), "claude", False, ("gemini",)),
        (("bard", "gemini"), "gpt", True, ("gpt", "gemini", "bard")),
        (("bard", "gemini"), "bard", False, ("gemini",)),
        ((*CONFIGURED, "bard"), "bard", False, None),
        ((), "gpt", True, ("gpt",)),
    ],
)
def test_a_model_is_put_on_or_taken_off(aliases: Aliases, alias: str, is_wanted: bool, changed: Aliases) -> None:
    assert changed_team(aliases, CONFIGURED, alias, is_wanted=is_wanted) == changed


@pytest.mark.parametrize(
    ("aliases", "alias"), [(("gpt",), "gpt"), (("gpt", "bard"), "gpt"), (("bard", "ghost"), "ghost"), ((), "gpt")]
)
def test_the_last_model_that_can_be_asked_is_not_taken_off(aliases: Aliases, alias: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        changed_team(aliases, CONFIGURED, alias, is_wanted=False)

    assert caught.value.sentence == LAST_MODEL


@given(TEAMS, KNOWN, st.booleans())
def test_the_same_wish_again_changes_nothing(aliases: Aliases, alias: str, is_wanted: bool) -> None:
    try:
        once = changed_team(aliases, CONFIGURED, alias, is_wanted=is_wanted)
    except InvalidInput:
        return

    assert changed_team(once, CONFIGURED, alias, is_wanted=is_wanted) == once
    assert (alias in (CONFIGURED if once is None else once)) is is_wanted
    assert once is None or len(set(once)) == len(once)


def test_an_alias_that_nobody_has_is_answered_with_those_there_are() -> None:
    with pytest.raises(InvalidInput, match=r"no model called bard.*claude, gpt, gemini"):
        team_from("gpt, bard", CONFIGURED)


def test_everybody_is_everybody_whoever_else_is_named() -> None:
    assert team_from("gpt all", CONFIGURED) is None
