"""What all wire formats share: whom to ask, what one event says, and reading JSON that nobody vouches for."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple, Protocol

from moai.core.model import Usage
from moai.core.prompts import Image, Prompt, Role, Turn
from moai.core.records import ListedModel

Json = Mapping[str, Any]

_LARGEST_BILL_USD = 1e6
# Asked directly: around this, `json.loads` takes half as long again for what an event is.
_JSON = json.JSONDecoder()
_JSON_SPACES = " \t\n\r"


@dataclass(frozen=True, slots=True)
class Target:
    """One model at one vendor's address; `max_output_tokens` is for the formats that require a limit.

    `setting` is the environment variable that names the model.
    """

    provider: str
    model: str
    base_url: str
    api_key: str = field(default="", repr=False)
    max_output_tokens: int = 8192
    setting: str = "MOAI_MODELS"


class End(StrEnum):
    """Why an answer is over."""

    COMPLETE = "complete"
    LENGTH = "length"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Fault:
    """What a vendor said of an error: the status, its machine words in lower case, its message for people.

    `status` is the HTTP status, or the one written in the body of a 200; `explained` is False where the body
    was not in a vendor's format, as from a proxy or a wrong address.
    """

    status: int | None = None
    words: frozenset[str] = frozenset()
    message: str = ""
    retry_after_s: float | None = None
    explained: bool = True


UNCOUNTED = Usage()
"""What an event that counts nothing says of its usage: this very object."""


class Piece(NamedTuple):
    """What one event of a stream says; thoughts are left out, `note` is the vendor's reason for a refusal.

    A tuple, since one is made and compared for every few words of every answer.
    """

    text: str = ""
    model: str = ""
    usage: Usage = UNCOUNTED
    end: End | None = None
    note: str = ""
    fault: Fault | None = None


NOTHING = Piece()


@dataclass(frozen=True, slots=True)
class ModelPage:
    """A page of a vendor's list of models; `next` is what asks for the page after it, empty on the last one."""

    models: tuple[ListedModel, ...] = ()
    next: str = ""


class Wire(Protocol):
    """A wire format: pure functions from a prompt to a request, and from an event to what it says.

    `INLINE_THOUGHTS` tells whether an answer may open with a thought between tags, such as `<think>…</think>`.
    """

    INLINE_THOUGHTS: bool

    def url(self, target: Target) -> str:
        """Return where to post."""
        ...

    def headers(self, target: Target) -> dict[str, str]:
        """Return the headers that carry the key and the version."""
        ...

    def payload(self, target: Target, prompt: Prompt) -> dict[str, Any]:
        """Return the body of a request for a streamed answer."""
        ...

    def amended(self, payload: Json, complaint: str) -> dict[str, Any] | None:
        """Return the body that answers the vendor's complaint about this one, or None where none does.

        A schema of the answer goes where the complaint names nothing else: it is a help that the prompt's words do
        without, and vendors that cannot follow one say so in too many words to know them.
        """
        ...

    def parse(self, event: Json) -> Piece:
        """Return what an event of the stream, or a whole answer, says; never raises."""
        ...

    def models_url(self, target: Target, after: str) -> str:
        """Return where to get the list of models: the first page, or the one that `after` asks for."""
        ...

    def listed(self, body: Json) -> ModelPage:
        """Return what a page of the list says; raise NotTheFormatError."""
        ...


class NotTheFormatError(ValueError):
    """The bytes are not what the format says."""


def objects(data: str) -> Iterator[Json]:
    """Yield the JSON object in the text, or those of a list; raise NotTheFormatError."""
    text = data.strip(_JSON_SPACES)
    try:
        found, end = _JSON.raw_decode(text)
    except (ValueError, RecursionError) as error:
        raise NotTheFormatError(f"not JSON: {data[:80]!r}") from error
    if end != len(text):
        raise NotTheFormatError(f"more than JSON: {data[:80]!r}")
    for item in found if isinstance(found, list) else [found]:
        if not isinstance(item, dict):
            raise NotTheFormatError(f"not a JSON object: {data[:80]!r}")
        yield item


def mapping(value: Any) -> Json:
    """Return the value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> Sequence[Any]:
    """Return the value if it is a JSON list, else an empty one."""
    return value if isinstance(value, list) else ()


def string(value: Any) -> str:
    """Return the value if it is a string, else an empty one."""
    return value if isinstance(value, str) else ""


def count(value: Any) -> int | None:
    """Return the value if it is a whole number, else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def dollars(value: Any) -> float | None:
    """Return the value if it is a sum that an answer can cost, in US dollars, else None."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value < _LARGEST_BILL_USD else None


def total(*values: Any) -> int | None:
    """Return the sum of the whole numbers among the values, or None where there is none."""
    numbers = [value for value in values if count(value) is not None]
    return sum(numbers) if numbers else None


def entries(body: Json, name: str) -> list[Json]:
    """Return the objects of a list in the body; raise NotTheFormatError where there is no such list.

    Servers written in Go send null for an empty list, Google's leave it out.
    """
    found = body.get(name) or []
    if not isinstance(found, list) or (body and name not in body):
        raise NotTheFormatError(f"no list of {name}")
    return [mapping(item) for item in found]


def without(payload: Json, name: str) -> dict[str, Any] | None:
    """Return the payload without the field of that name, or None where it has none."""
    return {key: value for key, value in payload.items() if key != name} if name in payload else None


def base64_of(image: Image) -> str:
    """Return the picture's bytes in base64."""
    return b64encode(image.data).decode()


def messages(turns: Sequence[Turn]) -> list[tuple[Role, tuple[Turn, ...]]]:
    """Put neighbouring turns of one role together and drop empty ones, for vendors that want roles to take turns."""
    said = [turn for turn in turns if turn.text.strip() or turn.images]
    return [(role, tuple(group)) for role, group in groupby(said, key=lambda turn: turn.role)]
