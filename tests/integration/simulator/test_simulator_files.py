"""Documents up and down."""

from __future__ import annotations

import pytest
from simulator_http import Api
from telegram import Bot
from telegram.error import BadRequest

from moai.simulator.chats import PrivateChat
from moai.simulator.methods.files import MAX_DOWNLOAD_BYTES, MAX_UPLOAD_BYTES
from moai.simulator.telegram import Simulator


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
    big = chat.sends_file("big.bin", b"x" * (MAX_DOWNLOAD_BYTES + 1))
    assert big.document is not None
    assert await api.refusal("getFile", file_id=big.document.file_id) == "Bad Request: file is too big"
    answer = await api.client.get(f"{sim.base_url}/file/bot{sim.token}/documents/none")
    assert (answer.status_code, answer.json()["description"]) == (404, "Not Found")
