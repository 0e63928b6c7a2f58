"""What people send besides words: pictures, documents, voices, sounds and albums."""

from __future__ import annotations

from typing import Any

import pytest
from simulator_http import Api
from telegram import Bot, Message

from moai.simulator.chats import PrivateChat
from moai.simulator.files import NewAudio, NewDocument, NewFile, NewPhoto, NewVoice
from moai.simulator.model import User
from moai.simulator.telegram import Simulator

PICTURE = b"\xff\xd8\xff" + b"p" * 5000


async def messages(bot: Bot) -> list[Message]:
    return [update.message for update in await bot.get_updates() if update.message]


async def downloaded(bot: Bot, file_id: str) -> bytes:
    return bytes(await (await bot.get_file(file_id)).download_as_bytearray())


async def test_a_picture_comes_in_several_sizes(bot: Bot, chat: PrivateChat) -> None:
    asked = chat.says("look")
    sent = chat.sends_photo(PICTURE, "/open what is @claude_bot doing here?", reply_to=asked)
    _, got = await messages(bot)
    assert [(size.width, size.height) for size in got.photo] == [(90, 68), (320, 240), (800, 600), (1280, 960)]
    sizes = [size.file_size or 0 for size in got.photo]
    assert sizes == sorted(sizes)
    assert sizes[-1] == len(PICTURE)
    assert len({size.file_unique_id for size in got.photo}) == 4
    assert await downloaded(bot, got.photo[-1].file_id) == PICTURE
    assert await downloaded(bot, got.photo[0].file_id) != PICTURE
    assert (got.text, got.caption) == (None, sent.text)
    assert [entity.type for entity in got.caption_entities] == ["bot_command", "mention"]
    assert got.entities == ()
    assert got.reply_to_message is not None
    assert got.reply_to_message.message_id == asked.message_id
    assert sent.file is not None
    assert sent.file.data == PICTURE


async def test_a_small_picture_has_no_larger_size(bot: Bot, chat: PrivateChat) -> None:
    chat.sends(NewPhoto(PICTURE, width=200, height=400))
    (got,) = await messages(bot)
    assert [(size.width, size.height) for size in got.photo] == [(45, 90), (160, 320), (200, 400)]
    assert (await bot.get_file(got.photo[-1].file_id)).file_path == f"{bot.base_file_url}/photos/file_3.jpg"


async def test_a_document_of_a_chosen_type(bot: Bot, chat: PrivateChat) -> None:
    chat.sends_document("plan.pdf", b"%PDF-", "see page 2", mime_type="application/pdf")
    chat.sends_document("notes", b"x", mime_type="")
    typed, untyped = [message.document for message in await messages(bot)]
    assert typed is not None
    assert (typed.file_name, typed.mime_type, typed.file_size) == ("plan.pdf", "application/pdf", 5)
    assert untyped is not None
    assert (untyped.file_name, untyped.mime_type) == ("notes", None)


async def test_a_voice_message(bot: Bot, api: Api, chat: PrivateChat) -> None:
    chat.sends_voice(b"OggS")
    chat.sends(NewVoice(b"OggS", duration_s=7), "/ask claude")
    first, second = [update["message"] for update in await api("getUpdates")]
    assert (first["voice"]["duration"], first["voice"]["mime_type"]) == (1, "audio/ogg")
    assert "caption" not in first
    assert second["voice"]["duration"] == 7
    assert second["caption_entities"][0]["type"] == "bot_command"
    assert await downloaded(bot, first["voice"]["file_id"]) == b"OggS"


async def test_a_sound_file(bot: Bot, api: Api, chat: PrivateChat) -> None:
    chat.sends_audio("talk.mp3", b"ID3", "listen")
    chat.sends(NewAudio("song.mp3", b"ID3", title="Song", performer="Band", duration_s=180))
    plain, song = [update["message"]["audio"] for update in await api("getUpdates")]
    assert (plain["file_name"], plain["mime_type"]) == ("talk.mp3", "audio/mpeg")
    assert not {"title", "performer"} & plain.keys()
    assert (song["title"], song["performer"], song["duration"]) == ("Song", "Band", 180)
    assert (await bot.get_file(song["file_id"])).file_path == f"{bot.base_file_url}/music/file_2.mp3"


async def test_an_album_is_a_message_for_each_file(bot: Bot, chat: PrivateChat) -> None:
    album = chat.sends_album([PICTURE, NewPhoto(PICTURE), PICTURE], "/open which one?")
    other = chat.sends_album([NewDocument("a.txt", b"a"), NewDocument("b.txt", b"b")])
    got = await messages(bot)
    assert [message.message_id for message in got] == [each.message_id for each in (*album, *other)]
    groups = [message.media_group_id for message in got]
    assert len(set(groups)) == 2
    assert len(set(groups[:3])) == len(set(groups[3:])) == 1
    assert [message.caption for message in got] == ["/open which one?", None, None, None, None]
    assert [len(message.photo) for message in got] == [4, 4, 4, 0, 0]


@pytest.mark.parametrize(
    "files",
    [
        [PICTURE],
        [PICTURE] * 11,
        [PICTURE, NewDocument("a.txt", b"a")],
        [NewVoice(b"OggS"), NewVoice(b"OggS")],
    ],
)
async def test_what_the_apps_make_no_album_of(chat: PrivateChat, files: list[NewFile | bytes]) -> None:
    with pytest.raises(AssertionError, match="an album has 2 to 10 photos"):
        chat.sends_album(files)


async def test_a_caption_can_be_edited(bot: Bot, chat: PrivateChat) -> None:
    chat.edits(chat.sends_photo(PICTURE, "/open one"), "/open two")
    _, edited = await bot.get_updates()
    assert edited.edited_message is not None
    assert edited.edited_message.caption == "/open two"


async def test_privacy_mode_hides_files_without_a_command(sim: Simulator, api: Api, alice: User) -> None:
    group = sim.group("Team", alice)
    group.sends_photo(alice, PICTURE, "nobody hears this")
    group.sends_document(alice, "a.txt", b"a", "/open one")
    group.sends_album(alice, [PICTURE, PICTURE], "/open two")
    group.sends_voice(alice, b"OggS")
    group.sends_audio(alice, "a.mp3", b"ID3")
    group.sends(alice, NewPhoto(PICTURE), "/open three")
    updates: list[dict[str, Any]] = await api("getUpdates")
    assert [update["message"]["caption"] for update in updates] == ["/open one", "/open two", "/open three"]


async def test_a_picture_of_the_chat_names_its_files(chat: PrivateChat) -> None:
    chat.sends_photo(PICTURE, "look")
    chat.sends_document("plan.pdf", b"%PDF-")
    assert "<PhotoSize> look" in str(chat)
    assert "<plan.pdf>" in str(chat)
