"""PDFs: what is read of them, where reading stops, and a sentence for each that cannot be read."""

from __future__ import annotations

import logging
from collections.abc import Callable
from itertools import count

import pytest

from moai.documents import Text, read_pdf
from moai.documents.pages import Watch, read_pages
from moai.errors import InvalidInput

MakePdf = Callable[..., bytes]
LIMIT = 10_000
PIXEL = b"<</Length 1/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8>>stream\n0"
DAMAGED = "a.pdf is damaged, or no PDF: save it anew and send it again."
ENCRYPTED = "a.pdf is encrypted: save it without a password and send it again."
INTRICATE = "a.pdf is too intricate to be read here: send the pages that matter, or text."
NO_TEXT = (
    "a.pdf has no text in it, as if its pages were scanned: send them as PNG or JPEG, or run text recognition "
    "over them first."
)


def sentence_of(data: bytes) -> str:
    with pytest.raises(InvalidInput) as caught:
        read_pdf("a.pdf", data, LIMIT)
    return caught.value.sentence


def looks_at_the_clock(times: int) -> Watch:
    """Return a watch whose time is up once it was looked at so often."""
    ticks = count()
    return Watch(times, clock=lambda: next(ticks))


# --- what is read ---


def test_the_text_of_all_pages(make_pdf: MakePdf) -> None:
    assert read_pdf("a.pdf", make_pdf("First page.", "", "Café – third."), LIMIT) == Text(
        "First page.\n\nCafé – third."
    )


def test_text_that_is_drawn_by_a_form(build_pdf: MakePdf) -> None:
    form = b"BT /F1 9 Tf (inside) Tj ET"
    data = build_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
        b"<</Length 5>>stream\n/X Do\nendstream",
        b"<</Type/XObject/Subtype/Form/Resources<</Font<</F1 6 0 R>>>>/Length %d>>stream\n%s\nendstream"
        % (len(form), form),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )

    assert read_pdf("a.pdf", data, LIMIT).text == "inside"


def test_bytes_before_the_head_and_after_the_end_do_no_harm(make_pdf: MakePdf) -> None:
    assert read_pdf("a.pdf", b"\r\n\r\n" + make_pdf("Here.") + b"\n\n\x00\x00", LIMIT).text == "Here."


def test_a_lost_table_of_objects_is_found_again(make_pdf: MakePdf) -> None:
    data = make_pdf("Still here.")
    cut = data[: data.index(b"xref\n0")] + data[data.index(b"trailer") :]

    assert read_pdf("a.pdf", cut, LIMIT).text == "Still here."


def test_a_file_that_is_locked_against_changes_only(make_pdf: MakePdf, lock_pdf: MakePdf) -> None:
    assert read_pdf("a.pdf", lock_pdf(make_pdf("Readable."), ""), LIMIT).text == "Readable."


def test_a_font_that_names_half_characters(build_pdf: MakePdf) -> None:
    names = b"1 begincodespacerange <00> <FF> endcodespacerange 2 beginbfchar <41> <D83D> <42> <0000> endbfchar"
    data = build_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length 26>>stream\nBT /F1 9 Tf (xABy) Tj ET  \nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(names), names),
    )

    text = read_pdf("a.pdf", data, LIMIT).text

    assert text.encode()
    assert (text[0], text[-1]) == ("x", "y")
    assert "\x00" not in text


# --- where reading stops ---


def test_a_long_document_is_clipped(make_pdf: MakePdf) -> None:
    assert read_pdf("a.pdf", make_pdf("abcdef", "ghijkl"), 10) == Text("abcdef\n\ngh", 14)


def test_what_comes_after_the_limit_is_not_read(make_pdf: MakePdf) -> None:
    assert read_pdf("a.pdf", make_pdf(*["abcdef"] * 50), 10) == Text("abcdef\n\nab", 14, uncounted=True)


def test_a_document_of_too_many_pages(make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moai.documents.pages.MAX_PAGES", 3)

    assert read_pdf("a.pdf", make_pdf("first", "", "last"), LIMIT) == Text("first\n\nlast")
    assert read_pdf("a.pdf", make_pdf("first", "", "last", "beyond"), LIMIT) == Text(
        "first\n\nlast", 11, uncounted=True
    )


def test_time_that_is_up_leaves_what_was_read(make_pdf: MakePdf) -> None:
    data = make_pdf("one", "two", "three")
    looks = count()
    assert read_pages("a.pdf", data, LIMIT, Watch(1, clock=lambda: next(looks) * 0.0)).text == "one\n\ntwo\n\nthree"

    text = read_pages("a.pdf", data, LIMIT, looks_at_the_clock(next(looks) - 3))

    assert text == Text("one\n\ntwo", 8, uncounted=True)


@pytest.mark.parametrize("times", [0, 1, 20, 100])
def test_time_that_is_up_before_anything_was_read(times: int, make_pdf: MakePdf) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_pages("a.pdf", make_pdf(*["page"] * 100), LIMIT, looks_at_the_clock(times))

    assert caught.value.sentence == INTRICATE


def test_time_is_up_also_where_pypdf_goes_on_after_errors(build_pdf: MakePdf) -> None:
    lost = b" ".join(b"%d 0 R" % number for number in range(1_000, 3_000))
    data = build_pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[%s]>>" % lost)

    with pytest.raises(InvalidInput) as caught:
        read_pages("a.pdf", data, LIMIT, looks_at_the_clock(1_000))

    assert caught.value.sentence == INTRICATE


# --- pages that cannot be read ---


BOMB = b"0 " * 3_000_000  # a few kilobytes when compressed


def test_a_page_that_cannot_be_read_is_named(draw_pdf: MakePdf) -> None:
    data = draw_pdf(b"BT /F1 9 Tf (one) Tj ET", BOMB, b"BT /F1 9 Tf (three) Tj ET")

    assert len(data) < 20_000
    assert read_pdf("a.pdf", data, LIMIT).text == "one\n\n[Page 2 cannot be read.]\n\nthree"


def test_no_page_that_can_be_read(draw_pdf: MakePdf) -> None:
    page = draw_pdf(b"BT /F1 9 Tf (never) Tj ET")

    assert sentence_of(draw_pdf(BOMB)) == DAMAGED
    assert sentence_of(page.replace(b"/FlateDecode", b"/Fl")) == DAMAGED
    assert sentence_of(page.replace(b"/FlateDecode", b"/NoSuchOne")) == DAMAGED


def test_pages_without_text(build_pdf: MakePdf, make_pdf: MakePdf) -> None:
    scanned = build_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
        b"<</Length 5>>stream\n/X Do\nendstream",
        PIXEL + b"\nendstream",
    )

    assert sentence_of(scanned) == NO_TEXT
    assert sentence_of(make_pdf("", "")) == NO_TEXT
    assert sentence_of(make_pdf()) == NO_TEXT


# --- files that cannot be read ---


def test_a_password(make_pdf: MakePdf, lock_pdf: MakePdf) -> None:
    assert sentence_of(lock_pdf(make_pdf("Secret."), "geheim")) == ENCRYPTED


def test_an_encryption_that_is_not_known_here(make_pdf: MakePdf) -> None:
    entries = b"/O(%s)/U(%s)/OE(%s)/UE(%s)/Perms(%s)" % (b"o" * 48, b"u" * 48, b"o" * 32, b"u" * 32, b"p" * 16)
    cipher = b"/CF<</StdCF<</CFM/AESV3/Length 32>>>>/StmF/StdCF/StrF/StdCF"
    locked = b"trailer\n<</Encrypt<</Filter/Standard/V 5/R 6/Length 256/P -4%s%s>>" % (cipher, entries)

    assert sentence_of(make_pdf("Secret.").replace(b"trailer\n<<", locked)) == ENCRYPTED


def test_an_encryption_by_certificate(make_pdf: MakePdf) -> None:
    locked = b"trailer\n<</Encrypt<</Filter/Adobe.PubSec/V 4/R 4>>"

    assert sentence_of(make_pdf("Secret.").replace(b"trailer\n<<", locked)) == ENCRYPTED


def test_an_encryption_of_the_pages_that_is_not_known_here(make_pdf: MakePdf, lock_pdf: MakePdf) -> None:
    cipher = b"/V 4\n/R 4\n/CF<</StdCF<</CFM/AESV2/Length 16>>>>/StmF/StdCF/StrF/StdCF"
    locked = lock_pdf(make_pdf("Secret."), "")

    assert b"/V 2\n/R 3\n" in locked
    assert sentence_of(locked.replace(b"/V 2\n/R 3\n", cipher)) == ENCRYPTED


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"not a PDF at all",
        bytes(10_000),
        b"%PDF-1.7\n" + b"1 0 obj\n" * 1_000 + b"startxref\n0\n%%EOF",
    ],
)
def test_a_damaged_file(data: bytes) -> None:
    assert sentence_of(data) == DAMAGED


def test_a_file_that_breaks_off(make_pdf: MakePdf) -> None:
    assert sentence_of(make_pdf("Cut.")[:150]) == DAMAGED


def test_a_tree_of_pages_that_bites_its_tail(build_pdf: MakePdf) -> None:
    data = build_pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[2 0 R]>>")

    assert sentence_of(data) == DAMAGED


def test_a_tree_of_pages_that_is_too_deep(build_pdf: MakePdf) -> None:
    nodes = [b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % number for number in range(3, 203)]

    assert sentence_of(build_pdf(b"<</Type/Catalog/Pages 2 0 R>>", *nodes)) == INTRICATE


def test_nothing_of_a_document_is_logged(make_pdf: MakePdf, caplog: pytest.LogCaptureFixture) -> None:
    data = make_pdf("Private.").replace(b"/Kids[4 0 R", b"/Kids[(Pin) 4 0 R")
    with caplog.at_level(logging.DEBUG):
        assert read_pdf("a.pdf", data, LIMIT).text == "Private."

    assert caplog.records == []
