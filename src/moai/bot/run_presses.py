"""What the buttons under runs do; owns neither their looks nor their data."""

from __future__ import annotations

from dataclasses import replace

from telegram import Message

from moai.bot import texts
from moai.bot.desk import Desk
from moai.bot.exports import send_export
from moai.bot.keyboards import OLD_BUTTON, Press
from moai.bot.run_buttons import PointAction, Wish, action_of
from moai.core.commands import AskModels, Command, ContinueDiscussion
from moai.core.model import PersonMessage, Remark, Run, Status
from moai.core.modes import ASK, CONSENSUS, DISCUSS, DISCUSSIONS, OPEN, PANEL
from moai.core.points import wish_for
from moai.errors import InvalidInput, NotFound

GONE = "That discussion is not there any more."
CONSENSUS_BEGINS = "The consensus is being written."


async def press(desk: Desk, pressed: Press) -> str:
    """Do what a button says and return the sentence for whoever pressed; raise InvalidInput, StorageError."""
    action = action_of(pressed.data)
    if action is None:
        raise InvalidInput(OLD_BUTTON)
    try:
        if isinstance(action, PointAction):
            return await _discuss_point(desk, pressed, action)
        run = await desk.discussions.run(action.run_id)
        _check_chat(run, pressed.message)
        return await _do(desk, pressed, _current(desk, run, action.wish), action.wish)
    except NotFound as error:
        raise NotFound(GONE) from error


def _current(desk: Desk, run: Run, wish: Wish) -> Run:
    """Return the run that a wish is about: while its discussion goes on, an older run's buttons are meant for that."""
    now = desk.host.discussion_in(run.place)
    is_meant = now is not None and now.discussion_id == run.discussion_id and wish in (Wish.NEXT, Wish.CONSENSUS)
    return now if now is not None and is_meant else run


async def _do(desk: Desk, pressed: Press, run: Run, wish: Wish) -> str:
    is_running = run.status is Status.RUNNING
    match wish:
        case Wish.STOP:
            return texts.STOPPED_BY_BUTTON if await desk.host.end(run.id) else texts.OVER_ALREADY
        case Wish.NEXT if is_running and run.mode in DISCUSSIONS:
            with desk.inbox.settling(pressed.update_id) as updates:
                return texts.one_more_round((await desk.host.add_round(run, updates)).terms.rounds)
        case Wish.NEXT | Wish.GO_ON:
            return await _take_up(desk, pressed, run)
        case Wish.CONSENSUS if is_running and run.mode in DISCUSSIONS:
            with desk.inbox.settling(pressed.update_id) as updates:
                await desk.host.wrap_up(run, updates)
            return texts.CONSENSUS_COMES
        case Wish.CONSENSUS:
            await _go_on(desk, pressed, run, CONSENSUS, Remark("", pressed.person))
            return CONSENSUS_BEGINS
        case Wish.EXPORT:
            desk.inbox.later(pressed.update_id, send_export(desk, pressed.message, run.discussion_id))
            return "The document is on its way."


async def _discuss_point(desk: Desk, pressed: Press, action: PointAction) -> str:
    run, found = await desk.discussions.consensus(action.message_id)
    _check_chat(run, pressed.message)
    if action.number >= len(found.disagreements):
        raise InvalidInput(OLD_BUTTON)
    wish = wish_for(found.disagreements[action.number].point, pressed.person)
    await _go_on(desk, pressed, run, DISCUSS, wish)
    return "A round on that point begins."


async def _take_up(desk: Desk, pressed: Press, run: Run) -> str:
    """Go on after a run, in the way that it was held."""
    if run.mode in (ASK, OPEN):
        return await _ask_the_rest(desk, pressed, run)
    mode = run.mode if run.mode in (PANEL, CONSENSUS) else DISCUSS
    await _go_on(desk, pressed, run, mode, Remark("", pressed.person))
    return CONSENSUS_BEGINS if mode == CONSENSUS else "The discussion goes on."


async def _ask_the_rest(desk: Desk, pressed: Press, run: Run) -> str:
    """Put a question again to those who did not answer it, once however often the button is pressed."""
    transcript = await desk.discussions.transcript(run.id)
    answered = {each.participant.alias for each in transcript.answers if each.failure is None}
    aliases = tuple(each.alias for each in run.participants if each.alias not in answered)
    if run.status is Status.RUNNING or not aliases:
        raise InvalidInput(OLD_BUTTON)
    asked = next(each for each in transcript.entries if isinstance(each, PersonMessage) and each.run_id == run.id)
    question = replace(asked.remark, author=pressed.person, message_id=pressed.message.message_id)
    await _start(desk, pressed, AskModels(run.place, question, aliases, project_id=run.project_id))
    return f"I ask {' and '.join(aliases)} again."


async def _go_on(desk: Desk, pressed: Press, run: Run, mode: str, question: Remark) -> None:
    """Let the discussion that a button is about go on, which may be an older one of its place."""
    going_on = ContinueDiscussion(run.place, question, mode, project_id=run.project_id, discussion_id=run.discussion_id)
    await _start(desk, pressed, going_on)


async def _start(desk: Desk, pressed: Press, command: Command) -> None:
    with desk.inbox.settling(pressed.update_id) as updates:
        await desk.host.start(replace(command, updates=updates))


def _check_chat(run: Run, message: Message) -> None:
    # Data of a button can be made up by hand; another chat's runs are none of this one's business.
    if run.place.chat_id != message.chat.id:
        raise NotFound
