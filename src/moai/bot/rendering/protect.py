"""Puts marks into Markdown where the library would lose something; knows which constructs those are."""

from __future__ import annotations

import re
from collections.abc import Callable

from moai.bot.rendering import marks
from moai.bot.rendering.tables import keep_tables

MAX_DEPTH = 16
"""List and quotation markers in a row: the library's output grows with the square of their number."""

_MAX_DEFINITIONS = 4000

_SCHEME = r"(?:https?://|tg://|mailto:)"
_LESS_THAN = re.compile(rf"<(?!{_SCHEME})", re.IGNORECASE)
_DEEP = re.compile(rf"^((?:[ ]*+(?:(?:[-*+]|\d{{1,9}}[.)])[ ]++|>)){{{MAX_DEPTH}}})", re.MULTILINE)
_SMALL_HEADING = re.compile(r"^([ >]*\#{5,6}[ ]+)(?=\S)", re.MULTILINE)
_DUNDER = re.compile(
    r"(?<!\w)__((?:init|main|name|file|all|call|str|repr|dict|class|new)|\w+(?=__(?:\(|\.[a-z])))__(?!\w)"
)
_DEFINITION = re.compile(r"(?<![^\s>])(\[(?:[^\[\]\\]|\\.)++)\]:", re.DOTALL)
_DEFINED = re.compile(
    rf"^[ >]*(\[[^\[\]\n]{{1,200}}\]:[ ]*<?{_SCHEME}[^\s<>]+>?)(?=\s|\Z)", re.MULTILINE | re.IGNORECASE
)
_FENCE = re.compile(
    r"^(?P<prefix>(?:[ >]|(?:[-*+]|\d{1,9}[.)])[ ])*)(?P<fence>`{3,}+|~{3,}+)[ ]*(?P<info>\S[^\n]*)$"
    r"(?P<empty>(?=[\s>]*\n[ >]*(?:`{3,}|~{3,})[ ]*(?:\n|\Z)|\s*\Z))?",
    re.MULTILINE,
)
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,20}\s*")
_NEXT_LINE = re.compile(r"(?:\n[ ]*(?=\n))*\n([ >]*)")
_MARKER = re.compile(r"[^\s>]")
_DOLLARS = re.compile(r"\$\$([^$]+)\$\$|\$([^$\n]+)\$")
_FORMULA = re.compile(r"(?<!\\)\\(?:\[((?:(?!\n[ ]*\n|\\[\[\]])[^$])+)\\\]|\(((?:(?!\n[ ]*\n|\\[()])[^$])+)\\\))")
_LATEX = re.compile(r"\\[A-Za-z]|[\^=]")


def protect(markdown: str) -> str:
    """Return clean Markdown with marks in it, from which the library loses nothing."""
    steps: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("```", _keep_info),
        ("~~~", _keep_info),
        ("<", lambda text: _LESS_THAN.sub(_literal_less_than, text)),
        ("||", lambda text: text.replace("||", f"|{marks.GAP}|").replace("||", f"|{marks.GAP}|")),
        ("[](", lambda text: text.replace("[](", f"[{marks.NAMELESS}](")),
        ("#####", lambda text: _SMALL_HEADING.sub(rf"\1{marks.SMALL_HEADING}", text)),
        ("__", lambda text: _DUNDER.sub(_literal_dunder, text)),
        ("]:", _keep_definitions),
    )
    for sign, step in steps:
        if sign in markdown:
            markdown = step(markdown)
    return keep_tables(_DEEP.sub(rf"\1{marks.FLAT}", markdown), _mark_formulas)


def _literal_less_than(match: re.Match[str]) -> str:
    """Leave what is escaped already: the parser drops the backslash, but not within code."""
    before, at = match.string, match.start()
    while before[at - 1 : at] == "\\":
        at -= 1
    return "<" if (match.start() - at) % 2 else marks.LESS_THAN


def _literal_dunder(match: re.Match[str]) -> str:
    return match[0].replace("_", marks.UNDERSCORE)


def _keep_info(text: str) -> str:
    if marks.OPEN_INFO in text:
        return text
    return _FENCE.sub(_repeat_info, text)


def _repeat_info(match: re.Match[str]) -> str:
    """Repeat as code what a fence says beyond its language, or all it says where no code follows."""
    info = match["info"]
    is_no_fence = match["fence"][0] == "`" and "`" in info
    if is_no_fence or (_LANGUAGE.fullmatch(info) and not _is_empty(match)):
        return match[0]
    prefix = _MARKER.sub(" ", match["prefix"])
    return f"{match[0]}\n{prefix}{marks.OPEN_INFO}{info}{marks.CLOSE}"


def _is_empty(fence: re.Match[str]) -> bool:
    """Tell that no code follows: a fence comes next or the end, or a line that leaves the list or quotation."""
    next_line = _NEXT_LINE.match(fence.string, fence.end())
    if fence["empty"] is not None or next_line is None:
        return True
    prefix, indent = fence["prefix"], next_line[1]
    return ">" not in indent if ">" in prefix else prefix.strip() != "" and len(indent) < len(prefix)


def _keep_definitions(text: str) -> str:
    """Leave link definitions standing as text, and repeat those of use in front, where none shows."""
    defined = "\n".join(each[1] for each in _DEFINED.finditer(text))
    text = _DEFINITION.sub(rf"\1{marks.BRACKET}:", text)
    return f"{defined}\n\n{text}" if 0 < len(defined) <= _MAX_DEFINITIONS else text


def _mark_formulas(text: str) -> str:
    if "$" in text:
        text = _DOLLARS.sub(_literal_if_unbalanced, text)
    return _FORMULA.sub(_mark_formula, text) if "\\" in text else text


def _literal_if_unbalanced(match: re.Match[str]) -> str:
    """Keep what is no whole formula as text: the library would drop its last character."""
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
