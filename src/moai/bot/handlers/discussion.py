"""/open, and plain text in a private chat: words in, a running discussion out."""

from __future__ import annotations

from telegram import Message, Update

from moai.bot.desk import Context, Desk, desk_of
from moai.bot.words import argument_of, person_of, place_of, question_from
from moai.core.commands import StartDiscussion
from moai.core.model import Status


async def open_(update: Update, context: Context) -> None:
    """Put the question after the command to the whole team."""
    if (message := update.message) is not None:
        await _start(desk_of(context), message, argument_of(message))


async def plain_text(update: Update, context: Context) -> None:
    """Put what was written in a private chat to the whole team."""
    if (message := update.message) is not None:
        await _start(desk_of(context), message, message.text or "")


async def _start(desk: Desk, message: Message, text: str) -> None:
    command = StartDiscussion(
        place=place_of(message),
        question=question_from(text, command="/open", limit=desk.max_question_chars),
        asked_by=person_of(message),
        mode="open",
        question_message_id=message.message_id,
    )
    transcript = await desk.orchestrator.begin(command)
    discussion = transcript.discussion
    # A message that is handled a second time, after a crash, may find its discussion over.
    if discussion.status is Status.RUNNING:
        desk.runs.start(discussion.id, desk.orchestrator.run(transcript))
