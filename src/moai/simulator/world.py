"""The whole of the simulated Telegram: users, chats, files, presses, updates; all changes go through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from moai.simulator.changes import CallbackAnswered, Hub, MessageDeleted, MessageEdited, MessageSent
from moai.simulator.chat import Chat
from moai.simulator.drafts import Drafts
from moai.simulator.feed import Feed
from moai.simulator.files import Files
from moai.simulator.model import CallbackAnswer, Message, User
from moai.simulator.refusal import bad_request

QUERY_LIFETIME_S = 60.0


@dataclass(slots=True, eq=False)
class Query:
    """A press of a button; `at` is in seconds of the world's clock."""

    id: str
    person: User
    at: float
    answer: CallbackAnswer | None = None


class World:
    """Everything there is; methods of the Bot API and people act on it."""

    def __init__(
        self, bot: User, *, reads_all: bool, private_topics: bool, stops_drafts: bool, clock: Callable[[], float]
    ) -> None:
        self.bot = bot
        self.reads_all = reads_all
        self.private_topics = private_topics
        self.stops_drafts = stops_drafts
        self.clock = clock
        self.hub = Hub()
        self.feed = Feed(self.hub.wake)
        self.drafts = Drafts(self.hub, clock)
        self.people: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files = Files()
        self.queries: dict[str, Query] = {}
        self.commands: dict[tuple[str, str], list[Mapping[str, str]]] = {}
        self.album_ids: Iterator[int] = count(14_000_000_000_000_001)
        self._shared_ids: Iterator[int] = count(1)
        self._group_ids: Iterator[int] = count(5001)

    def new_group_id(self, kind: str) -> int:
        """Return an id that no chat has, for a group, a supergroup or a channel."""
        number = next(self._group_ids)
        return -number if kind == "group" else -1_000_000_000_000 - number

    def add_chat(self, kind: str, chat_id: int, title: str, *members: User) -> Chat:
        """Open a chat; message ids are its own in a supergroup, and run through all other chats."""
        # A supergroup's message 1 is its creation; in a forum that is also the General topic's id.
        ids = count(2) if kind == "supergroup" else self._shared_ids
        chat = Chat(chat_id, kind, title, ids, {member.id: member for member in members})
        chat.bot_reads_all = self.reads_all or chat.is_private
        self.chats[chat_id] = chat
        return chat

    def post(self, chat: Chat, written: Message) -> Message:
        """Put a message into its chat, with its id; a message of the bot's ends its draft there."""
        number = next(chat.ids)
        if written.opens_topic:
            chat.topics[number] = written.opens_topic
            written = replace(written, topic_id=number)
        message = replace(
            written,
            message_id=number,
            thread_id=chat.thread_of(written.topic_id, written.reply_to_id),
            history=(written.text,),
            from_bot=written.sender == self.bot,
        )
        chat.messages[message.message_id] = message
        if message.from_bot:
            self.drafts.end(chat, message.topic_id)
        self.hub.tell(MessageSent(message))
        return message

    def edit(self, message: Message, **changes: Any) -> Message:
        """Put another value in a message's place, its text in its history."""
        edited = replace(message, edited_at=datetime.now(UTC), **changes)
        if edited.text != message.text:
            edited = replace(edited, history=(*message.history, edited.text))
        return self._put(edited)

    def react(self, message: Message, reactions: tuple[str, ...]) -> Message:
        """Put the bot's reactions under a message."""
        return self._put(replace(message, reactions=reactions))

    def remove(self, message: Message) -> None:
        """Take a message out of its chat."""
        del self.chats[message.chat_id].messages[message.message_id]
        self.hub.tell(MessageDeleted(message))

    def add_query(self, person: User) -> Query:
        """Note that somebody pressed a button."""
        query = Query(str(4_000_000_000 + len(self.queries)), person, self.clock())
        self.queries[query.id] = query
        return query

    def answer_query(self, query_id: str, answer: CallbackAnswer) -> None:
        """Answer a press, once and in time; raise ApiError."""
        query = self.queries.get(query_id)
        if not query or query.answer or self.clock() - query.at > QUERY_LIFETIME_S:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        query.answer = answer
        self.hub.tell(CallbackAnswered(query.person, answer))

    def _put(self, message: Message) -> Message:
        self.chats[message.chat_id].messages[message.message_id] = message
        self.hub.tell(MessageEdited(message))
        return message
