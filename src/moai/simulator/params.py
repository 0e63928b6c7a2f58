"""The parameters of a call, read from wherever Telegram takes them and given their types; checks no meaning.

https://core.telegram.org/bots/api#making-requests
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from moai.simulator.refusal import ApiError, bad_request

_INTEGERS = frozenset(
    [
        "chat_id",
        "message_id",
        "message_thread_id",
        "draft_id",
        "offset",
        "limit",
        "timeout",
        "user_id",
        "reply_to_message_id",
    ]
)
_FLAGS = frozenset(
    [
        "allow_sending_without_reply",
        "drop_pending_updates",
        "show_alert",
        "disable_notification",
        "can_stop",
        "keep_on_stop",
        "is_big",
    ]
)
_NESTED = frozenset(
    [
        "entities",
        "caption_entities",
        "reply_markup",
        "reply_parameters",
        "commands",
        "scope",
        "allowed_updates",
        "reaction",
        "link_preview_options",
    ]
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart request."""

    name: str
    mime_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Params:
    """The parameters of one call."""

    values: Mapping[str, Any]
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def get(self, name: str) -> Any:
        """Return a parameter as it came, or None."""
        return self.values.get(name)

    def text(self, name: str) -> str:
        """Return a text, "" where there is none."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """Return a number, or the default where there is none; Telegram takes what is no number for none."""
        value = self.values.get(name)
        return value if isinstance(value, int) else default

    def flag(self, name: str) -> bool:
        """Tell whether a switch is on."""
        return self.values.get(name) is True


async def read_params(request: web.Request) -> Params:
    """Read a request; raise ApiError where its strings are no UTF-8 or its JSON is none."""
    values: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    try:
        await _read_body(request, values, uploads)
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None
    return Params({name: _typed(name, value) for name, value in values.items()}, uploads)


async def _read_body(request: web.Request, values: dict[str, Any], uploads: dict[str, Upload]) -> None:
    kind = request.content_type
    if kind == "application/x-www-form-urlencoded":
        body = (await request.read()).decode()
        values.update(parse_qsl(body, keep_blank_values=True, errors="strict"))
    elif kind == "multipart/form-data":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                uploads[name] = Upload(value.filename, value.content_type, value.file.read())
            else:
                values[name] = value if isinstance(value, str) else bytes(value).decode()
    elif kind == "application/json" and (body := (await request.read()).decode()):
        values.update(_json_object(body))


def _json_object(body: str) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise bad_request("can't parse JSON object")
    return value


def _typed(name: str, value: Any) -> Any:
    """Return the value in its type where it has that form, else as it came: the methods know what to say."""
    if not isinstance(value, str):
        return value
    try:
        if name in _INTEGERS:
            return int(value)
        if name in _NESTED:
            return json.loads(value)
    except ValueError:
        return value
    return value.lower() in {"true", "yes", "1"} if name in _FLAGS else value
