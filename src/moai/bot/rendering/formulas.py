"""LaTeX as Unicode, through the library; the only module that imports it, and it knows no Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable

from telegramify_markdown.latex_escape.const import LATEX_STYLES, LATEX_SYMBOLS, NOT_MAP
from telegramify_markdown.latex_escape.helper import LatexToUnicodeHelper

MAX_LINES = 4
"""Lines over or under a sign that has some already: each of them doubles what the library writes."""

MAX_DEPTH = 24
"""Braces in braces: the library reads a formula once more for each of them."""

_SHORTEST = 5
_CONVERTIBLE = re.compile(
    "|".join(map(re.escape, (r"\frac", r"\sqrt", r"\begin", *LATEX_SYMBOLS, *NOT_MAP, *LATEX_STYLES)))
)
_STEP = re.compile(
    r"(?P<open>\{|\\begin\b)|(?P<close>\}|\\end\b)"
    r"|\\(?:sqrt|overline|overbrace|under(?:line|brace|bar)|[bx]?cancel|sout)(?![A-Za-z])"
)
_convert: Callable[[str], str] = LatexToUnicodeHelper().convert


def unicode_formula(formula: str) -> str:
    """Return a formula as Unicode has it, or as it is where there is nothing to convert or far too much."""
    if len(formula) < _SHORTEST or not _CONVERTIBLE.search(formula) or _is_excessive(formula):
        return formula
    return _convert(formula).strip()


def _is_excessive(formula: str) -> bool:
    """Tell that braces or lines are nested deeper than any reader could follow."""
    if formula.count("\\") <= MAX_LINES and formula.count("{") <= MAX_DEPTH:
        return False
    around: list[int] = []
    lines = own = 0
    for step in _STEP.finditer(formula):
        if step["open"]:
            around.append(own)
            own = 0
        elif step["close"]:
            lines -= own + (around.pop() if around else 0)
            own = 0
        else:
            lines, own = lines + 1, own + 1
        if lines > MAX_LINES or len(around) > MAX_DEPTH:
            return True
    return False
