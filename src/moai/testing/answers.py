"""What models said, in memory: how it is stored once, found by its parts and summed up; owns no store."""

from __future__ import annotations

from datetime import datetime
from statistics import fmean

from moai.core.model import Answer, Message, Participant, Round, RoundKind
from moai.core.records import Origin, Record
from moai.testing.tables import Tables


def add_answer(tables: Tables, opened: Round, answer: Answer, now: datetime) -> Message:
    """Store an answer or a failure; a second one of a model in that round returns the first."""
    seat = (opened.run_id, opened.number, answer.participant.alias)
    for each in tables.answers:
        if (each.run_id, each.round_number, each.participant.alias) == seat:
            return each
    message = _message_of(next(tables.ids), opened, answer, now)
    tables.entries[message.id] = message
    if opened.kind is RoundKind.RANKING and answer.failure is None:
        tables.delivered.add(message.id)
    return message


def origin(tables: Tables, chat_id: int, telegram_message_id: int) -> Origin | None:
    """Return the answer of which a part stands in the chat under that Telegram id, and where it belongs."""
    for message in tables.answers:
        run = tables.runs[message.run_id]
        for piece in tables.sent(message.id):
            place, number = tables.pieces[message.id, piece]
            if (place.chat_id, number) == (chat_id, telegram_message_id):
                return Origin(message, tables.projects[run.project_id], run.place)
    return None


def record_of(tables: Tables, participant: Participant, last: int) -> Record:
    """Return how the `last` answers of an alias at that provider went, in all chats together."""
    seat = (participant.alias, participant.provider)
    newest_first = reversed(tables.answers)
    said = [each for each in newest_first if (each.participant.alias, each.participant.provider) == seat][:last]
    whole_s = [each.timing.total_s for each in said if each.failure is None]
    return Record(len(said), len(said) - len(whole_s), fmean(whole_s) if whole_s else None)


def _message_of(message_id: int, opened: Round, answer: Answer, now: datetime) -> Message:
    said = answer.completion
    return Message(
        id=message_id,
        run_id=opened.run_id,
        round_number=opened.number,
        participant=answer.participant,
        text=said.text,
        created_at=now,
        failure=answer.failure,
        truncated=said.truncated,
        unseen=said.unseen,
        usage=said.usage,
        timing=said.timing,
        round_kind=opened.kind,
        stance=answer.stance,
        ranking=answer.ranking,
        consensus=answer.consensus,
    )
