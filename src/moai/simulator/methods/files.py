"""The Bot API's methods that send files and hand out where to download them; serves no bytes itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from moai.simulator.entities import require_length
from moai.simulator.file_names import clean_name
from moai.simulator.files import NewDocument, NewPhoto
from moai.simulator.markup import read_markup
from moai.simulator.methods.common import Method, formatted_of, spot_of
from moai.simulator.model import Document, File, Message, PhotoSize
from moai.simulator.params import Params, Upload
from moai.simulator.refusal import ApiError, bad_request
from moai.simulator.wire import message_json
from moai.simulator.wire_files import file_json
from moai.simulator.world import World

MAX_CAPTION = 1024
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"GIF8", b"BM")

F = TypeVar("F", bound=File)


async def send_document(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#senddocument: a new file, or the id of one sent before."""
    return _sent(world, params, "document")


async def send_photo(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#sendphoto: a new picture, or the id of one sent before."""
    return _sent(world, params, "photo")


async def get_file(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#getfile; files above 20 MB cannot be had."""
    file_id = params.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    file = world.files.find(file_id)
    if file is None:
        raise bad_request("invalid file_id")
    if file.size > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**file_json(file), "file_path": world.files.serve(file)}


def _sent(world: World, params: Params, kind: str) -> Any:
    caption = formatted_of(world, params, "caption", "caption_entities")
    require_length(caption, MAX_CAPTION, "message caption is too long")
    markup = read_markup(params.get("reply_markup"))
    spot = spot_of(world, params)
    held = _document(world, params) if kind == "document" else _photo(world, params)
    written = Message(
        spot.chat.id,
        world.bot,
        text=caption.text,
        entities=caption.entities,
        topic_id=spot.topic_id,
        reply_to_id=spot.reply_to_id,
        reply_markup=markup,
        **held,
    )
    return message_json(spot.chat, world.post(spot.chat, written))


def _document(world: World, params: Params) -> Mapping[str, Any]:
    upload = _upload(params, "document")
    if upload is None:
        return {"document": _known(world, params.text("document"), Document, "Document")}
    return world.files.keep(NewDocument(clean_name(upload.name), upload.data, upload.mime_type))


def _photo(world: World, params: Params) -> Mapping[str, Any]:
    upload = _upload(params, "photo")
    if upload is None:
        return {"photo": world.files.sizes_of(_known(world, params.text("photo"), PhotoSize, "Photo"))}
    size = len(upload.data)
    if size > MAX_PHOTO_BYTES:
        limit = f"the maximum size is {MAX_PHOTO_BYTES} bytes"
        raise bad_request(f"file of size {size} bytes is too big for a photo; {limit}")
    if not upload.data.startswith(_PICTURES):
        raise bad_request("IMAGE_PROCESS_FAILED")
    return world.files.keep(NewPhoto(upload.data))


def _upload(params: Params, name: str) -> Upload | None:
    """Return the file that comes with the call, None where the call names one that Telegram has."""
    named = params.text(name)
    upload = params.uploads.get(named.removeprefix("attach://") if named else name)
    if upload is None:
        if not named:
            raise bad_request(f"there is no {name} in the request")
        return None
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > MAX_UPLOAD_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    return upload


def _known(world: World, file_id: str, wanted: type[F], name: str) -> F:
    file = world.files.find(file_id)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if not isinstance(file, wanted):
        given = "Photo" if isinstance(file, PhotoSize) else type(file).__name__
        raise bad_request(f"can't use file of type {given} as {name}")
    return file


FILE_METHODS: dict[str, Method] = {
    "sendDocument": send_document,
    "sendPhoto": send_photo,
    "getFile": get_file,
}
