"""What a message brings, and fetching it from Telegram with all that can go wrong."""

from __future__ import annotations

from typing import Any, cast

import pytest
from telegram import Audio, Bot, Document, Message, PhotoSize, Sticker, Voice

from moai.bot.media import MOST_BYTES, Kind, Medium, fetch, media_of, megabytes
from moai.errors import InvalidInput, MoaiError, TelegramUnreachable
from moai.simulator.faults import BadGateway, Drop, Fault, Refuse, ServerError
from moai.simulator.files import NewDocument, NewPhoto, NewVoice
from moai.simulator.telegram import Simulator
from tests.support.fakes import open_bot
from tests.support.written import a_message

SMALL, LARGE = (PhotoSize(f"id-{side}", f"u{side}", side, side, file_size=side) for side in (90, 1280))
NOTES = Document("id-notes", "u", file_name="notes.txt", mime_type="text/plain", file_size=7)


def media(message: Message) -> list[Medium]:
    # The bot is only handed on to the messages of an album.
    return list(media_of(message, cast("Bot", None)))


@pytest.mark.parametrize(
    ("fields", "medium"),
    [
        ({"photo": (SMALL, LARGE)}, Medium(Kind.FILE, "id-1280", "photo-31.jpg", "image/jpeg", 1280)),
        ({"photo": (PhotoSize("id", "u", 9, 9),)}, Medium(Kind.FILE, "id", "photo-31.jpg", "image/jpeg", 0)),
        ({"document": NOTES}, Medium(Kind.FILE, "id-notes", "notes.txt", "text/plain", 7)),
        ({"document": Document("id", "u")}, Medium(Kind.FILE, "id", "document-31", "", 0)),
        (
            {"voice": Voice("id", "u", 1, mime_type="audio/ogg", file_size=5)},
            Medium(Kind.VOICE, "id", "voice-31.ogg", "audio/ogg", 5),
        ),
        ({"voice": Voice("id", "u", 1)}, Medium(Kind.VOICE, "id", "voice-31.ogg", "audio/ogg", 0)),
        (
            {"audio": Audio("id", "u", 1, file_name="memo.mp3", mime_type="audio/mpeg", file_size=9)},
            Medium(Kind.VOICE, "id", "memo.mp3", "audio/mpeg", 9),
        ),
        ({"audio": Audio("id", "u", 1)}, Medium(Kind.VOICE, "id", "voice-31.ogg", "audio/ogg", 0)),
    ],
    ids=["picture", "picture of no size", "document", "nameless", "voice", "bare voice", "sound", "bare sound"],
)
def test_a_message_brings_its_file(fields: dict[str, Any], medium: Medium) -> None:
    assert media(a_message(**fields)) == [medium]


def test_a_text_or_a_sticker_brings_nothing() -> None:
    sticker = Sticker("id", "u", 9, 9, is_animated=False, is_video=False, type="regular")

    assert media(a_message("Why?")) == []
    assert media(a_message(sticker=sticker)) == []
    assert media(a_message("Why?", reply_to_message=a_message("Because."))) == []


def test_a_message_brings_its_album_and_what_it_answers_behind_its_own() -> None:
    answered = a_message(message_id=20, photo=(SMALL,))
    own = a_message(message_id=31, document=NOTES, reply_to_message=answered)
    other = {**a_message(message_id=32).to_dict(), "document": {"file_id": "id-32", "file_unique_id": "u"}}
    message = Message.de_json({**own.to_dict(), "album": [other]}, None)

    assert [each.name for each in media(message)] == ["notes.txt", "document-32", "photo-20.jpg"]


def test_what_is_answered_brings_nothing_of_what_that_answers() -> None:
    oldest = a_message(message_id=10, photo=(SMALL,))
    answered = a_message("Well?", message_id=20, reply_to_message=oldest)

    assert media(a_message("Why?", reply_to_message=answered)) == []


@pytest.mark.parametrize(
    ("size", "text"), [(MOST_BYTES, "20 MB"), (1024 * 1024 * 3 // 2, "1.5 MB"), (1024, "0.000977 MB"), (0, "0 MB")]
)
def test_bytes_are_told_as_people_read_them(size: int, text: str) -> None:
    assert megabytes(size) == text


def sent_to(sim: Simulator, file: NewDocument | NewPhoto | NewVoice) -> str:
    sent = sim.private_chat(sim.user("Ann")).sends(file)
    assert sent.file
    return sent.file.file_id


def a_medium(file_id: str, size: int = 0) -> Medium:
    return Medium(Kind.FILE, file_id, "notes.txt", "text/plain", size)


@pytest.mark.parametrize("data", [b"x", bytes(range(256)) * 4_000], ids=["a byte", "a megabyte"])
async def test_a_file_is_fetched_whole(data: bytes) -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        for file in (NewDocument("notes.txt", data), NewPhoto(data), NewVoice(data)):
            assert await fetch(bot, a_medium(sent_to(sim, file))) == data


async def test_a_file_that_is_known_to_be_too_large_is_not_asked_for() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        with pytest.raises(InvalidInput) as caught:
            await fetch(bot, a_medium("x", size=25 * 1024 * 1024))

        assert caught.value.sentence == (
            "“notes.txt” has 25 MB, and Telegram gives at most 20 MB to a bot. Send a smaller file, or a part."
        )
        assert sim.calls_of("getFile") == ()


async def test_a_file_that_telegram_says_is_too_large_is_told_without_its_size() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        file_id = sent_to(sim, NewDocument("notes.txt", b"x", size=MOST_BYTES + 1))

        with pytest.raises(InvalidInput) as caught:
            await fetch(bot, a_medium(file_id))

        assert caught.value.sentence == (
            "“notes.txt”: Telegram gives at most 20 MB to a bot. Send a smaller file, or a part."
        )


async def test_a_file_of_just_the_limit_is_fetched() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        file_id = sent_to(sim, NewDocument("notes.txt", b"x", size=MOST_BYTES))

        assert await fetch(bot, a_medium(file_id, size=MOST_BYTES)) == b"x"


async def test_a_file_that_is_gone_is_asked_for_again() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        with pytest.raises(InvalidInput, match=r"does not have “notes\.txt” any more: please send it again\."):
            await fetch(bot, a_medium("gone"))


@pytest.mark.parametrize(
    "fault",
    [Drop(), ServerError(), BadGateway(), Refuse(429, "Too Many Requests: retry after 3", 3), Refuse(403, "Forbidden")],
    ids=lambda fault: type(fault).__name__,
)
async def test_a_telegram_that_cannot_be_reached_is_told(fault: Fault) -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        file_id = sent_to(sim, NewDocument("notes.txt", b"x"))
        sim.faults.next("getFile", fault)

        with pytest.raises(MoaiError) as caught:
            await fetch(bot, a_medium(file_id))

        assert type(caught.value) is TelegramUnreachable
        assert caught.value.sentence == "“notes.txt” could not be fetched from Telegram: please try again."
        assert await fetch(bot, a_medium(file_id)) == b"x"
