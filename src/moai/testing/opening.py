"""How runs are opened in memory: which discussion they join, and which one the same question has; owns no store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from moai.core.commands import AskModels, Command, ContinueDiscussion, StartDiscussion
from moai.core.model import Participant, PersonMessage, Project, Round, RoundKind, Run, Status, Terms
from moai.core.records import OpenedRun
from moai.errors import NotFound
from moai.testing.tables import Tables, require


def open_run(
    tables: Tables,
    command: Command,
    project: Project,
    team: Sequence[Participant],
    terms: Terms,
    first: RoundKind | None,
    now: datetime,
) -> OpenedRun:
    """Store a run with its question and first round, or return what the same question began; raise NotFound."""
    require(tables.projects, project.id)
    if standing := _asked_before(tables, command):
        return standing
    run = Run(
        id=next(tables.ids),
        discussion_id=_discussion_for(tables, command, project),
        project_id=project.id,
        place=command.place,
        mode=command.mode,
        status=Status.RUNNING,
        question=command.question,
        participants=tuple(team),
        created_at=now,
        terms=terms,
    )
    question = PersonMessage(next(tables.ids), run.id, command.question, now, run.mode)
    tables.runs[run.id] = run
    tables.entries[question.id] = question
    return OpenedRun(run, None if first is None else open_round(tables, run.id, 1, first), question)


def open_round(tables: Tables, run_id: int, number: int, kind: RoundKind) -> Round:
    """Return the round of that number, storing it as running where it is new; raise NotFound."""
    require(tables.runs, run_id)
    for each in tables.rounds_of(run_id):
        if each.number == number:
            return each
    opened = Round(next(tables.ids), run_id, number, Status.RUNNING, kind)
    return tables.rounds.setdefault(opened.id, opened)


def _asked_before(tables: Tables, command: Command) -> OpenedRun | None:
    asked = (command.place.chat_id, command.question.message_id)
    for entry in tables.entries.values():
        run = tables.runs[entry.run_id]
        if (
            isinstance(entry, PersonMessage)
            and entry.is_question
            and None not in asked
            and (run.place.chat_id, entry.remark.message_id) == asked
        ):
            return OpenedRun(run, next(iter(tables.rounds_of(run.id)), None), entry, is_new=False)
    return None


def _discussion_for(tables: Tables, command: Command, project: Project) -> int:
    here = [
        each.discussion_id
        for each in tables.runs.values()
        if (each.place, each.project_id) == (command.place, project.id)
    ]
    match command:
        case StartDiscussion():
            return next(tables.ids)
        case AskModels():
            return max(here) if here else next(tables.ids)
        case ContinueDiscussion(discussion_id=named) if here and (named is None or named in here):
            return max(here) if named is None else named
    raise NotFound
