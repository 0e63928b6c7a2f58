"""What people can ask of the core: frozen values with imperative names."""

from __future__ import annotations

from dataclasses import dataclass

from moai.core.model import Place, Remark


@dataclass(frozen=True, slots=True)
class StartDiscussion:
    """Put a question to the project's team, as the beginning of a new discussion.

    A second command with the same place and message id of the question is the same question, not another one;
    that holds for every command with a question. `project_id` None stands for the place's current project.
    `updates` are the stored updates that the command came in: with the run it is stored that they are handled, so
    that no crash lets them ask twice; that holds for every command.
    """

    place: Place
    question: Remark
    mode: str
    project_id: int | None = None
    rounds: int = 1
    drafts: bool = False
    updates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AskModels:
    """Put a question to some models, with the place's current discussion in view; the first one begins one.

    `aliases` None stands for the project's whole team; models that are not on it may be asked too.
    """

    place: Place
    question: Remark
    aliases: tuple[str, ...] | None
    mode: str = "ask"
    project_id: int | None = None
    updates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ContinueDiscussion:
    """Let the project's team go on with a discussion; the question may be empty.

    `discussion_id` None stands for the newest one that the project has in that place.
    """

    place: Place
    question: Remark
    mode: str
    project_id: int | None = None
    discussion_id: int | None = None
    rounds: int = 1
    updates: tuple[int, ...] = ()


Command = StartDiscussion | AskModels | ContinueDiscussion
