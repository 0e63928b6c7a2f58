"""The Bot API's methods that send documents and hand out where to download them; serves no bytes itself."""

from __future__ import annotations

from typing import Any

from moai.simulator.entities import require_length
from moai.simulator.markup import read_markup
from moai.simulator.methods.common import Method, formatted_of, spot_of
from moai.simulator.model import Document, Message
from moai.simulator.params import Params, Upload
from moai.simulator.refusal import ApiError, bad_request
from moai.simulator.wire import file_json, message_json
from moai.simulator.world import World, file_path

MAX_CAPTION = 1024
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024


async def send_document(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#senddocument: a new file, or the id of one sent before."""
    caption = formatted_of(world, params, "caption", "caption_entities")
    require_length(caption, MAX_CAPTION, "message caption is too long")
    markup = read_markup(params.get("reply_markup"))
    spot = spot_of(world, params)
    message = world.post(
        spot.chat,
        Message(
            spot.chat.id,
            world.bot,
            text=caption.text,
            entities=caption.entities,
            topic_id=spot.topic_id,
            reply_to_id=spot.reply_to_id,
            reply_markup=markup,
            document=_document(world, params),
        ),
    )
    return message_json(spot.chat, message)


async def get_file(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#getfile; files above 20 MB cannot be had."""
    file_id = params.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    document = world.find_file(file_id)
    if document is None:
        raise bad_request("invalid file_id")
    if len(document.data) > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**file_json(document), "file_path": file_path(document)}


def _document(world: World, params: Params) -> Document:
    named = params.text("document")
    upload = params.uploads.get(named.removeprefix("attach://") if named else "document")
    if upload is not None:
        return _uploaded(world, upload)
    if not named:
        raise bad_request("there is no document in the request")
    document = world.find_file(named)
    if document is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return document


def _uploaded(world: World, upload: Upload) -> Document:
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > MAX_UPLOAD_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    return world.add_file(upload.name, upload.mime_type, upload.data)


FILE_METHODS: dict[str, Method] = {
    "sendDocument": send_document,
    "getFile": get_file,
}
