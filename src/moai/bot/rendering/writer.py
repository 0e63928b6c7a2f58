"""Writes what the parser met as text with spans; owns how each construct looks, and nests and trims nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate
from typing import Any, ClassVar

from pyromark.event import Range

from moai.bot.rendering.events import Event
from moai.bot.rendering.fences import info_of, shown_code
from moai.bot.rendering.formulas import unicode_formula
from moai.bot.rendering.lines import Lines
from moai.bot.rendering.marks import is_marked, literal, unmarked
from moai.bot.rendering.styled import Span
from moai.bot.rendering.tables import drawn

_RULE = "————————"
_BULLET, _IMAGE, _TO_DO, _DONE = "•", "🖼 ", "☐", "✅"
_NAMELESS = "link"
_STYLES = {"Strong": "bold", "Emphasis": "italic", "Strikethrough": "strikethrough"}
_OPENABLE = re.compile(r"(?:https?://|tg://|mailto:)\S+", re.IGNORECASE)
_CUSTOM_EMOJI = re.compile(r"tg://emoji\?id=\d{19}")

_Scope = tuple[str, int, str]
"""What is open: its kind, the number of parts before it, and its address."""

_Stretch = tuple[str, int, int, str | None, str | None]
"""A span that counts parts."""


class Writer(Lines):
    """Takes the events of one stretch of Markdown.

    What is written goes to `_sink`: the parts of the text, or for a while those of a block of code or a cell.
    Spans count parts until all is written, so that no character is counted twice.
    """

    def __init__(self, source: bytes) -> None:
        super().__init__(source)
        self._sink = self._parts
        self._spans: list[_Stretch] = []
        self._open: list[_Scope] = []
        self._lists: list[int | None] = []
        self._info = ""
        self._rows: list[list[str]] = []
        self._links: list[tuple[str, str]] = []

    def write(self, events: Iterable[Event]) -> None:
        """Write all that the parser met."""
        others, tags = self._OTHERS, self._TAGS
        for event, where in events:
            if type(event) is str:
                others[event](self, event, where)
                continue
            # There is one key, and a loop is the fastest way to it.
            for name in event:
                value = event[name]
            if name == "Text":
                self._sink.append(value)
            elif name not in tags:
                others[name](self, value, where)
            elif type(value) is str:
                tags[name][value](self, value, where)
            else:
                for tag in value:
                    tags[name][tag](self, value[tag], where)

    def result(self, at: int) -> tuple[str, list[Span]]:
        """Return the text without marks and what ends it blank, and its spans, each before those within it.

        They are counted from the beginning of a longer text, in which this one begins at `at`.
        """
        parts = self._parts
        text = "".join(parts)
        if is_marked(text):
            parts = [each if each == "\n" else unmarked(each) for each in parts]
            text = "".join(parts)
        bare = text.rstrip()
        places = list(accumulate(map(len, parts), initial=at))
        if len(bare) < len(text):
            places = [min(each, at + len(bare)) for each in places]
        spans = [
            Span(kind, places[start], places[end], url, language)
            for kind, start, end, url, language in reversed(self._spans)
            if places[start] < places[end]
        ]
        return literal(bare), spans

    def _style(self, tag: str, _: Range) -> None:
        self._open.append((_STYLES[tag], len(self._sink), ""))

    def _end_style(self, *_: Any) -> None:
        """End what was opened last; a cell holds no spans."""
        kind, start = self._open.pop()[:2]
        if self._sink is self._parts:
            self._spans.append((kind, start, len(self._parts), None, None))

    def _put(self, kind: str, text: str, *, url: str | None = None, language: str | None = None) -> None:
        """Write a text that is of one kind throughout."""
        if text:
            if self._sink is self._parts:
                at = len(self._parts)
                self._spans.append((kind, at, at + 1, url, language))
            self._sink.append(text)

    def _code(self, code: str, _: Range) -> None:
        self._put("code", code)

    def _inline_formula(self, formula: str, _: Range) -> None:
        """Write a formula within a line; in a table it stays as it was written."""
        self._put("code", unicode_formula(formula) if self._sink is self._parts else f"${formula}$")

    def _display_formula(self, formula: str, where: Range) -> None:
        if self._sink is self._parts:
            self._begin_block(where)
            self._put("pre", unicode_formula(formula))
            self._end_block()
        else:
            self._sink.append(f"$${formula}$$")

    def _html(self, html: str, _: Range) -> None:
        self._sink.append(html)

    def _break(self, _: Any, __: Range) -> None:
        self._sink.append("\n" if self._sink is self._parts else " ")

    def _rule(self, _: Any, where: Range) -> None:
        self._begin_block(where)
        self._parts.append(_RULE)
        self._end_block()

    def _task(self, is_done: Any, _: Range) -> None:
        """Put a box in the place of the item's bullet or number."""
        self._parts[-1:] = [f"{self._indentation()}{_DONE if is_done else _TO_DO} "]

    def _paragraph(self, _: Any, where: Range) -> None:
        if not self._lists:
            self._begin_block(where)

    def _end_paragraph(self, *_: Any) -> None:
        if self._lists:
            self._end_line()
        else:
            self._end_block()

    def _heading(self, _: Any, where: Range) -> None:
        self._begin_block(where)
        self._open.append(("bold", len(self._parts), ""))

    def _quotation(self, _: Any, where: Range) -> None:
        self._begin_block(where)
        self._open.append(("blockquote", len(self._parts), ""))

    def _end_scope(self, *_: Any) -> None:
        self._end_style()
        self._end_block()

    def _code_block(self, kind: Any, where: Range) -> None:
        self._begin_block(where)
        self._info = info_of(self._line_at(where)) if isinstance(kind, dict) else ""
        self._sink = []

    def _end_code_block(self, *_: Any) -> None:
        code, language = shown_code("".join(self._sink), self._info)
        self._sink = self._parts
        self._put("pre", code, language=language)
        self._end_block()

    def _list(self, first: int | None, where: Range) -> None:
        if not self._lists:
            self._begin_block(where)
        self._lists.append(first)

    def _item(self, _: Any, __: Range) -> None:
        if self._parts:
            self._end_line()
        number = self._lists[-1]
        if number is None:
            self._parts.append(f"{self._indentation()}{_BULLET} ")
        else:
            self._parts.append(f"{self._indentation()}{number}. ")
            self._lists[-1] = number + 1

    def _end_item(self, *_: Any) -> None:
        self._end_line()

    def _end_list(self, *_: Any) -> None:
        self._lists.pop()
        if not self._lists:
            self._end_block()

    def _indentation(self) -> str:
        return "  " * (len(self._lists) - 1)

    def _table(self, _: Any, where: Range) -> None:
        self._begin_block(where)
        self._rows, self._links = [], []

    def _row(self, _: Any, __: Range) -> None:
        self._rows.append([])

    def _cell(self, _: Any, __: Range) -> None:
        self._sink = []

    def _end_cell(self, *_: Any) -> None:
        self._rows[-1].append(unmarked("".join(self._sink)))
        self._sink = self._parts

    def _end_table(self, *_: Any) -> None:
        """Write a table, and its links again below it: it can hold none."""
        self._put("pre", drawn(self._rows))
        for nth, (text, url) in enumerate(self._links):
            self._parts.append(" · " if nth else "\n\n")
            self._put("text_link", text, url=url)
        self._end_block()

    def _link(self, link: Any, _: Range) -> None:
        self._open.append((link["link_type"], len(self._sink), link["dest_url"]))

    def _image(self, link: Any, where: Range) -> None:
        if not _CUSTOM_EMOJI.fullmatch(link["dest_url"]):
            self._sink.append(_IMAGE)
        self._link(link, where)

    def _end_link(self, *_: Any) -> None:
        """Link what was written; behind what Telegram would not open write the address."""
        link_type, start, url = self._open.pop()
        if not url or _CUSTOM_EMOJI.fullmatch(url):
            return
        if len(self._sink) == start:
            self._sink.append(_NAMELESS)
        address, is_openable = literal(unmarked(url)), _OPENABLE.fullmatch(url)
        if self._sink is not self._parts:
            if is_openable and link_type == "Inline":
                self._links.append(("".join(self._sink[start:]), address))
        elif is_openable:
            self._spans.append(("text_link", start, len(self._parts), address, None))
        else:
            self._parts.append(f" ({address})")

    def _nothing(self, *_: Any) -> None:
        """Pass over what shows only in what it holds."""

    _STARTS: ClassVar[_Handlers] = {
        **dict.fromkeys(_STYLES, _style),
        "Paragraph": _paragraph,
        "Heading": _heading,
        "BlockQuote": _quotation,
        "CodeBlock": _code_block,
        "HtmlBlock": _nothing,
        "List": _list,
        "Item": _item,
        "Table": _table,
        "TableHead": _row,
        "TableRow": _row,
        "TableCell": _cell,
        "Link": _link,
        "Image": _image,
    }
    _ENDS: ClassVar[_Handlers] = {
        **dict.fromkeys(_STYLES, _end_style),
        "Paragraph": _end_paragraph,
        "Heading": _end_scope,
        "BlockQuote": _end_scope,
        "CodeBlock": _end_code_block,
        "HtmlBlock": _nothing,
        "List": _end_list,
        "Item": _end_item,
        "Table": _end_table,
        "TableHead": _nothing,
        "TableRow": _nothing,
        "TableCell": _end_cell,
        "Link": _end_link,
        "Image": _end_link,
    }
    _TAGS: ClassVar[Mapping[str, _Handlers]] = {"Start": _STARTS, "End": _ENDS}
    _OTHERS: ClassVar[_Handlers] = {
        "SoftBreak": _break,
        "HardBreak": _break,
        "Rule": _rule,
        "Code": _code,
        "InlineMath": _inline_formula,
        "DisplayMath": _display_formula,
        "Html": _html,
        "InlineHtml": _html,
        "TaskListMarker": _task,
    }


_Handlers = Mapping[str, Callable[[Writer, Any, Range], None]]
"""What takes an event or a tag, by its name."""
