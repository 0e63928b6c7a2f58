"""The lines of `.env`; knows of no variable, and passes over none that was meant to be one."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream

from moai.errors import ConfigurationError

ENCODING = "utf-8-sig"  # some editors put a byte order mark in front, which would become part of the first name
NAME = re.compile(r"(?!MOAI_)[A-Z_]\w*", re.ASCII | re.IGNORECASE)


def read_env_file(file: Path) -> Mapping[str, str]:
    """Return what the file sets to more than nothing, which is nothing where it is not there.

    Raises ConfigurationError with one sentence for each line that says nothing; none of them shows what stands there.
    """
    text = _text_of(file)
    if lines := list(_unreadable(text)):
        how = "write NAME=value, and end a value at the quote that it begins with"
        raise ConfigurationError(tuple(f"{file} cannot be read in line {line}: {how}." for line in lines))
    return {name: value for name, value in dotenv_values(stream=io.StringIO(text)).items() if value}


def _text_of(file: Path) -> str:
    if not os.path.lexists(file):
        return ""
    if file.is_dir():
        # Docker makes one where the file that is to be mounted is missing.
        raise ConfigurationError((f"{file} is a folder: put a file of that name in its place, or remove it.",))
    try:
        # Once, since what comes through a pipe comes once.
        return file.read_text(encoding=ENCODING)
    except (OSError, UnicodeDecodeError) as error:
        sentence = f"{file} cannot be read: make it a UTF-8 text file that this user may read."
        raise ConfigurationError((sentence,)) from error


def _unreadable(text: str) -> Iterator[int]:
    """Yield the numbers of lines that say nothing."""
    for binding in parse_stream(io.StringIO(text)):
        # A name alone sets nothing, as an empty value does; MoAI's own, or with more in it, was meant to be a setting.
        if binding.error or (binding.key and binding.value is None and not NAME.fullmatch(binding.key)):
            yield _line_of(binding)


def _line_of(binding: Binding) -> int:
    """Return where the words begin; the parser counts from the empty lines in front of them."""
    written = binding.original.string
    return binding.original.line + written[: len(written) - len(written.lstrip())].count("\n")
