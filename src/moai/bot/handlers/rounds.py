"""Discussions in rounds: /discuss, /panel, /next, /stop, /consensus, and what people say while one is under way."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from moai.bot import texts
from moai.bot.asking import begin, put
from moai.bot.desk import Context, desk_of
from moai.bot.questions import draft_of
from moai.bot.run_buttons import after
from moai.bot.stopping import stopped_generation
from moai.bot.words import argument_of, drafts_and_question, person_of, place_of, rounds_and_question
from moai.core.commands import Command, ContinueDiscussion, StartDiscussion
from moai.core.host import MOST_ROUNDS
from moai.core.model import Place, Remark
from moai.core.modes import CONSENSUS, DISCUSS, DISCUSSIONS, PANEL
from moai.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from telegram import Message, Update

USUAL_ROUNDS = {DISCUSS: 3, PANEL: 1}
"""Rounds unless told. More of them before a vote can make answers worse (arXiv 2502.19130)."""


async def discuss(update: Update, context: Context) -> None:
    """Let the team speak in turn, about the question after the command or on with the current discussion."""
    if (message := update.message) is not None:
        await _discuss(update, context, message, DISCUSS)


async def panel(update: Update, context: Context) -> None:
    """Let the team answer side by side, without names, and rank the answers."""
    if (message := update.message) is not None:
        await _discuss(update, context, message, PANEL)


async def next_(update: Update, context: Context) -> None:
    """Add a round to the discussion that is under way, else go on with the current one for a round."""
    if (message := update.message) is None:
        return
    desk, place = desk_of(context), place_of(message)
    if (run := desk.host.discussion_in(place)) is not None:
        with desk.inbox.settling(update.update_id) as updates:
            changed = await desk.host.add_round(run, updates)
        desk.say(message, texts.one_more_round(changed.terms.rounds))
        return
    latest = await desk.discussions.latest(place, (await desk.projects.current(place)).id)
    mode = PANEL if latest is not None and latest.mode == PANEL else DISCUSS
    await begin(desk, update, message, ContinueDiscussion(place, _wordless(message), mode))


async def stop(update: Update, context: Context) -> None:
    """Stop what is under way here, keeping what was said."""
    if (message := update.message) is None:
        return
    desk = desk_of(context)
    stopped = await desk.host.stop(place_of(message), wished_in=message.message_id)
    discussion = next((each for each in stopped if each.mode in DISCUSSIONS), None)
    keyboard = after(discussion.id) if discussion else ()
    desk.say(message, texts.STOPPED if stopped else texts.NOTHING_RUNS, keyboard=keyboard)


async def consensus(update: Update, context: Context) -> None:
    """Have it written what the current discussion has settled, when its round is over where one is under way."""
    if (message := update.message) is None:
        return
    desk, place = desk_of(context), place_of(message)
    if (run := desk.host.discussion_in(place)) is not None:
        with desk.inbox.settling(update.update_id) as updates:
            await desk.host.wrap_up(run, updates)
        desk.say(message, texts.CONSENSUS_COMES)
        return
    await begin(desk, update, message, ContinueDiscussion(place, _wordless(message), CONSENSUS))


async def draft_stopped(update: Update, context: Context) -> None:
    """Stop the run whose live draft was stopped with Telegram's own button; a draft has the number of its run."""
    desk, draft = desk_of(context), stopped_generation(update)
    if draft is None:
        return
    try:
        run = await desk.discussions.run(draft.draft_id)
    except NotFound:
        return
    if run.place.chat_id == draft.place.chat_id:
        await desk.host.end(run.id)


async def _discuss(update: Update, context: Context, message: Message, mode: str) -> None:
    desk, place, command = desk_of(context), place_of(message), f"/{mode}"
    rounds, question = rounds_and_question(argument_of(message), command=command, most=MOST_ROUNDS)
    drafts, question = drafts_and_question(question) if mode == DISCUSS else (False, question)
    draft = await draft_of(desk, context.bot, message, question, command, needs_words=False)
    wanted = USUAL_ROUNDS[mode] if rounds is None else rounds
    await put(update, context, draft, partial(_command, place, mode, wanted, drafts))


def _command(place: Place, mode: str, rounds: int, drafts: bool, remark: Remark) -> Command:
    if remark.text:
        return StartDiscussion(place, remark, mode, rounds=rounds, drafts=drafts)
    if drafts:
        raise InvalidInput(texts.DRAFTS_NEED_A_QUESTION)
    return ContinueDiscussion(place, remark, mode, rounds=rounds)


def _wordless(message: Message) -> Remark:
    return Remark("", person_of(message), message.message_id)
