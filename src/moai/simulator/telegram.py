"""The simulator as one opens it: a Telegram of one's own on loopback, and the people in it.

    async with Simulator() as sim:
        alice = sim.user("Alice")
        chat = sim.private_chat(alice)
        chat.says("/start")
        await chat.shows("Hello")

Opens and closes everything; what goes on in chats is told in `chats.py` and `talk.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count
from types import TracebackType
from typing import Any, Self

from moai.simulator.changes import Watcher
from moai.simulator.chats import Group, PrivateChat
from moai.simulator.faults import Faults
from moai.simulator.feed import Update
from moai.simulator.floods import FloodGate, FloodLimits
from moai.simulator.model import Call, Channel, User
from moai.simulator.server import Server
from moai.simulator.talk import PATIENCE_S, Stage
from moai.simulator.world import World

TOKEN = "110201543:simulated_token_that_is_no_secret_0"  # noqa: S105


class Simulator:
    """A Bot API server for one bot. `base_url` is there once it is entered.

    `privacy` is the bot's setting at BotFather: with it the bot hears commands, replies to it and service
    messages in groups. Without `stops_drafts` the server is older than Bot API 10.3: no draft has a Stop button.
    `clock` gives seconds, for drafts, presses and flood limits. The last `log_size` calls are kept.
    """

    def __init__(
        self,
        *,
        username: str = "moai_bot",
        token: str = TOKEN,
        port: int = 0,
        privacy: bool = True,
        private_topics: bool = False,
        stops_drafts: bool = True,
        flood_limits: FloodLimits | None = None,
        clock: Callable[[], float] = time.monotonic,
        log_size: int = 10_000,
    ) -> None:
        bot_id = token.partition(":")[0]
        bot = User(int(bot_id) if bot_id.isdecimal() else 110201543, "MoAI", username, is_bot=True)
        self.token = token
        self.base_url = ""
        self._port = port
        self._world = World(
            bot, reads_all=not privacy, private_topics=private_topics, stops_drafts=stops_drafts, clock=clock
        )
        self._server = Server(self._world, token, log_size=log_size)
        self._stage = Stage(self._world, self._server)
        self._user_ids = count(1001)
        self.limit_floods(flood_limits)

    async def __aenter__(self) -> Self:
        port = await self._server.start(self._port)
        self.base_url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._world.drafts.close()
        await self._server.stop()

    @property
    def bot(self) -> User:
        """The bot's own account."""
        return self._world.bot

    def user(self, name: str, *, username: str | None = None) -> User:
        """Make a person."""
        user = User(next(self._user_ids), name, username)
        self._world.people[user.id] = user
        return user

    def private_chat(self, person: User) -> PrivateChat:
        """Return the chat of a person with the bot, in which the person pressed Start."""
        chat = self._world.chats.get(person.id)
        chat = chat or self._world.add_chat("private", person.id, person.first_name, person)
        return PrivateChat(self._stage, chat)

    def group(
        self,
        title: str,
        *members: User,
        forum: bool = False,
        privacy: bool | None = None,
        with_bot: bool = True,
    ) -> Group:
        """Return a new group, the bot in it; a forum is a supergroup. See `supergroup` for what can be said."""
        if forum:
            return self.supergroup(title, *members, forum=True, privacy=privacy, with_bot=with_bot)
        return self._group("group", title, members, privacy, with_bot)

    def supergroup(
        self,
        title: str,
        *members: User,
        forum: bool = False,
        privacy: bool | None = None,
        with_bot: bool = True,
    ) -> Group:
        """Return a new supergroup, the bot in it unless it is to be added later.

        `privacy` None stands for the bot's own setting. Where that is on, False makes the bot an
        administrator; where it is off, True stands for a group that it joined before the setting was changed.
        """
        group = self._group("supergroup", title, members, privacy, with_bot)
        self._world.chats[group.id].is_forum = forum
        return group

    def channel(self, title: str, owner: User, *, username: str | None = None) -> Channel:
        """Make a channel, for its owner to write in its name in groups."""
        return Channel(self._world.new_group_id("channel"), title, owner, username)

    @property
    def faults(self) -> Faults:
        """What is to go wrong, off by default."""
        return self._server.faults

    def limit_floods(self, limits: FloodLimits | None) -> None:
        """Enforce flood limits from now on, or None for no limits."""
        self._server.flood_gate = FloodGate(limits, self._world.clock) if limits else None

    @property
    def calls(self) -> tuple[Call, ...]:
        """What the bot called, in the order in which it was answered."""
        return tuple(self._server.calls)

    def calls_of(self, method: str) -> tuple[Call, ...]:
        """Return the calls of one method, spelt as in the Bot API."""
        return tuple(call for call in self._server.calls if call.method == method)

    @property
    def commands(self) -> tuple[str, ...]:
        """The names in the bot's command menu, as everybody sees it who has no menu of their own."""
        return tuple(command["command"] for command in self._world.commands.get(("default", ""), ()))

    @property
    def unconfirmed(self) -> tuple[Update, ...]:
        """The updates that the bot has not confirmed."""
        return self._world.feed.pending

    @property
    def is_polled(self) -> bool:
        """Tell whether the bot waits for updates just now."""
        return self._world.feed.is_polled

    def push_update(self, **fields: Any) -> int:
        """Queue an update of one's own making, and return its id."""
        update_id = self._world.feed.next_id()
        self._world.feed.push_raw({"update_id": update_id, **fields})
        return update_id

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` with every change, and return what ends that."""
        return self._world.hub.watch(watcher)

    async def until(self, predicate: Callable[[], Any], timeout_s: float = PATIENCE_S) -> None:
        """Wait until something is true; raise AssertionError with a picture of every chat."""
        await self._stage.until(predicate, timeout_s, "what was waited for", self._world.chats.values())

    async def heard(self, timeout_s: float = PATIENCE_S) -> None:
        """Wait until the bot has confirmed every update; raise AssertionError."""
        feed = self._world.feed
        await self._stage.until(lambda: not feed.pending, timeout_s, "confirmation", self._world.chats.values())

    def _group(self, kind: str, title: str, members: tuple[User, ...], privacy: bool | None, with_bot: bool) -> Group:
        chat = self._world.add_chat(kind, self._world.new_group_id(kind), title, *members)
        if privacy is not None:
            chat.bot_reads_all = not privacy
            chat.bot_status = "administrator" if not (privacy or self._world.reads_all) else "member"
        if not with_bot:
            chat.bot_status = "left"
        return Group(self._stage, chat)
