"""Rows of messages and attachments to the core's values and back; owns no statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from moai.core.model import (
    Answer,
    Attachment,
    Entry,
    Failure,
    Message,
    Participant,
    Person,
    PersonMessage,
    Quote,
    Remark,
    Round,
    Timing,
    Usage,
)
from moai.core.records import Delivery
from moai.storage.columns import clean
from moai.storage.mapping import place_of
from moai.storage.tables import attachments, messages, rounds, runs

QUESTION, ANSWER = "question", "answer"


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


def question_values(remark: Remark, discussion_id: int, run_id: int, now: datetime) -> dict[str, Any]:
    """Return the columns of the question that a run begins with; it stands in the chat already."""
    return {
        "discussion_id": discussion_id,
        "run_id": run_id,
        "kind": QUESTION,
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
    """Return the columns of a model's answer; the text is what it said, also where it failed after that."""
    completion, failure = answer.completion, answer.failure
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
        "created_at": now,
    }


def entry_of(row: RowMapping, attached: tuple[Attachment, ...]) -> Entry:
    """Return what a row of messages, joined with its run and its round, holds: an answer or a person's words."""
    if row[messages.c.kind] == ANSWER:
        return message_of(row, row[rounds.c.number])
    return PersonMessage(
        id=row[messages.c.id],
        run_id=row[messages.c.run_id],
        remark=remark_of(row, attached),
        created_at=row[messages.c.created_at],
    )


def remark_of(row: RowMapping, attached: tuple[Attachment, ...] = ()) -> Remark:
    """Return a person's words of a row that joins the message and its run."""
    quoted = row[messages.c.quote_author]
    is_question = row[messages.c.kind] == QUESTION
    return Remark(
        text=row[messages.c.text],
        author=Person(row[messages.c.person_id], row[messages.c.person_name]),
        message_id=row[runs.c.question_message_id] if is_question else None,
        attachments=attached,
        quote=None if quoted is None else Quote(quoted, row[messages.c.quote_text]),
    )


def attachment_of(row: RowMapping) -> Attachment:
    """Return the attachment of a row."""
    at = attachments.c
    return Attachment(name=row[at.name], media_type=row[at.media_type], text=row[at.text], data=row[at.data])


def message_of(row: RowMapping, round_number: int) -> Message:
    """Return the model's message of a row."""
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
        usage=Usage(row[messages.c.input_tokens], row[messages.c.output_tokens]),
        timing=Timing(row[messages.c.first_token_s], row[messages.c.total_s]),
    )


def delivery_of(row: RowMapping, sent: Iterable[int]) -> Delivery:
    """Return the delivery of a row that joins a message, its round and its run."""
    message = message_of(row, row[rounds.c.number])
    return Delivery(message, place_of(row), frozenset(sent), row[runs.c.question_message_id])


def _failure_of(row: RowMapping) -> Failure | None:
    code = row[messages.c.failure_code]
    if code is None:
        return None
    return Failure(code, row[messages.c.failure_sentence], retryable=row[messages.c.failure_retryable])
