"""The text of a PDF's pages, within bounds of time and memory; owns no layout and no pictures."""

from __future__ import annotations

import logging
import struct
import zlib
from collections.abc import Callable
from io import SEEK_SET, BytesIO
from time import monotonic

from pypdf import Configuration, PageObject, PasswordType, PdfReader, apply_configuration
from pypdf.errors import DependencyError, DeprecationError, LimitReachedError, PyPdfError

from moai.documents.text import Text, clip, tidy
from moai.errors import InvalidInput

MAX_PAGES = 2_000
MAX_STREAM_BYTES = 5_000_000
MAX_OBJECTS = 200_000
# A few kilobytes can ask for hours and gigabytes. No page that people read comes near these.
BOUNDS = Configuration(
    zlib_maximum_output_length=MAX_STREAM_BYTES,
    lzw_maximum_output_length=MAX_STREAM_BYTES,
    run_length_maximum_output_length=MAX_STREAM_BYTES,
    array_based_stream_maximum_output_length=MAX_STREAM_BYTES,
    zlib_maximum_recovery_input_length=MAX_STREAM_BYTES // 10,
    stream_decoding_work_maximum_length=4 * MAX_STREAM_BYTES,
    stream_parsing_work_maximum_count=MAX_OBJECTS,
    page_tree_maximum_entries=10 * MAX_PAGES,
    page_tree_maximum_page_entries=MAX_OBJECTS,
    xform_maximum_invocations_per_extraction=500,
    jbig2dec_binary=None,  # no program is ever called
)
# pypdf says of itself that broken files may cause exceptions other than its own (pypdf.errors).
BROKEN = (
    *(PyPdfError, DependencyError, DeprecationError, struct.error, zlib.error),
    *(ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, OSError, RuntimeError),
    *(TypeError, ValueError),
)

# It writes down pieces of the documents that it stumbles over.
logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)


class _TimeIsUp(BaseException):
    """Reading took too long; not an Exception, since pypdf goes on after most of those."""


class Watch:
    """Ends a reading that takes longer than `seconds`."""

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def check(self, *_: object) -> None:
        """Raise _TimeIsUp where it is; fits wherever pypdf takes a visitor."""
        if self._clock() >= self._end:
            raise _TimeIsUp


class _WatchedFile(BytesIO):
    """Bytes that end a reading in time, also while pypdf looks for lost objects and asks no visitor."""

    def __init__(self, data: bytes, watch: Watch) -> None:
        super().__init__(data)
        self._watch = watch

    def read(self, size: int | None = -1, /) -> bytes:
        self._watch.check()
        return super().read(size)

    def seek(self, offset: int, whence: int = SEEK_SET, /) -> int:
        self._watch.check()
        return super().seek(offset, whence)

    def getbuffer(self) -> memoryview:
        self._watch.check()
        return super().getbuffer()


def read_pages(name: str, data: bytes, limit_chars: int, watch: Watch) -> Text:
    """Return at most `limit_chars` characters, up to MAX_PAGES and until `watch` ends it; raise InvalidInput."""
    try:
        with apply_configuration(BOUNDS):
            reader = PdfReader(
                _WatchedFile(data, watch), root_object_recovery_limit=100, xref_stream_maximum_entries=MAX_OBJECTS
            )
            if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
                raise _encrypted(name)
            return _Pages(name, limit_chars).read(reader, watch)
    except (LimitReachedError, _TimeIsUp) as error:
        raise InvalidInput(f"{name} is too intricate to be read here: send the pages that matter, or text.") from error
    except (DependencyError, NotImplementedError) as error:
        raise _encrypted(name) from error
    except BROKEN as error:
        raise InvalidInput(f"{name} is damaged, or no PDF: save it anew and send it again.") from error


def _encrypted(name: str) -> InvalidInput:
    return InvalidInput(f"{name} is encrypted: save it without a password and send it again.")


class _Pages:
    """The text of a file's pages so far."""

    def __init__(self, name: str, limit_chars: int) -> None:
        self._name = name
        self._limit_chars = limit_chars
        self._texts: list[str] = []
        self._chars = 0
        self._unread = 0

    def read(self, reader: PdfReader, watch: Watch) -> Text:
        """Return the text of the pages up to one of the limits; raise InvalidInput where there is none."""
        uncounted = False
        try:
            for number, page in enumerate(reader.pages, start=1):
                if number > MAX_PAGES or self._chars > self._limit_chars:
                    uncounted = True
                    break
                self._add(number, page, watch)
        except _TimeIsUp:
            if not self._texts:
                raise
            uncounted = True
        if len(self._texts) > self._unread:
            return clip("\n\n".join(self._texts), self._limit_chars, uncounted=uncounted)
        if self._unread:
            raise PyPdfError
        raise InvalidInput(
            f"{self._name} has no text in it, as if its pages were scanned: send them as PNG or JPEG, or run text "
            "recognition over them first."
        )

    def _add(self, number: int, page: PageObject, watch: Watch) -> None:
        watch.check()
        try:
            text = tidy(page.extract_text(visitor_operand_before=watch.check)).strip()
        except DependencyError:
            raise
        except BROKEN:
            self._unread += 1
            text = f"[Page {number} cannot be read.]"
        if text:
            self._texts.append(text)
            self._chars += len(text) + 2
