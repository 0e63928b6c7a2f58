"""Others' words as quoted material in a prompt, between tags that nothing in them can close; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from moai.core.model import Attachment, Quote, Remark
from moai.core.prompts import Image, Role, Turn

QUOTE_CHARS = 2_000
"""Characters of a message that a question answers; enough to see what is meant."""

ABOUT = "This is about:"
"""What stands before a message that a question answers."""

NO_NAMES: Mapping[str, str] = MappingProxyType({})

_TAGS = re.compile(r"<(?=\s*(?:/\s*)?(?:said|document)\b)", re.IGNORECASE)


def said(author: str, text: str) -> str:
    """Return what a participant said, as a quotation."""
    return _quoted("said", "by", author, text)


def asked(remark: Remark, *, names_author: bool, rules: str = "", names: Mapping[str, str] = NO_NAMES) -> Turn | None:
    """Return a person's words with what came with them, and the rules that hold from there on; None for nothing.

    `names` says how models that are quoted are to be called.
    """
    parts = [
        *([_quote(remark.quote, names)] if remark.quote else []),
        *(_document(each) for each in remark.attachments if each.data is None),
        # Where several people talk, models should know who asks.
        f"{remark.author.name}: {remark.text}" if names_author and remark.text else remark.text,
        rules,
    ]
    images = tuple(Image(each.name, each.media_type, each.data) for each in remark.attachments if each.data is not None)
    text = "\n\n".join(part for part in parts if part)
    return Turn(Role.USER, text, images) if text or images else None


def _quote(quote: Quote, names: Mapping[str, str]) -> str:
    text = quote.text if len(quote.text) <= QUOTE_CHARS else f"{quote.text[:QUOTE_CHARS]} …"
    return f"{ABOUT}\n{said(names.get(quote.author, quote.author), text)}"


def _document(attachment: Attachment) -> str:
    return _quoted("document", "name", attachment.name, attachment.text)


def _quoted(tag: str, attribute: str, value: str, text: str) -> str:
    name = value.replace('"', "'").replace("<", "(").replace(">", ")")
    return f'<{tag} {attribute}="{name}">\n{_TAGS.sub("&lt;", text)}\n</{tag}>'
