"""Markdown of strangers as a part of a larger document: nothing in it gets out of its place; pure, and total.

Headings go below the document's own, fences are closed, HTML is shown as it was written, definitions of links and
footnotes stay words. What cannot be held so is put into a fence. Sections refer to the CommonMark specification, 0.31.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from moai.export.facts import visible

MAX_BRACKETS = 2_000
"""Opening brackets, of which parsers take quadratic time."""
MAX_NESTING = 90
"""Levels of quotations and lists; the parser leaves out what stands deeper than 100."""
_PASSES = 3
"""What was changed may read differently: a definition that became words may turn out to be a heading."""

_BLOCKS = MarkdownIt("js-default").enable("table").disable(["inline", "text_join"])
_WHOLE = MarkdownIt("commonmark").enable(["table", "strikethrough"])

# A text without any of these holds nothing that could get out: tags, headings, fences, definitions, footnotes.
_SPECIAL = re.compile(r"<|\]:|\[\^|^[ \t>*+\-\d.)]*+(?:#|`{3}|~{3}|=)|-[ \t]*$", re.MULTILINE)
_END = "\n\n# ."
"""A heading as the document's own: where it is not one any more, something before it is still open."""

_AUTOLINK = r"<(?:https?://|mailto:)[^\s<>]*>"
_TOKENS = re.compile(rf"\\[^\w\s]|(`+)|{_AUTOLINK}|<(?=[a-zA-Z/!?])|\[(?=\^)")
_CELLS = re.compile(r"(?<!\\)\|")
_RUNS = re.compile("`+")


def contained(markdown: str, level: int) -> str:
    """Return a text with its headings at `level` (1 to 6) and below, and everything that it opens closed."""
    text = visible(markdown).strip("\n")
    if not text.strip() or not _SPECIAL.search(text):
        return text
    if text.count("[") > MAX_BRACKETS:
        return fenced(text)
    for _ in range(_PASSES):
        text = _Pass(text, level).text
        if _holds(text, level):
            return text
    return fenced(visible(markdown).strip("\n"))


def fenced(text: str) -> str:
    """Return a text as a block of code that nothing in it can close."""
    longest = max((len(run) for run in _RUNS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


class _Pass:
    """One look at a text, and what was changed in it."""

    def __init__(self, text: str, level: int) -> None:
        env: dict[str, Any] = {}
        self._tokens = _BLOCKS.parse(text + _END, env)
        self._source = text.split("\n")
        self._lines = list(self._source)
        self._lower_by = lowering(self._tokens[:-3], level)
        self._escape_words()
        self._disarm_definitions(env)
        self._lower_headings()
        self.text = "\n".join(self._lines) + self._closing()

    def _escape_words(self) -> None:
        for _, start, end in _with_lines(self._tokens, "inline", len(self._lines)):
            self._lines[start:end] = _escaped("\n".join(self._lines[start:end])).split("\n")
        for _, row, _ in _with_lines(self._tokens, "tr_open", len(self._lines)):
            # A span of code does not reach over the border of its cell (GFM, 4.10).
            self._lines[row] = "|".join(map(_escaped, _CELLS.split(self._source[row])))

    def _disarm_definitions(self, env: dict[str, Any]) -> None:
        for each in (*env.get("references", {}).values(), *env.get("duplicate_refs", ())):
            line = each["map"][0]
            if line < len(self._lines):
                self._lines[line] = self._lines[line].replace("[", "\\[", 1) + "  "

    def _lower_headings(self) -> None:
        for token, start, end in reversed(tuple(_with_lines(self._tokens, "heading_open", len(self._lines)))):
            marks = "#" * min(6, int(token.tag[1]) + self._lower_by)
            if token.markup.startswith("#"):
                at = self._lines[start].index("#")
                self._lines[start] = self._lines[start][:at] + marks + self._lines[start][at + len(token.markup) :]
            else:
                self._lines[start:end] = [self._on_one_line(token, start, marks)]

    def _on_one_line(self, token: Token, start: int, marks: str) -> str:
        """Return a heading that is underlined (4.3) as one of the other kind (4.2)."""
        words = self._tokens[self._tokens.index(token) + 1].content
        first = self._source[start]
        before = first[: max(first.find(words.split("\n")[0]), 0)]
        # A number sign at its end would be taken for a closing mark.
        after = f" {marks}" if words.rstrip().endswith("#") else ""
        return f"{before}{marks} {_escaped(' '.join(words.split()))}{after}"

    def _closing(self) -> str:
        last = self._tokens[-1]
        # A fence without an end takes all that follows (4.5).
        return f"\n{last.markup}" if last.type == "fence" else ""


def lowering(tokens: Sequence[Token], level: int) -> int:
    """Return by how much headings are to be lowered so that the highest of them stands at `level`."""
    highest = min((int(token.tag[1]) for token in tokens if token.type == "heading_open"), default=level)
    return max(level - highest, 0)


def _with_lines(tokens: list[Token], kind: str, lines: int) -> Iterator[tuple[Token, int, int]]:
    for token in tokens:
        if token.type == kind and token.map is not None and token.map[0] < lines:
            yield token, token.map[0], min(token.map[1], lines)


def _escaped(text: str) -> str:
    """Return words whose tags and footnotes are shown as they were written; spans of code stay as they are (6.1)."""
    parts: list[str] = []
    at = 0
    while (found := _TOKENS.search(text, at)) is not None:
        parts.append(text[at : found.start()])
        at = found.end()
        if found[1]:
            end = _end_of_code(text, at, len(found[1]))
            parts.append(text[found.start() : end])
            at = end
        else:
            parts.append(f"\\{found[0]}" if found[0] in "<[" else found[0])
    return "".join(parts) + text[at:]


def _end_of_code(text: str, start: int, length: int) -> int:
    """Return where the span of code ends that such a run of marks opens, else `start`, since it opens none."""
    return next((run.end() for run in _RUNS.finditer(text, start) if run.end() - run.start() == length), start)


def _holds(text: str, level: int) -> bool:
    env: dict[str, Any] = {}
    tokens = _BLOCKS.parse(text + _END, env)
    own, inner = tokens[-3:], tokens[:-3]
    return (
        [each.type for each in own] == ["heading_open", "inline", "heading_close"]
        and (own[0].level, own[0].tag) == (0, "h1")
        and not env.get("references")
        and all(each.level < MAX_NESTING for each in inner)
        and all(int(each.tag[1]) >= level for each in inner if each.type == "heading_open")
        and ("<" not in text or not _has_html(text))
    )


def _has_html(text: str) -> bool:
    for token in _WHOLE.parse(text):
        if token.type == "html_block" or any(each.type == "html_inline" for each in token.children or ()):
            return True
    return False
