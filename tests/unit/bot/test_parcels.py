"""A document on its way: the library's own client against the simulator, and what becomes of the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from telegram.error import ChatMigrated, InvalidToken, NetworkError, RetryAfter

from moai.bot import parcels
from moai.bot.finals import MOST_FAILURES
from moai.bot.keyboards import Button
from moai.bot.outbox import Outbox
from moai.bot.parcels import CAPTION_UNITS, MOST_BYTES, Parcel, check_size
from moai.bot.render import Entity, Piece
from moai.core.clock import SystemClock
from moai.core.model import Place
from moai.errors import InvalidInput
from moai.simulator.faults import BadGateway, Drop, Fault, Refuse, ServerError, Slow
from moai.simulator.telegram import Simulator
from tests.support.fakes import PRIVATE, RecordingBot, open_bot

NO_CAPTION = Piece("")


class Sender:
    """Makes parcels of one file and hears what becomes of them."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "export.tmp"
        self.path.write_bytes(b"# Sky\n")
        self.sent: list[int] = []
        self.gone = 0

    def parcel(self, place: Place = PRIVATE, caption: Piece = NO_CAPTION, **values: Any) -> Parcel:
        named = {"path": self.path, "name": "sky.md", "on_sent": self.sent.append, "on_gone": self.on_gone}
        return Parcel(place, caption, **{**named, **values})

    def on_gone(self) -> None:
        self.gone += 1

    @property
    def outcome(self) -> tuple[int, int]:
        """How often it was told that the document is there, and that it will never be."""
        return len(self.sent), self.gone


class Uploading(RecordingBot):
    """A RecordingBot that takes documents."""

    async def send_document(self, *, chat_id: int, caption: str, **arguments: Any) -> Any:
        return await self._take("sendDocument", chat_id, caption, arguments)


@pytest.fixture
def sender(tmp_path: Path) -> Sender:
    return Sender(tmp_path)


async def test_a_document_arrives_with_its_name_its_caption_and_its_buttons(sender: Sender) -> None:
    async with Simulator(privacy=False) as sim, open_bot(sim) as bot:
        ann = sim.user("Ann")
        forum = sim.group("Forum", ann, forum=True)
        topic = forum.topic("Sky")
        asked = topic.says(ann, "/export")
        caption, button = Piece("The sky", (Entity("bold", 4, 3),)), Button("Again", "x")
        place = Place(forum.id, topic.topic_id)
        parcel = sender.parcel(place, caption, reply_to=asked.message_id, keyboard=((button,),))

        assert await parcel.send(bot) is None

        (message,) = topic.bot_messages
        assert message.document is not None
        assert (message.document.name, message.document.data) == ("sky.md", b"# Sky\n")
        assert (message.text, [message.marked(each) for each in message.entities]) == ("The sky", ["sky"])
        assert (message.reply_to_id, message.buttons) == (asked.message_id, ("Again",))
        assert (sender.sent, sender.gone) == ([message.message_id], 0)
        assert sender.path.exists(), "the file is its owner's to delete"


@pytest.mark.parametrize("name", ["2026-11-23-für-später.html", "天空.json", "x" * 60 + ".md"])
async def test_names_keep_their_letters(sender: Sender, name: str) -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat = sim.private_chat(sim.user("Ann"))

        await sender.parcel(Place(chat.id), name=name).send(bot)

        (message,) = chat.bot_messages
        assert message.document is not None
        assert (message.document.name, message.text) == (name, "")


async def test_a_caption_that_is_too_long_is_cut_and_the_document_arrives(sender: Sender) -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat = sim.private_chat(sim.user("Ann"))
        long = Piece("x" * (CAPTION_UNITS + 1), (Entity("bold", 0, CAPTION_UNITS + 1),))

        await sender.parcel(Place(chat.id), Piece("x" * CAPTION_UNITS)).send(bot)
        await sender.parcel(Place(chat.id), long).send(bot)

        assert [message.text[-2:] for message in chat.bot_messages] == ["xx", "x…"]
        assert sender.outcome == (2, 0)


async def test_a_caption_that_is_refused_gives_the_same_document_with_a_plain_one(sender: Sender) -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat = sim.private_chat(sim.user("Ann"))
        sim.faults.next("sendDocument", Refuse(400, "Bad Request: can't parse entities: byte offset 7"))

        instead = await sender.parcel(Place(chat.id), Piece("The sky", (Entity("bold", 0, 3),))).send(bot)

        assert instead == sender.parcel(Place(chat.id), Piece("The sky"))
        assert instead is not None
        assert await instead.send(bot) is None
        assert [message.entities for message in chat.bot_messages] == [()]
        assert sender.outcome == (1, 0)


@pytest.mark.parametrize("case", ["blocked", "deleted", "empty", "too big", "too big for a proxy"])
async def test_what_will_never_arrive_is_told_once(sender: Sender, case: str) -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat = sim.private_chat(sim.user("Ann"))
        match case:
            case "blocked":
                chat.block()
            case "deleted":
                sender.path.unlink()
            case "empty":
                sender.path.write_bytes(b"")
            case "too big":
                _make_large(sender.path, MOST_BYTES + 1)
            case _:
                sim.faults.next("sendDocument", Refuse(413, "Request Entity Too Large"))

        assert await sender.parcel(Place(chat.id)).send(bot) is None

        assert (sender.outcome, chat.bot_messages) == ((0, 1), ())
        is_tried = case not in {"deleted", "too big"}
        assert len(sim.calls_of("sendDocument")) == is_tried


@pytest.mark.parametrize("error", [ChatMigrated(-100), RetryAfter(3), NetworkError("reset"), InvalidToken()], ids=str)
async def test_nobody_is_told_of_what_is_worth_another_try(sender: Sender, error: Exception) -> None:
    bot = Uploading()
    bot.faults = [error]

    if isinstance(error, ChatMigrated):
        assert await sender.parcel().send(bot.as_bot) == sender.parcel(Place(-100))
    else:
        with pytest.raises(type(error)):
            await sender.parcel().send(bot.as_bot)

    assert sender.outcome == (0, 0)


@pytest.mark.parametrize("fault", [Drop(), ServerError(), BadGateway()], ids=str)
async def test_a_network_that_fails_is_worth_trying_again_and_not_for_ever(sender: Sender, fault: Fault) -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat = sim.private_chat(sim.user("Ann"))
        parcel = sender.parcel(Place(chat.id))
        sim.faults.next("sendDocument", fault, count=1_000)

        for _ in range(MOST_FAILURES - 1):
            with pytest.raises(NetworkError):
                await parcel.send(bot)
        assert sender.outcome == (0, 0)

        assert await parcel.send(bot) is None
        assert sender.outcome == (0, 1)


async def test_an_upload_that_nobody_answers_is_sent_once_more_at_the_most(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parcels, "ANSWER_S", 0.2)
    async with Simulator() as sim, open_bot(sim) as bot:
        chat = sim.private_chat(sim.user("Ann"))
        sim.faults.next("sendDocument", Slow(30), count=2)

        again = await sender.parcel(Place(chat.id)).send(bot)

        assert again == sender.parcel(Place(chat.id), is_doubtful=True)
        assert again is not None
        assert sender.outcome == (0, 0)
        assert await again.send(bot) is None
        assert sender.outcome == (0, 1)


async def test_parcels_and_words_go_out_in_one_order(sender: Sender) -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat = sim.private_chat(sim.user("Ann"))
        outbox = Outbox(bot, SystemClock())
        sim.faults.next("sendDocument", ServerError())

        outbox.say(sender.parcel(Place(chat.id), Piece("first")))
        outbox.say(sender.parcel(Place(chat.id), Piece("second"), follows=True))

        await chat.shows("second")
        await outbox.close(1)
        assert [message.text for message in chat.bot_messages] == ["first", "second"]
        assert sender.outcome == (2, 0)


def test_a_size_is_checked_before_anything_is_sent(sender: Sender) -> None:
    assert check_size(sender.path, "sky.md") == 6
    _make_large(sender.path, MOST_BYTES)
    assert check_size(sender.path, "sky.md") == MOST_BYTES
    _make_large(sender.path, MOST_BYTES * 2)
    with pytest.raises(InvalidInput, match=r"“sky\.md” has 100 MB, and Telegram takes at most 50 MB from a bot\. Ask"):
        check_size(sender.path, "sky.md")


@pytest.mark.parametrize(("size", "least_s"), [(0, 60), (MOST_BYTES, 400)])
def test_a_large_file_has_longer_to_arrive(sender: Sender, size: int, least_s: float) -> None:
    _make_large(sender.path, size)

    assert least_s < sender.parcel()._patience_s() < least_s + 120


def _make_large(path: Path, size: int) -> None:
    """Let a file have that many bytes, which take no room on the disk."""
    with path.open("r+b") as file:
        file.truncate(size)
