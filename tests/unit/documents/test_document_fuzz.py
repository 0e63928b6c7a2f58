"""Whatever bytes a PDF has, reading it gives text or a sentence."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from moai.documents import read_pdf
from moai.errors import InvalidInput

MakePdf = Callable[..., bytes]
OPERATORS = (
    b"BT ET Tf Td TD Tm T* Tj TJ ' \" Do q Q cm BI ID EI gs Tc Tw TL Tz Tr Ts re f [ ] << >> ( ) < > / { }".split()
)
WORDS = (*OPERATORS, b"/F1", b"/X", b"(text)", b"<0041", b"12", b"-1e9", b"0 0 R", b"null", b"\x00", b"\xfe\xff")
ENTRIES = (
    *(b"/Kids", b"/Count", b"/Pages", b"/Root", b"/Type", b"/Font", b"/Length", b"/Filter", b"/FlateDecode"),
    *(b"/Contents", b"/Resources", b"/MediaBox", b"/Parent", b"/Encrypt", b"/Prev 0", b"/XRefStm 9", b"/Size"),
    *(b"0 R", b"obj", b"endobj", b"stream", b"endstream", b"xref", b"trailer", b"startxref", b"%%EOF", b"[", b"]"),
    *(b"<<", b">>", b"(", b")", b"-1", b"99999999999999999999", b"\xff", b"null", b"true"),
)


def is_text_or_a_sentence(data: bytes) -> None:
    text = ""
    with suppress(InvalidInput):
        text = read_pdf("a.pdf", data, 1_000).text
        assert text.strip()

    assert len(text) <= 1_000
    assert len(text.encode()) >= len(text)


@given(st.binary(max_size=500), st.binary(max_size=100))
def test_any_bytes(head: bytes, tail: bytes) -> None:
    is_text_or_a_sentence(head)
    is_text_or_a_sentence(b"%PDF-1.4\n" + head + b"startxref\n" + tail + b"\n%%EOF")


@given(content=st.lists(st.sampled_from(WORDS) | st.binary(max_size=8), max_size=40).map(b" ".join))
def test_any_drawing(draw_pdf: MakePdf, content: bytes) -> None:
    is_text_or_a_sentence(draw_pdf(b"BT /F1 9 Tf (before) Tj ET", content))


@given(
    place=st.floats(0, 1),
    length=st.integers(0, 20),
    junk=st.lists(st.sampled_from(ENTRIES) | st.binary(max_size=4), max_size=4).map(b" ".join),
    locked=st.booleans(),
)
def test_any_damage(make_pdf: MakePdf, lock_pdf: MakePdf, place: float, length: int, junk: bytes, locked: bool) -> None:
    whole = make_pdf("one", "two")
    data = lock_pdf(whole, "") if locked else whole
    start = int(place * len(data))

    is_text_or_a_sentence(data[:start] + junk + data[start + length :])
