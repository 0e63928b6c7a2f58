"""What the core's values say of themselves."""

from __future__ import annotations

import dataclasses

import pytest

from moai.core import commands, events, findings, model, prompts, records
from moai.core.model import Answer, Attachment, Completion, Failure, Place, Project, Transcript
from moai.core.modes import plan
from moai.core.prompts import Image
from tests.support.people import (
    CLAUDE,
    GEMINI,
    GPT,
    GROUP,
    PRIVATE,
    TOPIC,
    a_message,
    a_person_message,
    a_question,
    a_run,
)

VALUES = [
    each
    for module in (model, commands, events, findings, prompts, records, plan)
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


def test_a_transcript_tells_the_answers_of_its_run_from_the_rest_of_the_discussion() -> None:
    earlier, later = a_message(2, GPT), a_message(7, GPT, run_id=3)
    said, failed = a_message(5, CLAUDE, run_id=2), a_message(6, GEMINI, "", run_id=2, failure=Failure("X", "Y."))
    entries = (a_person_message(1), earlier, a_person_message(4, run_id=2), said, failed, later)

    assert Transcript(a_run(2), Project(1, 1001, "Kitchen"), (), entries).answers == (said, failed)
    assert Transcript(a_run(4), Project(1, 1001, "Kitchen"), (), entries).answers == ()


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_what_crosses_a_layer_is_frozen(value: type) -> None:
    assert value.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(value)


def test_a_picture_is_not_written_out_where_values_are_logged() -> None:
    data = b"\xff\xd8 secret pixels"
    shown = repr(a_question(attachments=(Attachment("a.jpg", "image/jpeg", data=data),)))

    assert "a.jpg" in shown
    assert "secret" not in shown + repr(Image("a.jpg", "image/jpeg", data))
