"""Puts marks into Markdown where the parser would lose something; knows which constructs those are."""

from __future__ import annotations

import re
from collections.abc import Callable

from moai.bot.rendering import marks
from moai.bot.rendering.tables import keep_tables

MAX_DEPTH = 16
"""List and quotation markers in a row: what is written of them grows with the square of their number."""

_MAX_DEFINITIONS = 4000

# Patterns begin with a letter that is seldom, and look behind it from there: so they are searched for at once.
_SCHEME = r"(?:https?://|tg://|mailto:)"
_LESS_THAN = re.compile(rf"<(?!{_SCHEME})", re.IGNORECASE)
_MARKERS = re.compile(rf"\n[ >*+\-0-9.)]{{{MAX_DEPTH}}}")
_DEEP = re.compile(rf"^((?:[ ]*+(?:(?:[-*+]|\d{{1,9}}[.)])[ ]++|>)){{{MAX_DEPTH}}})", re.MULTILINE)
_DUNDER = re.compile(
    r"__(?<!\w__)((?:init|main|name|file|all|call|str|repr|dict|class|new)|\w+(?=__(?:\(|\.[a-z])))__(?!\w)"
)
_DEFINITION = re.compile(r"\[(?<![^\s>]\[)((?:[^\[\]\\]|\\.)++)\]:", re.DOTALL)
_DEFINED = re.compile(
    rf"^[ >]*(\[[^\[\]\n]{{1,200}}\]:[ ]*<?{_SCHEME}[^\s<>]+>?)(?=\s|\Z)", re.MULTILINE | re.IGNORECASE
)
_DOLLARS = re.compile(r"\$\$([^$]+)\$\$|\$([^$\n]+)\$")
_FORMULA = re.compile(r"\\(?<!\\\\)(?:\[((?:(?!\n[ ]*\n|\\[\[\]])[^$])+)\\\]|\(((?:(?!\n[ ]*\n|\\[()])[^$])+)\\\))")
_LATEX = re.compile(r"\\[A-Za-z]|[\^=]")


def protect(markdown: str) -> str:
    """Return clean Markdown with marks in it, from which the parser loses nothing."""
    steps: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("<", _keep_less_than),
        ("__", lambda text: _DUNDER.sub(_literal_dunder, text)),
        ("]:", _keep_definitions),
    )
    for sign, step in steps:
        if sign in markdown:
            markdown = step(markdown)
    if _MARKERS.search(f"\n{markdown}"):
        markdown = _DEEP.sub(rf"\1{marks.FLAT}", markdown)
    return keep_tables(markdown, _mark_formulas)


def _keep_less_than(text: str) -> str:
    return _LESS_THAN.sub(_literal_less_than if "\\<" in text else marks.LESS_THAN, text)


def _literal_less_than(match: re.Match[str]) -> str:
    """Leave what is escaped already: the parser drops the backslash, but not within code."""
    before, at = match.string, match.start()
    while before[at - 1 : at] == "\\":
        at -= 1
    return "<" if (match.start() - at) % 2 else marks.LESS_THAN


def _literal_dunder(match: re.Match[str]) -> str:
    return match[0].replace("_", marks.UNDERSCORE)


def _keep_definitions(text: str) -> str:
    """Leave link definitions standing as text, and repeat those of use in front, where none shows."""
    defined = "\n".join(each[1] for each in _DEFINED.finditer(text))
    text = _DEFINITION.sub(rf"[\1{marks.BRACKET}:", text)
    return f"{defined}\n\n{text}" if 0 < len(defined) <= _MAX_DEFINITIONS else text


def _mark_formulas(text: str) -> str:
    if "$" in text:
        text = _DOLLARS.sub(_literal_if_unbalanced, text)
    return _FORMULA.sub(_mark_formula, text) if "\\" in text else text


def _literal_if_unbalanced(match: re.Match[str]) -> str:
    """Keep what is no whole formula as text: the converter would drop its last character."""
    whole = match[0].count("{") == match[0].count("}")
    return match[0] if whole else match[0].replace("$", marks.DOLLAR)


def _mark_formula(match: re.Match[str]) -> str:
    display, inline = match[1], match[2]
    formula: str = display or inline
    if not _LATEX.search(formula) or formula.count("{") != formula.count("}"):
        return match[0]
    if display:
        return f"$${marks.OPEN_DISPLAY}{formula}{marks.CLOSE_DISPLAY}$$"
    return f"${marks.OPEN_INLINE}{formula}{marks.CLOSE_INLINE}$"
