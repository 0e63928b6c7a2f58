"""Kinds of files: by name, by media type, and of pictures by their first bytes."""

from __future__ import annotations

import pytest

from moai.documents import MAX_IMAGE_BYTES, Kind, image_media_type, kind_of


@pytest.mark.parametrize(
    ("name", "media_type", "kind"),
    [
        ("photo.JPG", "", Kind.IMAGE),
        ("photo.jpeg", "application/octet-stream", Kind.IMAGE),
        ("a.png", "image/png", Kind.IMAGE),
        ("a.gif", "", Kind.IMAGE),
        ("a.webp", "", Kind.IMAGE),
        ("", "Image/PNG", Kind.IMAGE),
        ("file", "image/webp; q=1", Kind.IMAGE),
        ("drawing.svg", "image/svg+xml", Kind.TEXT),
        ("drawing", "image/svg+xml", Kind.TEXT),
        ("photo.heic", "image/heic", Kind.UNKNOWN),
        ("scan.tiff", "image/tiff", Kind.UNKNOWN),
        ("paper.pdf", "", Kind.PDF),
        ("paper", "application/pdf", Kind.PDF),
        ("paper.PDF", "application/octet-stream", Kind.PDF),
        ("notes.md", "application/octet-stream", Kind.TEXT),
        ("notes.txt", "", Kind.TEXT),
        ("app.log", "", Kind.TEXT),
        ("main.rs", "", Kind.TEXT),
        ("main.ts", "video/mp2t", Kind.TEXT),
        ("data.csv", "application/vnd.ms-excel", Kind.TEXT),
        ("pyproject.toml", "", Kind.TEXT),
        ("api.yaml", "", Kind.TEXT),
        ("data", "application/json", Kind.TEXT),
        ("data", "application/ld+json", Kind.TEXT),
        ("feed", "application/atom+xml; charset=utf-8", Kind.TEXT),
        ("README", "text/plain", Kind.TEXT),
        ("Makefile", "", Kind.UNKNOWN),
        ("letter.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Kind.UNKNOWN),
        ("all.zip", "application/zip", Kind.UNKNOWN),
        ("", "", Kind.UNKNOWN),
        (".", "/", Kind.UNKNOWN),
    ],
)
def test_the_kind_of_a_file(name: str, media_type: str, kind: Kind) -> None:
    assert kind_of(name, media_type) is kind


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"GIF87a\x01", "image/gif"),
        (b"GIF89a\x01", "image/gif"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", None),
        (b"\x00\x00\x00\x18ftypheic", None),
        (b"<svg></svg>", None),
        (b"\x89PNG", None),
        (b"", None),
    ],
)
def test_what_a_picture_is(data: bytes, media_type: str | None) -> None:
    assert image_media_type(data) == media_type


def test_the_largest_picture_fits_as_base64() -> None:
    most = 5 * 1024 * 1024

    assert -(-MAX_IMAGE_BYTES // 3) * 4 <= most < -(-(MAX_IMAGE_BYTES + 1) // 3) * 4
