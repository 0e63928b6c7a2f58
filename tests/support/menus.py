"""A chat with projects on fakes: what is written there, which menus stand in it, and which buttons are pressed."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from telegram import CallbackQuery, Chat, Message, MessageEntity, Update, User
from telegram.error import TelegramError

from moai.bot.callbacks import pressed
from moai.bot.desk import KEY, Context, Desk
from moai.bot.finals import Final
from moai.bot.handlers.projects import project, projects
from moai.bot.keyboards import Keyboard, Menu
from moai.bot.menu_cards import MenuCard, MenuCards
from moai.core.model import Place
from moai.testing import ManualClock, MemoryStores
from tests.support.people import GROUP, ask

ANN = User(1001, "Ann", is_bot=False)
BOT = User(1, "MoAI", is_bot=True)
DATE = datetime(2026, 1, 1, tzinfo=UTC)


class Screen:
    """The messages that an outbox would send, by their ids, as they read once every card is shown."""

    def __init__(self) -> None:
        self.menus: dict[int, Menu] = {}
        self.finals: list[Final] = []
        self.edits = 0

    def say(self, final: Final) -> None:
        self.finals.append(final)
        self.menus[len(self.menus) + 500] = Menu(final.piece, final.keyboard)

    def refresh(self, card: MenuCard) -> None:
        self.edits += 1
        self.menus[card.message_id] = card.menu

    @property
    def last_id(self) -> int:
        return max(self.menus)


class ProjectsChat:
    """A desk with configured models claude, gpt and gemini, and people in a chat before it."""

    def __init__(self, place: Place = GROUP) -> None:
        self.place = place
        self.screen = Screen()
        self.stores = MemoryStores(ManualClock())
        self.stopped: list[int] = []
        self.answers: list[tuple[str, bool]] = []
        self.answer_error: TelegramError | None = None
        self.desk = SimpleNamespace(
            projects=self.stores.projects,
            outbox=self.screen,
            team=dict.fromkeys(("claude", "gpt", "gemini")),
            menus=MenuCards(),
            stop_runs=self._stop_runs,
        )
        self.desk.say = lambda *said: Desk.say(cast("Desk", self.desk), *said)

    @property
    def last(self) -> Menu:
        """The newest message as it reads now."""
        return self.screen.menus[self.screen.last_id]

    @property
    def text(self) -> str:
        return self.last.piece.text

    @property
    def labels(self) -> list[str]:
        return labels_of(self.last.keyboard)

    @property
    def bold(self) -> list[str]:
        """What is bold in the newest message."""
        units = self.text.encode("utf-16-le")
        marked = [(each.offset, each.offset + each.length) for each in self.last.piece.entities]
        return [units[2 * start : 2 * end].decode("utf-16-le") for start, end in marked]

    async def writes(self, text: str) -> str:
        """Write a command, and return the answer; raise what the handler raises."""
        command = text.split(maxsplit=1)[0]
        entities = [MessageEntity(MessageEntity.BOT_COMMAND, 0, len(command))]
        message = Message(7, DATE, self._chat, text=text, from_user=ANN, entities=entities, **self._topic)
        handler = projects if command == "/projects" else project
        await handler(Update(1, message=message), self._context)
        return self.text

    async def presses(self, label: str, message_id: int | None = None) -> str:
        """Press a button, and return the answer to that."""
        number = message_id or self.screen.last_id
        buttons = [button for row in self.screen.menus[number].keyboard for button in row]
        (data,) = [button.data for button in buttons if button.label == label]
        return await self.presses_data(data, number)

    async def presses_data(self, data: str | None, message_id: int = 500, *, is_accessible: bool = True) -> str:
        message = Message(message_id, DATE, self._chat, from_user=BOT, **self._topic)
        if not is_accessible:
            gone = {"message_id": message_id, "date": 0, "chat": self._chat.to_dict()}
            message = Message.de_json(gone, None)
        return await self.presses_query(CallbackQuery("77", ANN, "1", message, data))

    async def presses_query(self, query: CallbackQuery) -> str:
        query.set_bot(cast("Any", self))
        await pressed(Update(1, callback_query=query), self._context)
        return self.answers[-1][0]

    async def makes(self, *names: str) -> None:
        """Make projects beside the first one, which has the name General."""
        await self.stores.projects.current(self.place)
        for name in names:
            await self.stores.projects.create(self.place, name)

    async def discusses(self, times: int = 1) -> None:
        """Begin discussions in the current project."""
        for _ in range(times):
            await ask(self.stores, self.place)

    async def current_name(self, place: Place | None = None) -> str:
        return (await self.stores.projects.current(place or self.place)).name

    async def current_aliases(self) -> tuple[str, ...] | None:
        return (await self.stores.projects.current(self.place)).aliases

    async def set_aliases(self, *aliases: str) -> None:
        current = await self.stores.projects.current(self.place)
        await self.stores.projects.set_aliases(self.place.chat_id, current.id, aliases)

    async def answer_callback_query(self, callback_query_id: str, text: str, **arguments: Any) -> None:
        """Take the call of Telegram's library."""
        assert callback_query_id == "77"
        self.answers.append((text, arguments["show_alert"]))
        if self.answer_error is not None:
            raise self.answer_error

    async def _stop_runs(self, *, project_id: int) -> int:
        # While its runs are stopped the project is still there.
        await self.stores.projects.find(self.place.chat_id, project_id)
        self.stopped.append(project_id)
        return 0

    @property
    def _context(self) -> Context:
        return cast("Context", SimpleNamespace(bot_data={KEY: self.desk}))

    @property
    def _chat(self) -> Chat:
        return Chat(self.place.chat_id, Chat.PRIVATE if self.place.is_private else Chat.SUPERGROUP)

    @property
    def _topic(self) -> dict[str, Any]:
        return {"message_thread_id": self.place.topic_id, "is_topic_message": True} if self.place.topic_id else {}


def labels_of(keyboard: Keyboard) -> list[str]:
    """Return what the buttons say, row by row."""
    return [button.label for row in keyboard for button in row]
