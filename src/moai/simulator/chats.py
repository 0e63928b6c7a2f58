"""Private chats, groups and topics as a test or the demo uses them: what people do there, in plain verbs."""

from __future__ import annotations

from moai.simulator.chat import Chat
from moai.simulator.model import ANONYMOUS, Message, User
from moai.simulator.people import Spot, note, set_bot_status
from moai.simulator.talk import Press, Stage, Talk
from moai.simulator.wire import user_json


class PrivateTalk(Talk):
    """One person and the bot; the person is implied in all that is done."""

    @property
    def person(self) -> User:
        """Who writes here."""
        return self._chat.members[self._chat.id]

    def says(self, text: str, *, reply_to: Message | None = None) -> Message:
        """Write a message."""
        return self._say(self.person, text, reply_to)

    def sends_file(self, name: str, data: bytes, caption: str = "") -> Message:
        """Send a document."""
        return self._send_file(self.person, name, data, caption)

    def edits(self, message: Message, text: str) -> Message:
        """Change a message that was written before."""
        return self._edit(message, text)

    def press(self, message: Message, button: str) -> Press:
        """Press the button with that text; await the result for the bot's answer."""
        return self._press(self.person, message, button)


class PrivateChat(PrivateTalk):
    """A whole private chat."""

    def block(self) -> None:
        """Block the bot."""
        set_bot_status(self._world, self._chat, self.person, "kicked")

    def unblock(self) -> None:
        """Let the bot write again."""
        set_bot_status(self._world, self._chat, self.person, "member")

    def topic(self, name: str) -> PrivateTalk:
        """Open a topic; the simulator must have been made with `private_topics=True`."""
        if not self._world.private_topics:
            raise AssertionError("this bot has no topics in private chats: Simulator(private_topics=True)")
        topic_id = _open_topic(self._stage, self._chat, self.person, name)
        return PrivateTalk(self._stage, self._chat, topic_id=topic_id, is_topic=True)


class GroupTalk(Talk):
    """Several people and the bot; `person` None writes in the name of the group, as anonymous admins do."""

    def says(self, person: User | None, text: str, *, reply_to: Message | None = None) -> Message:
        """Write a message."""
        return self._say(person or ANONYMOUS, text, reply_to)

    def sends_file(self, person: User, name: str, data: bytes, caption: str = "") -> Message:
        """Send a document."""
        return self._send_file(person, name, data, caption)

    def edits(self, person: User, message: Message, text: str) -> Message:
        """Change a message that one wrote before."""
        if message.sender != person:
            raise AssertionError(f"message {message.message_id} is not {person.first_name}'s")
        return self._edit(message, text)

    def press(self, person: User, message: Message, button: str) -> Press:
        """Press the button with that text; await the result for the bot's answer."""
        return self._press(person, message, button)


class Group(GroupTalk):
    """A whole group. In a forum one speaks in General from here, and `messages` are those of all topics."""

    @property
    def general(self) -> GroupTalk:
        """The General topic of a forum."""
        return GroupTalk(self._stage, self._chat, is_topic=True)

    def topic(self, name: str) -> GroupTalk:
        """Open a topic in a forum."""
        if not self._chat.is_forum:
            raise AssertionError(f"{self._chat.title} is no forum: group(…, forum=True)")
        topic_id = _open_topic(self._stage, self._chat, self._owner, name)
        return GroupTalk(self._stage, self._chat, topic_id=topic_id, is_topic=True)

    def join(self, person: User) -> None:
        """Let a person in."""
        self._chat.members[person.id] = person
        note(self._world, Spot(self._chat), person, {"new_chat_members": [user_json(person)]})

    def leave(self, person: User) -> None:
        """Let a person go."""
        del self._chat.members[person.id]
        note(self._world, Spot(self._chat), person, {"left_chat_member": user_json(person)})

    def remove_bot(self) -> None:
        """Put the bot out."""
        set_bot_status(self._world, self._chat, self._owner, "kicked")

    def add_bot(self, *, admin: bool = False) -> None:
        """Let the bot in again; it hears what its privacy mode allows, as an administrator everything."""
        set_bot_status(self._world, self._chat, self._owner, "administrator" if admin else "member")
        note(self._world, Spot(self._chat), self._owner, {"new_chat_members": [user_json(self._world.bot)]})

    @property
    def _owner(self) -> User:
        return next(iter(self._chat.members.values()), ANONYMOUS)


def _open_topic(stage: Stage, chat: Chat, person: User, name: str) -> int:
    created = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
    return note(stage.world, Spot(chat), person, created).message_id
