"""Discussions as documents: the registry of formats, and the writing of one; owns no file and no transaction."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from moai.export.names import file_name
from moai.export.plan import Format, Head, Writer
from moai.export.writing import write


# Each format is loaded when a document is asked for: with the reader of Markdown they are 70 modules, 1.3 MB and 40 ms
# that no start needs to spend.
def _markdown(head: Head) -> Writer:
    from moai.export.markdown import MarkdownWriter  # noqa: PLC0415 - see above

    return MarkdownWriter(head)


def _html(head: Head) -> Writer:
    from moai.export.html import HtmlWriter  # noqa: PLC0415 - see above

    return HtmlWriter(head)


def _json(head: Head) -> Writer:
    from moai.export.json import JsonWriter  # noqa: PLC0415 - see above

    return JsonWriter(head)


FORMATS: Mapping[str, Format] = MappingProxyType(
    {"md": Format("Markdown", _markdown), "html": Format("HTML", _html), "json": Format("JSON", _json)}
)
"""Every format by the word that people ask for it with, which ends the file's name."""

__all__ = ["FORMATS", "Format", "Head", "file_name", "write"]
