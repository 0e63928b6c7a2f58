"""Places, people, models and what they said, to test with; owns no fake."""

from __future__ import annotations

from typing import Any

from moai.core.commands import AskModels, StartDiscussion
from moai.core.model import (
    Answer,
    Completion,
    Message,
    Participant,
    Person,
    PersonMessage,
    Place,
    Remark,
    RoundKind,
    Run,
    Status,
    Terms,
)
from moai.testing import MemoryStores
from tests.support.clock import START

PRIVATE = Place(1001)
GROUP = Place(-5001)
TOPIC = Place(-5001, 7)
ANN = Person(1001, "Ann")
CLAUDE = Participant("claude", "anthropic", "claude-x")
GPT = Participant("gpt", "openai", "gpt-x")
GEMINI = Participant("gemini", "gemini", "gemini-x")
TEAM = (CLAUDE, GPT, GEMINI)
QUESTION = "Why is the sky blue?"


def a_question(text: str = QUESTION, message_id: int | None = 31, **changes: Any) -> Remark:
    """Return what Ann asks."""
    return Remark(**{"text": text, "author": ANN, "message_id": message_id, **changes})


def a_run(number: int = 1, place: Place = PRIVATE, **changes: Any) -> Run:
    """Return a running run of the whole team, in the first discussion unless told otherwise."""
    values: dict[str, Any] = {
        "id": number,
        "discussion_id": 1,
        "project_id": 1,
        "place": place,
        "mode": "open",
        "status": Status.RUNNING,
        "question": a_question(),
        "participants": TEAM,
        "created_at": START,
    }
    return Run(**{**values, **changes})


def a_message(number: int = 1, who: Participant = CLAUDE, text: str = "Rayleigh.", **changes: Any) -> Message:
    """Return a stored answer in the first round of the first run."""
    values: dict[str, Any] = {"id": number, "run_id": 1, "round_number": 1, "participant": who, "text": text}
    return Message(**{**values, "created_at": START, **changes})


def a_person_message(number: int = 1, text: str = QUESTION, **changes: Any) -> PersonMessage:
    """Return what Ann said as it is stored, as the question of the first run unless told otherwise."""
    values: dict[str, Any] = {"id": number, "run_id": 1, "remark": a_question(text), "created_at": START}
    return PersonMessage(**{**values, **changes})


async def ask(stores: MemoryStores, place: Place = PRIVATE, question_message_id: int | None = None) -> Run:
    """Store a run of the whole team that begins a discussion."""
    command = StartDiscussion(place, a_question(message_id=question_message_id), "open")
    return (await stores.discussions.open_run(command, await stores.projects.current(place), TEAM, Terms())).run


async def follow(stores: MemoryStores, place: Place = PRIVATE, *team: Participant, text: str = "And why red?") -> Run:
    """Store a run of some models, the whole team unless told otherwise, in the discussion that the place has."""
    command = AskModels(place, a_question(text, message_id=None), tuple(each.alias for each in team) or None)
    return (await stores.discussions.open_run(command, await stores.projects.current(place), team or TEAM, Terms())).run


async def say(stores: MemoryStores, run: Run, text: str, who: Participant = CLAUDE) -> Message:
    """Store an answer in the first round of a run."""
    opened = await stores.discussions.open_round(run.id, 1, RoundKind.ANSWERS)
    (message,) = await stores.discussions.add_answers(opened, (Answer(who, Completion(text, who.model)),))
    return message
