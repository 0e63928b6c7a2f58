"""Markdown of strangers as HTML that is safe to show: no script, no picture, no strange link; pure, and total."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from moai.export.contained import MAX_BRACKETS, MAX_NESTING, lowering
from moai.export.facts import visible

MAX_CHARS = 200_000
"""Characters of an answer that is laid out; a longer one is data."""

_SAFE_LINK = re.compile(r"(?:https?:|mailto:)", re.IGNORECASE)
_RENDERER = RendererHTML()


def rendered(markdown: str, level: int) -> str:
    """Return a text as HTML, its headings at `level` (1 to 6) and below; as it stands where it is no prose."""
    text = visible(markdown).strip("\n")
    if len(text) > MAX_CHARS or text.count("[") > MAX_BRACKETS:
        return verbatim(text)
    tokens = _PARSER.parse(text)
    if any(token.level >= MAX_NESTING for token in tokens):
        return verbatim(text)
    lower_by = lowering(tokens, level)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + lower_by)}"
    html: str = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return html


def verbatim(text: str) -> str:
    """Return a text as it stands, in a box of its own."""
    return f'<pre tabindex="0">{escape(text)}</pre>\n'


def _is_safe(url: str) -> bool:
    return _SAFE_LINK.match(url.strip()) is not None


def _link(_: Any, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any) -> str:
    tokens[index].attrSet("rel", "noopener noreferrer")
    return _RENDERER.renderToken(tokens, index, options, env)


def _picture(_: Any, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any) -> str:
    """Show a picture as a link: loading it would tell a stranger that somebody reads this."""
    token = tokens[index]
    words = escape(_RENDERER.renderInlineAsText(token.children or [], options, env) or "picture")
    if sum(each.nesting for each in tokens[:index] if each.type in ("link_open", "link_close")):
        return f"🖼 {words}"
    return f'<a href="{escape(str(token.attrs.get("src", "")))}" rel="noopener noreferrer">🖼 {words}</a>'


def _table(*_: Any) -> str:
    return '<div class="wide" role="region" aria-label="Table" tabindex="0"><table>\n'


def _table_end(*_: Any) -> str:
    return "</table></div>\n"


def _code(_: Any, tokens: Sequence[Token], index: int, __: OptionsDict, ___: Any) -> str:
    return f'<pre tabindex="0"><code>{escape(tokens[index].content)}</code></pre>\n'


def _parser() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": False})
    parser.validateLink = _is_safe  # type: ignore[method-assign]
    for kind, rule in {
        "link_open": _link,
        "image": _picture,
        "table_open": _table,
        "table_close": _table_end,
        "fence": _code,
        "code_block": _code,
    }.items():
        parser.add_render_rule(kind, rule)
    return parser


_PARSER = _parser()
