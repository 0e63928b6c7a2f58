"""What a model is shown: complete, the same from its first character on, and safe with any name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moai.core.model import Participant, Project, Role, Round, Status, Transcript, Turn
from moai.core.prompting import prompt_for, system_prompt
from tests.support.fakes import CLAUDE, GEMINI, GPT, a_discussion, a_message

PROJECT = Project(1, 1001, "Kitchen")


def a_transcript(project: Project = PROJECT, team: tuple[Participant, ...] = (CLAUDE, GPT, GEMINI)) -> Transcript:
    return Transcript(a_discussion(participants=team), project)


def test_the_prompt_names_the_model_the_topic_and_the_others() -> None:
    lines = system_prompt(GPT, a_transcript()).splitlines()

    assert lines[0].startswith("You are gpt, ")
    assert "Topic: Kitchen" in lines
    assert "Other participants: claude, gemini" in lines


def test_a_model_alone_is_told_so() -> None:
    assert "Other participants: none, you are alone at the table" in system_prompt(GPT, a_transcript(team=(GPT,)))


def test_the_question_is_the_one_turn_and_not_changed() -> None:
    transcript = a_transcript()
    question = "  What is {alias}?\n```\ncode\n```  "
    transcript = replace(transcript, discussion=a_discussion(question=question))

    assert prompt_for(CLAUDE, transcript).turns == (Turn(Role.USER, question),)


@pytest.mark.parametrize("name", ["{alias}", "{", "}{0}", "{topic.__class__}", "100 %s", "Kü🍳che"])
def test_any_topic_is_taken_as_it_is(name: str) -> None:
    assert f"Topic: {name}\n" in system_prompt(CLAUDE, a_transcript(replace(PROJECT, name=name)))


def test_standing_instructions_come_last_and_as_they_are() -> None:
    instructions = "Answer in {French}.\nBe %s."

    prompt = system_prompt(CLAUDE, a_transcript(replace(PROJECT, instructions=instructions)))

    plain = system_prompt(CLAUDE, a_transcript())
    assert prompt == f"{plain}\n\nStanding instructions of this project:\n{instructions}"


def test_what_is_said_later_changes_nothing_that_was_sent_before() -> None:
    before = a_transcript()
    after = replace(
        before,
        rounds=(Round(1, 1, 1, Status.DONE),),
        messages=(a_message(1, CLAUDE, "Rayleigh."), a_message(2, GPT, "Mie.")),
    )

    first, second = prompt_for(GEMINI, before), prompt_for(GEMINI, after)

    assert second.system == first.system
    assert second.turns[: len(first.turns)] == first.turns
