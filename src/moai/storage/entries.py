"""Rows of messages and attachments to the core's values and back; owns no statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from moai.core.findings import Consensus
from moai.core.model import (
    Answer,
    Attachment,
    Entry,
    Failure,
    Message,
    Notice,
    Participant,
    Person,
    PersonMessage,
    Quote,
    Remark,
    Round,
    RoundKind,
    Timing,
    Usage,
)
from moai.core.records import Delivery
from moai.storage.columns import clean
from moai.storage.findings import consensus_of, finding_values, ranking_of, stance_of
from moai.storage.mapping import place_of
from moai.storage.tables import attachments, messages, rounds, runs

QUESTION, REMARK, ANSWER, NOTICE = "question", "remark", "answer", "notice"


def cleaned(remark: Remark) -> Remark:
    """Return the remark as it comes back from the database."""
    quote = remark.quote
    return replace(
        remark,
        text=clean(remark.text),
        author=replace(remark.author, name=clean(remark.author.name)),
        attachments=tuple(_cleaned_attachment(each) for each in remark.attachments),
        quote=quote and Quote(clean(quote.author), clean(quote.text)),
    )


def _cleaned_attachment(given: Attachment) -> Attachment:
    return Attachment(clean(given.name), clean(given.media_type), clean(given.text), given.data)


def person_values(kind: str, remark: Remark, run_id: int, now: datetime) -> dict[str, Any]:
    """Return the columns of a person's words, but for the discussion; they stand in the chat already."""
    return {
        "run_id": run_id,
        "kind": kind,
        "person_id": remark.author.user_id,
        "person_name": remark.author.name,
        "quote_author": remark.quote and remark.quote.author,
        "quote_text": remark.quote and remark.quote.text,
        "text": remark.text,
        "created_at": now,
        "delivery_closed_at": now,
    }


def attachment_values(remark: Remark, message_id: int) -> list[dict[str, Any]]:
    """Return the columns of what came with a remark, in its order."""
    return [
        {
            "message_id": message_id,
            "number": number,
            "name": each.name,
            "media_type": each.media_type,
            "text": each.text,
            "data": each.data,
        }
        for number, each in enumerate(remark.attachments)
    ]


def answer_values(opened: Round, answer: Answer, now: datetime) -> dict[str, Any]:
    """Return the columns of a model's answer; the text is what it said, also where it failed after that.

    A whole ranking is not for the chat, which is shown what all of them add up to.
    """
    completion, failure = answer.completion, answer.failure
    is_for_the_chat = opened.kind is not RoundKind.RANKING or failure is not None
    return {
        "run_id": opened.run_id,
        "round_id": opened.id,
        "kind": ANSWER,
        **asdict(answer.participant),
        "answered_model": completion.model,
        "text": completion.text,
        "failure_code": failure.code if failure else None,
        "failure_sentence": failure.sentence if failure else None,
        "failure_retryable": failure.retryable if failure else False,
        "truncated": completion.truncated,
        "unseen": completion.unseen,
        **asdict(completion.usage),
        **asdict(completion.timing),
        **finding_values(answer),
        "created_at": now,
        "delivery_closed_at": None if is_for_the_chat else now,
    }


def notice_values(run_id: int, round_id: int | None, text: str, now: datetime, *, is_last: bool) -> dict[str, Any]:
    """Return the columns of what the chat is told of a round, or of the run's end, but for the discussion."""
    return {
        "run_id": run_id,
        "round_id": round_id,
        "kind": NOTICE,
        "text": text,
        "created_at": now,
        "is_last": is_last,
    }


def entry_of(row: RowMapping, attached: tuple[Attachment, ...]) -> Entry:
    """Return what a row of `said` holds: an answer, a person's words, or what the chat was told."""
    kind = row[messages.c.kind]
    if kind == ANSWER:
        return answer_of(row)
    if kind == NOTICE:
        return notice_of(row, row[rounds.c.number])
    return person_message_of(row, attached)


def person_message_of(row: RowMapping, attached: tuple[Attachment, ...] = ()) -> PersonMessage:
    """Return a person's words of a row that joins the message and its run."""
    return PersonMessage(
        id=row[messages.c.id],
        run_id=row[messages.c.run_id],
        remark=remark_of(row, attached),
        created_at=row[messages.c.created_at],
        mode=row[runs.c.mode],
        is_question=row[messages.c.kind] == QUESTION,
    )


def remark_of(row: RowMapping, attached: tuple[Attachment, ...] = ()) -> Remark:
    """Return what a person said, of a row that joins the message and its run."""
    quoted = row[messages.c.quote_author]
    is_question = row[messages.c.kind] == QUESTION
    return Remark(
        text=row[messages.c.text],
        author=Person(row[messages.c.person_id], row[messages.c.person_name]),
        message_id=row[runs.c.question_message_id if is_question else messages.c.remark_message_id],
        attachments=attached,
        quote=None if quoted is None else Quote(quoted, row[messages.c.quote_text]),
    )


def attachment_of(row: RowMapping) -> Attachment:
    """Return the attachment of a row."""
    at = attachments.c
    return Attachment(name=row[at.name], media_type=row[at.media_type], text=row[at.text], data=row[at.data])


def answer_of(row: RowMapping) -> Message:
    """Return the answer of a row of `said`."""
    return message_of(row, row[rounds.c.number], RoundKind(row[rounds.c.kind]), consensus_of(row))


def message_of(
    row: RowMapping, round_number: int, round_kind: RoundKind, consensus: Consensus | None = None
) -> Message:
    """Return the answer of a row of messages, in that round, with the consensus that was read out of it."""
    return Message(
        id=row[messages.c.id],
        run_id=row[messages.c.run_id],
        round_number=round_number,
        participant=Participant(row[messages.c.alias], row[messages.c.provider], row[messages.c.model]),
        text=row[messages.c.text],
        created_at=row[messages.c.created_at],
        failure=_failure_of(row),
        truncated=row[messages.c.truncated],
        unseen=row[messages.c.unseen],
        usage=Usage(row[messages.c.input_tokens], row[messages.c.output_tokens], row[messages.c.cost_usd]),
        timing=Timing(row[messages.c.first_token_s], row[messages.c.total_s]),
        round_kind=round_kind,
        stance=stance_of(row),
        ranking=ranking_of(row),
        consensus=consensus,
    )


def notice_of(row: RowMapping, round_number: int | None) -> Notice:
    """Return what the chat was told of the round of that number, or of the run's end, of a row of messages."""
    return Notice(
        id=row[messages.c.id],
        run_id=row[messages.c.run_id],
        round_number=round_number,
        text=row[messages.c.text],
        created_at=row[messages.c.created_at],
        is_last=row[messages.c.is_last],
    )


def delivery_of(row: RowMapping, sent: Iterable[int]) -> Delivery:
    """Return the delivery of a row of `said`, with its place, that is an answer or a notice."""
    is_notice = row[messages.c.kind] == NOTICE
    message = notice_of(row, row[rounds.c.number]) if is_notice else answer_of(row)
    return Delivery(message, place_of(row), frozenset(sent), row[runs.c.question_message_id])


def _failure_of(row: RowMapping) -> Failure | None:
    code = row[messages.c.failure_code]
    if code is None:
        return None
    return Failure(code, row[messages.c.failure_sentence], retryable=row[messages.c.failure_retryable])
