"""Discussions as documents: the registry of formats, and the writing of one; owns no file and no transaction."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from moai.export.html import FORMAT as HTML
from moai.export.json import FORMAT as JSON
from moai.export.markdown import FORMAT as MARKDOWN
from moai.export.names import file_name
from moai.export.plan import Format, Head
from moai.export.writing import write

FORMATS: Mapping[str, Format] = MappingProxyType({"md": MARKDOWN, "html": HTML, "json": JSON})
"""Every format by the word that people ask for it with, which ends the file's name."""

__all__ = ["FORMATS", "Format", "Head", "file_name", "write"]
