"""A message as a question: its words, what it answers, what is attached to it; owns no run."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from telegram import Bot, Message

from moai.bot import texts
from moai.bot.desk import Desk
from moai.bot.media import Kind, Medium, fetch, media_of, megabytes
from moai.bot.render import MAX_UNITS, render_plain, utf16_length
from moai.bot.words import EVERYBODY, person_of, place_of, question_from, without_address, words_of
from moai.core.context import PICTURES_BYTES
from moai.core.model import (
    Attachment,
    Project,
    Quote,
    Remark,
)
from moai.core.records import Origin
from moai.errors import InvalidInput

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """A question before its files are fetched: the words, how it was asked, what it answers, what it brings.

    `needs_words` tells that it is none without them.
    """

    message: Message
    text: str
    asked_with: str
    quote: Quote | None
    media: tuple[Medium, ...]
    needs_words: bool = True


async def draft_of(
    desk: Desk, bot: Bot, message: Message, text: str, asked_with: str, *, needs_words: bool = True
) -> Draft:
    """Return a message as a question in the making; raise InvalidInput where it answers another project's words."""
    origin = await origin_of(desk, message)
    answered = origin.project if origin is not None else await _asked_in(desk, message)
    if answered is not None and answered.id != (await desk.projects.current(place_of(message))).id:
        raise InvalidInput(texts.other_project(answered.name))
    return Draft(message, text, asked_with, quote_of(message, origin, bot.id), media_of(message, bot), needs_words)


async def remark_draft_of(desk: Desk, bot: Bot, message: Message, text: str) -> Draft:
    """Return a message as a remark in the making, which belongs to the discussion that is under way."""
    quote = quote_of(message, await origin_of(desk, message), bot.id)
    return Draft(message, text, "", quote, media_of(message, bot))


async def _asked_in(desk: Desk, message: Message) -> Project | None:
    """Return the project of the question that a message replies to."""
    if message.reply_to_message is None:
        return None
    return await desk.discussions.asked_in(message.chat.id, message.reply_to_message.message_id)


async def origin_of(desk: Desk, message: Message) -> Origin | None:
    """Return the answer that a message replies to, None where it replies to none of the models' in its place."""
    answered = message.reply_to_message
    if answered is None or answered.from_user is None or not answered.from_user.is_bot:
        return None
    await desk.deliveries.settled()
    origin = await desk.discussions.origin(message.chat.id, answered.message_id)
    return origin if origin is not None and origin.place == place_of(message) else None


def quote_of(message: Message, origin: Origin | None, bot_id: int) -> Quote | None:
    """Return what a message answers: the part that was marked, else the whole."""
    answered = message.reply_to_message
    if answered is None or answered.forum_topic_created is not None:
        return None
    marked = message.quote.text if message.quote else ""
    if origin is not None:
        return Quote(origin.message.participant.alias, marked or origin.message.text)
    if answered.from_user is not None and answered.from_user.id == bot_id:
        # What the bot says itself is no part of any discussion, and an answer that is gone was deleted.
        return None
    text = marked or words_of(answered)
    return Quote(person_of(answered).name, text) if text else None


async def remark_of(desk: Desk, bot: Bot, draft: Draft) -> Remark:
    """Return the question whole, its files fetched and read; raise InvalidInput, ProviderError."""
    attachments, notes = await _attachments(desk, bot, draft)
    spoken = await _spoken(desk, bot, draft)
    words = "\n\n".join(each for each in (draft.text, spoken) if each.strip())
    if attachments and not words:
        raise InvalidInput(texts.WHAT_ABOUT_IT)
    needs_words = draft.needs_words or bool(words)
    text = question_from(words, command=draft.asked_with, limit=desk.max_question_chars) if needs_words else ""
    for note in notes:
        desk.say(draft.message, note)
    return Remark(text, person_of(draft.message), draft.message.message_id, attachments, draft.quote)


async def _attachments(desk: Desk, bot: Bot, draft: Draft) -> tuple[tuple[Attachment, ...], list[str]]:
    read: list[Attachment] = []
    notes: list[str] = []
    for medium in draft.media:
        if medium.kind is Kind.FILE:
            attachment, note = await desk.reader.read(medium.name, medium.media_type, await fetch(bot, medium))
            read.append(attachment)
            notes.extend([note] if note else [])
            _check_pictures(read)
    return tuple(read), notes


def _check_pictures(attachments: list[Attachment]) -> None:
    size = sum(len(each.data) for each in attachments if each.data is not None)
    if size > PICTURES_BYTES:
        raise InvalidInput(
            f"The pictures have {megabytes(size)} together, and at most {megabytes(PICTURES_BYTES)} fit into one "
            "question. Send fewer of them."
        )


async def _spoken(desk: Desk, bot: Bot, draft: Draft) -> str:
    """Return what is said in the voice messages, and show it in the chat."""
    said: list[str] = []
    for medium in draft.media:
        if medium.kind is Kind.VOICE:
            if desk.transcriber is None:
                raise InvalidInput(texts.NO_TRANSCRIPTION)
            words = await desk.transcriber.transcribe(medium.name, medium.media_type, await fetch(bot, medium))
            shown = f"🎙 “{words.strip()}”"
            fits = utf16_length(shown) <= MAX_UNITS
            for piece in (shown,) if fits else render_plain("🎙", "", words.strip()):
                desk.say(draft.message, piece)
            said.append(without_address(words.strip(), (*desk.team, EVERYBODY)))
    return "\n\n".join(said)
