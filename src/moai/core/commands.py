"""What people can ask of the core: frozen values with imperative names."""

from __future__ import annotations

from dataclasses import dataclass

from moai.core.model import Person, Place


@dataclass(frozen=True, slots=True)
class StartDiscussion:
    """Put a question to the project's team.

    `question_message_id` is the chat's own id of the question; a second command with the same place and id is
    the same question, not another one.
    """

    place: Place
    question: str
    asked_by: Person
    mode: str
    question_message_id: int | None = None
