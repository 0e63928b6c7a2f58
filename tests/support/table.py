"""Scripted vendors at one table: what each model says in each round, and what each was shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from moai.settings import ModelSpec
from moai.simulator.chats import PrivateChat
from moai.simulator.talk import Talk
from moai.simulator.vendors import VendorRequest
from moai.simulator.vendors_scripts import Says, Step
from tests.support.house import TEAM, House

QUESTION = "Should we rent or buy?"


def turn(words: str, side: str = "disagree", position: str = "my own view", moved_by: str = "") -> str:
    """Return what a model says in its turn, with the stance that it ends with."""
    by = f" (moved by {moved_by})" if moved_by else ""
    return f"{words}\n\nSTANCE: {side} — {position}{by}"


def has_turns(house: House, rounds: int, side: str = "disagree", team: Sequence[ModelSpec] = TEAM) -> None:
    """Let every model say `alias-1`, `alias-2` … in its turns, with a side that moves from round to round."""
    other = "undecided" if side == "disagree" else side
    for spec in team:
        sides = [side if number % 2 else other for number in range(1, rounds + 1)]
        house.vendors.script(
            spec.model, *(Says(turn(f"{spec.alias}-{number}.", each)) for number, each in enumerate(sides, start=1))
        )


def has_steps(house: House, spec: ModelSpec, *steps: Step | str) -> None:
    """Let a model do these, one after the other."""
    house.vendors.script(spec.model, *(Says(each) if isinstance(each, str) else each for each in steps))


def asked_in_order(house: House, among: Callable[[VendorRequest], bool] = lambda _: True) -> list[str]:
    """Return the aliases of the models in the order in which they were asked."""
    names = {spec.model: spec.alias for spec in TEAM}
    return [names[each.model] for each in house.vendors.requests if among(each)]


def shown_to(house: House, spec: ModelSpec) -> list[str]:
    """Return all that a model was shown at each of its requests, without the system prompt, in one text each."""
    return ["\n".join(each.texts) for each in house.vendors.requests if each.model == spec.model]


def texts_of(chat: PrivateChat, alias: str) -> list[str]:
    """Return what a model's messages in a chat say, without their first lines."""
    own = [each.text for each in chat.bot_messages if each.text.startswith(f"{alias} · ")]
    return [text.partition("\n")[2] for text in own]


def answers_in(chat: Talk) -> list[str]:
    """Return all that was said in a chat, without the boards, which begin with the question in quotes."""
    return [each.text for each in chat.bot_messages if not each.text.startswith("“")]
