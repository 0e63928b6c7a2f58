"""What the core's values say of themselves."""

from __future__ import annotations

import dataclasses

import pytest

from moai.core import commands, events, model
from moai.core.model import Answer, Completion, Failure, Place
from tests.support.fakes import CLAUDE, GROUP, PRIVATE, TOPIC

VALUES = [
    each
    for module in (model, commands, events)
    for each in vars(module).values()
    if isinstance(each, type) and dataclasses.is_dataclass(each)
]


@pytest.mark.parametrize(("place", "is_private"), [(PRIVATE, True), (GROUP, False), (TOPIC, False)])
def test_a_place_tells_private_chats_from_groups(place: Place, is_private: bool) -> None:
    assert place.is_private is is_private


def test_an_answer_shows_its_text() -> None:
    answer = Answer(CLAUDE, Completion("Rayleigh.", "claude-x"))

    assert (answer.text, answer.error) == ("Rayleigh.", None)


def test_a_failed_answer_shows_its_error_and_keeps_what_was_said() -> None:
    answer = Answer(CLAUDE, Completion("Ray", "claude-x"), Failure("CutOff", "The connection broke."))

    assert (answer.text, answer.error) == ("[Error: The connection broke.]", "The connection broke.")
    assert answer.completion.text == "Ray"


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_what_crosses_a_layer_is_frozen(value: type) -> None:
    assert value.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(value)
