"""Builds the library's Application and its handlers; owns its life from getMe to the last closed connection."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from telegram import BotCommand, Message, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import (
    ApplicationBuilder,
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from moai.bot.access import gate
from moai.bot.callbacks import pressed
from moai.bot.desk import BotApplication, Context
from moai.bot.errors import on_error
from moai.bot.handlers import COMMANDS, Command, commands, discussion, groups, named, rounds
from moai.bot.request import JsonRequest, Line
from moai.bot.stopping import StoppedDraft, stopped_generation
from moai.bot.verdicts import in_words
from moai.bot.words import command_of
from moai.errors import TelegramUnreachable, TokenRefused

logger = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
INTRODUCTION_S = 8.0
"""Seconds for Telegram to say who the bot is; a stop waits no longer than that."""

MOST_COMMANDS = 100
"""Commands that a menu holds (Bot API, setMyCommands); those beyond work too."""

NEW_MESSAGE = filters.UpdateType.MESSAGE
"""Messages when they are written; an edited question is not asked again."""


OWN_WORDS = NEW_MESSAGE & ~filters.FORWARDED
"""What is passed on was said by somebody else, and a command in it is nobody's order here."""

FILES = filters.PHOTO | filters.Document.ALL | filters.VOICE | filters.AUDIO


def build_application(token: str, api_base_url: str, line: Line, aliases: Sequence[str] = ()) -> BotApplication:
    """Return an Application with every handler, and a command for each alias.

    It closes the line's transport, and polls nothing by itself.
    """
    request = JsonRequest(line)
    application = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_base_url}/bot")
        .base_file_url(f"{api_base_url}/file/bot")
        .request(request)
        .get_updates_request(request)
        .updater(None)
        .job_queue(None)
        .build()
    )
    _add_handlers(application, (*COMMANDS, *named(aliases)))
    return application


def _add_handlers(application: BotApplication, known: Sequence[Command]) -> None:
    application.add_handler(TypeHandler(Update, gate), group=-1)
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, groups.migrated))
    for command in known:
        application.add_handler(CommandHandler(command.name, command.callback, OWN_WORDS))
        application.add_handler(MessageHandler(OWN_WORDS & InCaption(command.name), command.callback))
    application.add_handler(MessageHandler(OWN_WORDS & (filters.COMMAND | InCaption()), commands.unknown))
    application.add_handler(MessageHandler(NEW_MESSAGE & (filters.TEXT | FILES), discussion.addressed))
    private_other = NEW_MESSAGE & filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL
    application.add_handler(MessageHandler(private_other, commands.not_read))
    application.add_handler(CallbackQueryHandler(pressed))
    application.add_handler(DraftStoppedHandler(rounds.draft_stopped))
    application.add_handler(ChatMemberHandler(groups.membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_error_handler(on_error)


class InCaption(filters.MessageFilter):
    """Lets pass a file whose caption begins with that command, or with any, for this bot or for whichever hears it."""

    def __init__(self, name: str = "") -> None:
        super().__init__(f"InCaption({name})")
        self._name = name

    def filter(self, message: Message) -> bool:
        """Tell whether the message passes."""
        if not message.caption:
            return False
        name, addressee = command_of(message)
        is_ours = not addressee or addressee == (message.get_bot().username or "").lower()
        return bool(name) and (not self._name or (is_ours and name == self._name))


class DraftStoppedHandler(BaseHandler[Update, Context, None]):
    """Takes the presses of Telegram's own Stop button, which the library does not know."""

    def check_update(self, update: object) -> StoppedDraft | None:
        """Return the draft that was stopped."""
        return stopped_generation(update) if isinstance(update, Update) else None


@asynccontextmanager
async def connect(application: BotApplication, stop: asyncio.Event) -> AsyncIterator[bool]:
    """Ask Telegram who the bot is, and close every connection in the end; raise TokenRefused.

    Yields whether it is connected. While Telegram cannot be reached it is asked again, until `stop` is set.
    """
    try:
        yield await _initialize(application, stop)
    finally:
        await application.shutdown()
        await application.bot.shutdown()


async def _initialize(application: BotApplication, stop: asyncio.Event) -> bool:
    pause_s = FIRST_PAUSE_S
    while not stop.is_set():
        try:
            async with asyncio.timeout(INTRODUCTION_S):
                await application.initialize()
        except InvalidToken as error:
            raise TokenRefused from error
        except (TelegramError, TimeoutError) as error:
            logger.warning("Telegram cannot be reached, trying again: %s", in_words(error))
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await stop.wait()
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
        else:
            return True
    return False


async def who_am_i(application: BotApplication) -> str:
    """Ask Telegram for the bot's name and what it hears in groups; raise TokenRefused, TelegramUnreachable."""
    try:
        await application.bot.initialize()
    except InvalidToken as error:
        raise TokenRefused from error
    except TelegramError as error:
        raise TelegramUnreachable(f"Telegram could not be reached: {in_words(error)}") from error
    finally:
        await application.bot.shutdown()
    hears = "everything" if application.bot.bot.can_read_all_group_messages else "commands and replies only"
    return f"@{application.bot.username}, which hears {hears} in groups"


async def introduce(application: BotApplication, aliases: Sequence[str]) -> None:
    """Take over from a webhook and set the command menu; the bot works without, so a failure is only logged."""
    try:
        await application.bot.delete_webhook()
        menu = (*COMMANDS, *named(aliases))[:MOST_COMMANDS]
        await application.bot.set_my_commands([BotCommand(each.name, each.summary) for each in menu])
    except TelegramError as error:
        logger.warning("the command menu could not be set: %s", error)
