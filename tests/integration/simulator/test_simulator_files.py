"""Documents and pictures up and down."""

from __future__ import annotations

import pytest
from simulator_http import Api
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, ReplyParameters
from telegram.error import BadRequest, NetworkError

from moai.simulator.chats import PrivateChat
from moai.simulator.faults import Drop, ServerError
from moai.simulator.files import NewPhoto
from moai.simulator.methods.files import MAX_DOWNLOAD_BYTES, MAX_PHOTO_BYTES, MAX_UPLOAD_BYTES
from moai.simulator.model import User
from moai.simulator.telegram import Simulator

JPEG = b"\xff\xd8\xff"
MARKDOWN = "text/markdown"


async def test_a_document_goes_up_and_down(bot: Bot, chat: PrivateChat) -> None:
    sent = await bot.send_document(chat.id, "häuser".encode(), filename="notes.md", caption="the /export")
    message = await chat.shows("the /export")
    assert message.document is not None
    assert (message.document.name, message.document.text) == ("notes.md", "häuser")
    assert [entity.type for entity in message.entities] == ["bot_command"]
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.file_size) == ("notes.md", 7)
    file = await bot.get_file(sent.document.file_id)
    assert file.file_path is not None
    assert file.file_path.endswith("/documents/file_1.md")
    assert bytes(await file.download_as_bytearray()).decode() == "häuser"


async def test_a_document_can_be_sent_again_by_its_id(bot: Bot, chat: PrivateChat) -> None:
    sent = await bot.send_document(chat.id, b"x", filename="x.txt")
    assert sent.document is not None
    again = await bot.send_document(chat.id, sent.document.file_id)
    assert again.document == sent.document


async def test_a_person_sends_a_document(bot: Bot, chat: PrivateChat) -> None:
    chat.sends_file("plan.md", b"# Plan", caption="/ask claude")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    assert update.message.caption_entities[0].type == "bot_command"
    file = await bot.get_file(update.message.document)
    assert bytes(await file.download_as_bytearray()) == b"# Plan"


async def test_captions_have_a_limit_of_their_own(bot: Bot, chat: PrivateChat) -> None:
    await bot.send_document(chat.id, b"x", filename="x", caption="x" * 1024)
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_document(chat.id, b"x", filename="x", caption="x" * 1025)


async def test_documents_that_are_refused(bot: Bot, api: Api, chat: PrivateChat) -> None:
    assert await api.refusal("sendDocument", chat_id=chat.id) == "Bad Request: there is no document in the request"
    wrong = await api.refusal("sendDocument", chat_id=chat.id, document="BQAC9")
    assert wrong == "Bad Request: wrong file identifier/HTTP URL specified"
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await bot.send_document(chat.id, b"", filename="x")


async def test_an_upload_above_50_mb_is_refused(api: Api, chat: PrivateChat) -> None:
    for size in (MAX_UPLOAD_BYTES + 1, 65 * 1024 * 1024):
        files = {"document": ("big", b"x" * size)}
        answer = await api.client.post(f"{api.base}/sendDocument", data={"chat_id": chat.id}, files=files)
        assert answer.status_code == 413
        assert answer.json()["description"] == "Request Entity Too Large"


async def test_files_that_cannot_be_had(sim: Simulator, api: Api, chat: PrivateChat) -> None:
    assert await api.refusal("getFile") == "Bad Request: file_id not specified"
    assert await api.refusal("getFile", file_id="BQAC9") == "Bad Request: invalid file_id"
    answer = await api.client.get(f"{sim.base_url}/file/bot{sim.token}/documents/none")
    assert (answer.status_code, answer.json()["description"]) == (404, "Not Found")


async def test_a_size_can_be_claimed(bot: Bot, api: Api, chat: PrivateChat) -> None:
    small = chat.sends_document("ok.bin", b"x", size=MAX_DOWNLOAD_BYTES)
    big = chat.sends_document("big.bin", b"x", size=MAX_DOWNLOAD_BYTES + 1)
    told = [update.message.document for update in await bot.get_updates() if update.message]
    assert [document and document.file_size for document in told] == [MAX_DOWNLOAD_BYTES, MAX_DOWNLOAD_BYTES + 1]
    assert small.document is not None
    assert big.document is not None
    assert await api("getFile", file_id=small.document.file_id)
    assert await api.refusal("getFile", file_id=big.document.file_id) == "Bad Request: file is too big"


async def test_a_claim_holds_for_the_whole_picture(api: Api, chat: PrivateChat) -> None:
    sent = chat.sends(NewPhoto(b"x", size=MAX_DOWNLOAD_BYTES * 2))
    assert [size.size > MAX_DOWNLOAD_BYTES for size in sent.photo] == [False, False, False, True]
    assert await api.refusal("getFile", file_id=sent.photo[-1].file_id) == "Bad Request: file is too big"


async def test_only_what_was_asked_for_can_be_downloaded(sim: Simulator, api: Api, chat: PrivateChat) -> None:
    sent = chat.sends_document("a.txt", b"a")
    assert sent.document is not None

    async def status(token: str) -> int:
        return (await api.client.get(f"{sim.base_url}/file/bot{token}/documents/file_1.txt")).status_code

    assert await status(sim.token) == 404
    assert (await api("getFile", file_id=sent.document.file_id))["file_path"] == "documents/file_1.txt"
    assert [await status(token) for token in (sim.token, "1:wrong", "nonsense")] == [200, 404, 404]


async def test_the_bot_sends_a_picture(sim: Simulator, bot: Bot, chat: PrivateChat) -> None:
    asked = chat.says("draw")
    sent = await bot.send_photo(
        chat.id, JPEG, caption="here, /stop", reply_parameters=ReplyParameters(asked.message_id)
    )
    shown = await chat.shows("here")
    assert shown.photo[-1].data == JPEG
    assert shown.reply_to_id == asked.message_id
    assert [entity.type for entity in sent.caption_entities] == ["bot_command"]
    again = await bot.send_photo(chat.id, sent.photo[0].file_id)
    assert again.photo == sent.photo
    forum = sim.group("Forum", sim.user("Bob"), forum=True)
    topic = forum.topic("Ideas")
    await bot.send_photo(forum.id, JPEG, message_thread_id=topic.topic_id)
    assert len(topic.bot_messages) == 1


async def test_pictures_that_are_refused(bot: Bot, api: Api, chat: PrivateChat) -> None:
    assert await api.refusal("sendPhoto", chat_id=chat.id) == "Bad Request: there is no photo in the request"
    for data, reason in (
        (b"", "File must be non-empty"),
        (b"text", "Image_process_failed"),
        (JPEG + b"x" * MAX_PHOTO_BYTES, "too big for a photo; the maximum size is 10485760 bytes"),
    ):
        with pytest.raises(BadRequest, match=reason):
            await bot.send_photo(chat.id, data)
    picture, document, voice = chat.sends_photo(JPEG), chat.sends_document("a.txt", b"a"), chat.sends_voice(b"OggS")
    for method, sent, reason in (
        ("sendDocument", picture, "can't use file of type Photo as Document"),
        ("sendPhoto", document, "can't use file of type Document as Photo"),
        ("sendPhoto", voice, "can't use file of type Voice as Photo"),
    ):
        assert sent.file is not None
        named = {"photo": sent.file.file_id, "document": sent.file.file_id}
        assert await api.refusal(method, chat_id=chat.id, **named) == f"Bad Request: {reason}"


async def test_a_document_can_have_all_that_a_message_has(sim: Simulator, bot: Bot, alice: User) -> None:
    forum = sim.group("Forum", alice, forum=True, privacy=False)
    topic = forum.topic("Ideas")
    asked = topic.says(alice, "/export")
    sent = await bot.send_document(
        forum.id,
        b"# Sky",
        filename="../sky: blue?.md",
        caption="The sky",
        caption_entities=[MessageEntity("bold", 4, 3)],
        reply_parameters=ReplyParameters(asked.message_id),
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Again", callback_data="x")]]),
        message_thread_id=topic.topic_id,
    )
    (shown,) = topic.bot_messages
    assert shown.document is not None
    assert (shown.document.name, shown.document.data, shown.document.mime_type) == ("sky  blue.md", b"# Sky", MARKDOWN)
    assert (shown.text, shown.marked(shown.entities[0]), shown.reply_to_id) == ("The sky", "sky", asked.message_id)
    topic.press(alice, shown, "Again")
    assert [update["callback_query"]["data"] for update in sim.unconfirmed if "callback_query" in update] == ["x"]
    await bot.edit_message_reply_markup(forum.id, sent.message_id)
    assert topic.bot_messages[0].buttons == ()
    with pytest.raises(BadRequest, match="no text in the message to edit"):
        await bot.edit_message_text("x", forum.id, sent.message_id)


async def test_an_upload_can_go_wrong_before_and_after_it_was_taken(
    sim: Simulator, bot: Bot, chat: PrivateChat
) -> None:
    for fault in (ServerError(), Drop(after=True)):
        sim.faults.next("sendDocument", fault)
        with pytest.raises(NetworkError):
            await bot.send_document(chat.id, b"x", filename="x.txt")
    assert len(chat.bot_messages) == 1
    assert [call.status for call in sim.calls_of("sendDocument")] == [0, 200]
