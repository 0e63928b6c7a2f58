"""What people say while a discussion is under way: which messages are for its table, and how they get there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moai.bot import texts
from moai.bot.desk import Context, Desk, desk_of
from moai.bot.questions import Draft, remark_draft_of, remark_of
from moai.bot.reactions import ReactionCard
from moai.bot.words import first_mention, mentioned, person_of, place_of, words_of
from moai.core.limits import asker_of

if TYPE_CHECKING:
    from telegram import Message, Update

    from moai.core.model import Run

NOTED = "👀"


def table_of(desk: Desk, message: Message, bot_id: int, bot_name: str) -> Run | None:
    """Return the discussion under way that a message is for: in a private chat, in reply to the bot, with a mention."""
    run = desk.host.discussion_in(place_of(message))
    if run is None or run.place.is_private:
        return run
    answered = message.reply_to_message
    is_reply = answered is not None and answered.from_user is not None and answered.from_user.id == bot_id
    text = words_of(message)
    is_for_team = message.forward_origin is None and mentioned(text, desk.team) != ()
    return run if is_reply or is_for_team or first_mention(text) == bot_name.lower() else None


async def take(update: Update, context: Context, message: Message, run: Run) -> None:
    """Give a message to whoever speaks next, and acknowledge it; raise InvalidInput where it is empty, TooMany."""
    desk = desk_of(context)
    # Every model that speaks from here on reads it, so it counts as a question does.
    desk.host.limits.count(asker_of(run.place, person_of(message)), (message.chat.id, message.message_id))
    draft = await remark_draft_of(desk, context.bot, message, words_of(message))
    if draft.media:
        desk.inbox.later(update.update_id, _give(update, context, draft, run))
    else:
        await _give(update, context, draft, run)


async def _give(update: Update, context: Context, draft: Draft, run: Run) -> None:
    desk, message = desk_of(context), draft.message
    remark = await remark_of(desk, context.bot, draft)
    with desk.inbox.settling(update.update_id) as updates:
        await desk.host.remark(run, remark, updates)

    def refused(*, gone: bool) -> None:
        # Not every chat takes every reaction; then it is said.
        if not gone:
            desk.say(message, texts.NOTED)

    desk.outbox.refresh(ReactionCard(place_of(message), message.message_id, NOTED, refused))
