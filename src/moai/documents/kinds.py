"""What kind of file it is, by its name, its media type or its first bytes; owns no reading of it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePosixPath

# Anthropic refuses a picture whose base64 is over 5 MiB, the least that any vendor allows (OpenAI and Gemini count
# whole requests, of 20 MB and more); base64 makes four bytes of three.
# https://platform.claude.com/docs/en/build-with-claude/vision
MAX_IMAGE_BYTES = 5 * 1024 * 1024 * 3 // 4


class Kind(StrEnum):
    """How a file is to be read; UNKNOWN may still be text, which read_text tells from its bytes."""

    IMAGE = "image"
    TEXT = "text"
    PDF = "pdf"
    UNKNOWN = "unknown"


IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp"})
IMAGE_ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp"})
TEXT_TYPES = frozenset(
    f"application/{name}"
    for name in (
        *("json", "jsonl", "x-ndjson", "xml", "yaml", "x-yaml", "toml", "csv", "sql", "graphql", "x-tex", "x-sh"),
        *("javascript", "x-javascript", "typescript", "x-typescript", "x-python", "x-php", "x-httpd-php", "x-perl"),
        *("x-ruby", "x-shellscript", "x-subrip", "x-ipynb+json"),
    )
)
TEXT_ENDINGS = frozenset(
    f".{ending}"
    for ending in (
        *("txt", "text", "md", "markdown", "rst", "adoc", "org", "tex", "bib", "log", "srt", "vtt", "eml", "ics"),
        *("json", "jsonl", "ndjson", "json5", "geojson", "ipynb", "xml", "xsd", "xsl", "svg", "html", "htm", "xhtml"),
        *("yaml", "yml", "toml", "ini", "cfg", "conf", "env", "properties", "csv", "tsv", "diff", "patch", "lock"),
        *("py", "pyi", "js", "mjs", "cjs", "jsx", "ts", "tsx", "vue", "svelte", "css", "scss", "less", "java", "kt"),
        *("kts", "scala", "groovy", "gradle", "clj", "c", "h", "cc", "cpp", "cxx", "hpp", "hh", "cs", "fs", "vb"),
        *("m", "mm", "go", "rs", "swift", "rb", "php", "pl", "pm", "lua", "r", "jl", "dart", "zig", "nim", "hs"),
        *("ml", "mli", "ex", "exs", "erl", "elm", "lisp", "el", "scm", "f90", "pas", "asm", "s", "v", "sv", "vhd"),
        *("sh", "bash", "zsh", "fish", "ps1", "bat", "cmd", "sql", "graphql", "proto", "tf", "hcl", "nix", "cmake"),
        *("mk", "dockerfile", "sol", "j2", "jinja", "tmpl"),
    )
)


def kind_of(name: str, media_type: str) -> Kind:
    """Return how a file is to be read, by its ending where that is known, else by its media type.

    The ending comes first because what apps call a media type is often a guess: `.ts` is a video to many.
    """
    ending = PurePosixPath(name.lower()).suffix
    return _by_ending(ending) or _by_type(media_type.partition(";")[0].strip().lower())


def _by_ending(ending: str) -> Kind | None:
    if ending in IMAGE_ENDINGS:
        return Kind.IMAGE
    if ending in TEXT_ENDINGS:
        return Kind.TEXT
    return Kind.PDF if ending == ".pdf" else None


def _by_type(media_type: str) -> Kind:
    if media_type in IMAGE_TYPES:
        return Kind.IMAGE
    if media_type in {"application/pdf", "application/x-pdf"}:
        return Kind.PDF
    if media_type.startswith("text/") or media_type in TEXT_TYPES or media_type.endswith(("+json", "+xml", "+yaml")):
        return Kind.TEXT
    return Kind.UNKNOWN


def image_media_type(data: bytes) -> str | None:
    """Return what a picture is by its first bytes, since names lie; None where no vendor would take it."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return None
