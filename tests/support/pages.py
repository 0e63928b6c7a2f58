"""Documents as their readers see them: an HTML page's elements and texts, a Markdown document's headings."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

from markdown_it import MarkdownIt

_VOID = frozenset({"meta", "br", "hr", "img", "link", "input"})
_READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


class Page(HTMLParser):
    """What stands in an HTML page; raises AssertionError where an element is closed that is not open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    @property
    def text(self) -> str:
        """All that can be read, without the style."""
        return "".join(self.texts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += ((tag, name, value or "") for name, value in attrs)
        if tag not in _VOID:
            self._open.append(tag)
        if self._heading:
            self.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["style"]:
            return
        self.texts.append(data)
        if any(len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() for tag in self._open):
            level, text = self.headings.pop()
            self.headings.append((level, text + data))

    @property
    def _heading(self) -> bool:
        return bool(self._open) and len(self._open[-1]) == 2 and self._open[-1][1].isdigit()


@dataclass(frozen=True)
class Parsed:
    """What a reader of Markdown sees: headings at any depth by their level, HTML that it lets through, link names."""

    headings: list[tuple[int, str]]
    tags: list[str]
    links: dict[str, object]


def parsed(markdown: str) -> Parsed:
    """Read a Markdown document."""
    env: dict[str, dict[str, object]] = {}
    tokens = _READER.parse(markdown, env)
    headings = [
        (int(token.tag[1]), tokens[index + 1].content)
        for index, token in enumerate(tokens)
        if token.type == "heading_open"
    ]
    inline = (child for token in tokens for child in token.children or ())
    tags = [each.content for each in (*tokens, *inline) if each.type in ("html_block", "html_inline")]
    return Parsed(headings, tags, env.get("references", {}))
