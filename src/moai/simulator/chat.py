"""One chat of the simulated Telegram: who is there, what was said, what the bot may do; sends no updates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from moai.simulator.model import Draft, Message, User
from moai.simulator.refusal import bad_request, forbidden, migrated

GENERAL_TOPIC = 1
_PRESENT = frozenset({"member", "administrator"})


@dataclass(slots=True, eq=False)
class Chat:
    """The state of a chat; `type` and `bot_status` hold the Bot API's words for them.

    `successor` is the id of the supergroup that a group has become; `available_reactions` None stands for all.
    """

    id: int
    type: str
    title: str
    ids: Iterator[int]
    members: dict[int, User] = field(default_factory=dict)
    is_forum: bool = False
    bot_status: str = "member"
    bot_reads_all: bool = True
    successor: int | None = None
    available_reactions: frozenset[str] | None = None
    topics: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    drafts: dict[int | None, Draft] = field(default_factory=dict)

    @property
    def is_private(self) -> bool:
        """Tell a chat of one person and the bot."""
        return self.type == "private"

    @property
    def has_bot(self) -> bool:
        """Tell whether the bot can write here."""
        return self.bot_status in _PRESENT and self.successor is None

    def require_bot(self) -> None:
        """Raise ApiError where the bot is not, or not any more."""
        if self.has_bot:
            return
        if self.successor is not None:
            raise migrated(self.successor)
        if self.is_private:
            raise forbidden("bot was blocked by the user")
        if self.bot_status == "kicked":
            raise forbidden(f"bot was kicked from the {self.type} chat")
        raise forbidden(f"bot is not a member of the {self.type} chat")

    def require_topic(self, thread_id: int | None) -> int | None:
        """Return the topic of a `message_thread_id`, None for none; raise ApiError.

        The General topic is addressed by leaving the thread out, and so its id is refused.
        """
        if thread_id and thread_id not in self.topics:
            raise bad_request("message thread not found")
        return thread_id or None

    def thread_of(self, topic_id: int | None, reply_to_id: int | None) -> int | None:
        """Return the `message_thread_id` of a new message: replies in any supergroup make threads."""
        answered = self.messages.get(reply_to_id or 0)
        if topic_id or not answered or self.is_forum or self.type != "supergroup":
            return topic_id
        return answered.thread_id or answered.message_id

    def shown(self, topic_id: int | None) -> tuple[Message, ...]:
        """Return what stands in one topic (None: in none, or in General), the oldest first."""
        return tuple(message for message in self.messages.values() if message.topic_id == topic_id)
