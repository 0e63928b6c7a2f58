"""Private chats, groups and topics as a test or the demo uses them: what people do there, in plain verbs."""

from __future__ import annotations

from collections.abc import Iterable

from moai.simulator.chat import Chat
from moai.simulator.files import NewAudio, NewDocument, NewFile, NewPhoto, NewVoice
from moai.simulator.membership import set_bot_status, turn_into_supergroup
from moai.simulator.model import ANONYMOUS, Author, Channel, Message, User
from moai.simulator.people import Spot, byline, note
from moai.simulator.reactions import VARIATION
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

    def pastes(self, text: str, *, reply_to: Message | None = None) -> tuple[Message, ...]:
        """Write a text that may be too long for one message, and so arrives in several."""
        return self._paste(self.person, text, reply_to)

    def forwards(self, what: Message | str, *, of: User | str | None = None) -> Message:
        """Pass on a message, or a text of somebody's (one's own where `of` is left out; a name: hidden)."""
        return self._forward(self.person, what, of)

    def sends(self, file: NewFile, caption: str = "", *, reply_to: Message | None = None) -> Message:
        """Send a file of any kind, as described."""
        return self._send(self.person, file, caption, reply_to)

    def sends_file(self, name: str, data: bytes, caption: str = "") -> Message:
        """Send a document."""
        return self.sends(NewDocument(name, data), caption)

    def sends_document(
        self,
        name: str,
        data: bytes,
        caption: str = "",
        *,
        mime_type: str = "application/octet-stream",
        reply_to: Message | None = None,
        size: int | None = None,
    ) -> Message:
        """Send a document; `size` in bytes is claimed, whatever the data's own."""
        return self.sends(NewDocument(name, data, mime_type, size), caption, reply_to=reply_to)

    def sends_photo(self, data: bytes, caption: str = "", *, reply_to: Message | None = None) -> Message:
        """Send a picture."""
        return self.sends(NewPhoto(data), caption, reply_to=reply_to)

    def sends_voice(self, data: bytes, caption: str = "", *, reply_to: Message | None = None) -> Message:
        """Send a voice message."""
        return self.sends(NewVoice(data), caption, reply_to=reply_to)

    def sends_audio(self, name: str, data: bytes, caption: str = "", *, reply_to: Message | None = None) -> Message:
        """Send a sound file."""
        return self.sends(NewAudio(name, data), caption, reply_to=reply_to)

    def sends_album(
        self, files: Iterable[NewFile | bytes], caption: str = "", *, reply_to: Message | None = None
    ) -> tuple[Message, ...]:
        """Send two to ten files of one kind at once; bytes alone are a picture."""
        return self._send_album(self.person, files, caption, reply_to)

    def edits(self, message: Message, text: str) -> Message:
        """Change a message that was written before."""
        return self._edit(message, text)

    def press(self, message: Message, button: str) -> Press:
        """Press the button with that text; await the result for the bot's answer."""
        return self._press(self.person, message, button)

    def press_data(self, message: Message, data: str) -> Press:
        """Press a button made up by hand, or one that is gone with its message; awaited like `press`."""
        return self._press_data(self.person, message, data)

    def presses_stop(self) -> None:
        """Press the Stop button of the bot's live draft; raise AssertionError where there is none."""
        self._press_stop()


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
    """Several people and the bot.

    An author who is a Channel writes in the name of that, and None in the name of the group, as anonymous
    administrators do. Who presses a button is always told.
    """

    def says(self, author: Author, text: str, *, reply_to: Message | None = None) -> Message:
        """Write a message."""
        return self._say(author, text, reply_to)

    def pastes(self, author: Author, text: str, *, reply_to: Message | None = None) -> tuple[Message, ...]:
        """Write a text that may be too long for one message, and so arrives in several."""
        return self._paste(author, text, reply_to)

    def forwards(self, author: Author, what: Message | str, *, of: User | str | None = None) -> Message:
        """Pass on a message, or a text of somebody's (one's own where `of` is left out; a name: hidden)."""
        return self._forward(author, what, of)

    def sends(self, author: Author, file: NewFile, caption: str = "", *, reply_to: Message | None = None) -> Message:
        """Send a file of any kind, as described."""
        return self._send(author, file, caption, reply_to)

    def sends_file(self, author: Author, name: str, data: bytes, caption: str = "") -> Message:
        """Send a document."""
        return self.sends(author, NewDocument(name, data), caption)

    def sends_document(
        self,
        author: Author,
        name: str,
        data: bytes,
        caption: str = "",
        *,
        mime_type: str = "application/octet-stream",
        reply_to: Message | None = None,
        size: int | None = None,
    ) -> Message:
        """Send a document; `size` in bytes is claimed, whatever the data's own."""
        return self.sends(author, NewDocument(name, data, mime_type, size), caption, reply_to=reply_to)

    def sends_photo(
        self, author: Author, data: bytes, caption: str = "", *, reply_to: Message | None = None
    ) -> Message:
        """Send a picture."""
        return self.sends(author, NewPhoto(data), caption, reply_to=reply_to)

    def sends_voice(
        self, author: Author, data: bytes, caption: str = "", *, reply_to: Message | None = None
    ) -> Message:
        """Send a voice message."""
        return self.sends(author, NewVoice(data), caption, reply_to=reply_to)

    def sends_audio(
        self, author: Author, name: str, data: bytes, caption: str = "", *, reply_to: Message | None = None
    ) -> Message:
        """Send a sound file."""
        return self.sends(author, NewAudio(name, data), caption, reply_to=reply_to)

    def sends_album(
        self, author: Author, files: Iterable[NewFile | bytes], caption: str = "", *, reply_to: Message | None = None
    ) -> tuple[Message, ...]:
        """Send two to ten files of one kind at once; bytes alone are a picture."""
        return self._send_album(author, files, caption, reply_to)

    def edits(self, author: Author, message: Message, text: str) -> Message:
        """Change a message that was written before."""
        sender, channel = byline(author)
        if (message.sender, message.channel) != (sender, channel):
            name = channel.title if channel else sender.first_name
            raise AssertionError(f"message {message.message_id} is not {name}'s")
        return self._edit(message, text)

    def press(self, author: Author, message: Message, button: str) -> Press:
        """Press the button with that text; await the result for the bot's answer."""
        return self._press(self._hand_of(author), message, button)

    def press_data(self, author: Author, message: Message, data: str) -> Press:
        """Press a button made up by hand, or one that is gone with its message; awaited like `press`."""
        return self._press_data(self._hand_of(author), message, data)

    @property
    def _owner(self) -> User:
        return next(iter(self._chat.members.values()), ANONYMOUS)

    def _hand_of(self, author: Author) -> User:
        return author.owner if isinstance(author, Channel) else author or self._owner


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

    def allow_reactions(self, *emoji: str) -> None:
        """Allow these reactions only, or none at all; every group begins with all of them."""
        self._chat.available_reactions = frozenset(each.replace(VARIATION, "") for each in emoji)

    def remove_bot(self, *, status: str = "kicked") -> None:
        """Put the bot out: it is `kicked`, or has `left`."""
        set_bot_status(self._world, self._chat, self._owner, status)

    def add_bot(self, *, admin: bool = False) -> None:
        """Let the bot in again; it hears what its privacy mode allows, as an administrator everything."""
        set_bot_status(self._world, self._chat, self._owner, "administrator" if admin else "member")
        note(self._world, Spot(self._chat), self._owner, {"new_chat_members": [user_json(self._world.bot)]})

    def promote_bot(self) -> None:
        """Make the bot an administrator."""
        set_bot_status(self._world, self._chat, self._owner, "administrator")

    def demote_bot(self) -> None:
        """Make the bot a member like others again."""
        set_bot_status(self._world, self._chat, self._owner, "member")

    def turns_into_supergroup(self) -> Group:
        """Turn this group into a supergroup, and return that: a chat with another id, and the same people in it."""
        if self._chat.type != "group" or self._chat.successor:
            raise AssertionError(f"{self._chat.title} is a supergroup already")
        return Group(self._stage, turn_into_supergroup(self._world, self._chat, self._owner))


def _open_topic(stage: Stage, chat: Chat, person: User, name: str) -> int:
    created = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
    return note(stage.world, Spot(chat), person, created).message_id
