"""A document for code hosts and editors, in Markdown; owns no other format."""

from __future__ import annotations

import re

from moai.core import plaintext
from moai.core.model import Entry, Message, Notice, PersonMessage, RoundKind
from moai.core.ranking import table
from moai.core.records import Thread
from moai.export import facts
from moai.export.contained import contained
from moai.export.plan import Head
from moai.export.walk import Asked, Opening, Part, Tally, Walk

# What is markup only where a line begins.
_LINE_MARKUP = re.compile(r"^(?:[-+=]|\d{1,9}(?=[.)]))", re.MULTILINE)
_INNER_BREAK = re.compile(r"(?<=[^\n])\n(?=[^\n])")


class MarkdownWriter:
    """Writes discussions under one heading each; answers' own headings go below those of the document."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._level = 2 if head.is_whole else 1
        self._walk = Walk()

    def begin(self) -> str:
        """Return the heading of a whole project."""
        if not self._head.is_whole:
            return ""
        name, count = escaped(plaintext.one_line(self._head.project.name)), len(self._head.threads)
        many = "1 discussion" if count == 1 else f"{count} discussions"
        return f"# {name}\n\n{many}, exported {facts.clock(self._head.exported_at)}\n"

    def begin_thread(self, thread: Thread) -> str:
        """Return a discussion's heading, and what is known of it."""
        self._walk = Walk()
        known = "\n".join(f"- **{name}:** {escaped(value)}" for name, value in facts.about(thread))
        headed = self._headed(0, escaped(facts.titled(thread.title)) or "Discussion", known)
        return headed if self._head.is_whole else headed.lstrip("\n")

    def entry(self, entry: Entry) -> str:
        """Return an entry, under the heading of its round where that begins with it."""
        return "".join(map(self._part, self._walk.parts(entry)))

    def end_thread(self) -> str:
        """Return what is left of a discussion."""
        return "".join(map(self._part, self._walk.rest()))

    def end(self) -> str:
        """Return the last line."""
        return "" if self._head.is_whole else f"\n---\n\nExported {facts.clock(self._head.exported_at)}\n"

    def _part(self, part: Part) -> str:
        match part:
            case Asked(number, entry):
                return self._headed(1, facts.asked_as(number, entry), _said(entry))
            case PersonMessage():
                return self._headed(2, f"{_name(part)} remarks", _said(part))
            case Opening():
                return self._headed(1, facts.heading(part))
            case Message():
                return self._headed(
                    2, escaped(plaintext.one_line(part.participant.alias)) or "A model", *self._answered(part)
                )
            case Notice():
                return "\n" + _quoted(contained(part.text, self._below)) + "\n"
            case Tally():
                return f"\n**All ballots together**\n\n{contained(table(part.standings), self._below)}\n"

    @property
    def _below(self) -> int:
        return self._level + 3

    def _headed(self, depth: int, heading: str, *blocks: str) -> str:
        return "".join(f"\n{each}\n" for each in (f"{'#' * (self._level + depth)} {heading}", *blocks) if each)

    def _answered(self, message: Message) -> tuple[str, ...]:
        figures = " · ".join((message.participant.model, facts.clock(message.created_at), *facts.figures(message)))
        return (
            f"*{escaped(plaintext.one_line(figures))}*",
            f"**Stance:** {escaped(facts.stance(message.stance))}" if message.stance else "",
            "\\\n".join(f"> **{escaped(each)}**" for each in facts.remarks(message)),
            self._words(message),
        )

    def _words(self, message: Message) -> str:
        if message.consensus is not None:
            return contained(facts.laid_out(message.consensus), self._below)
        if message.round_kind is RoundKind.RANKING and message.ranking:
            return "**Ballot:** " + escaped(plaintext.one_line(" > ".join(message.ranking)))
        return contained(message.text, self._below)


def escaped(text: str) -> str:
    """Return plain text so that it reads as it is written."""
    return _LINE_MARKUP.sub(_line_escaped, plaintext.escaped(text))


def _line_escaped(found: re.Match[str]) -> str:
    # A number in front of a point begins a list, and a backslash before a digit is none.
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def _name(entry: PersonMessage) -> str:
    return escaped(plaintext.one_line(entry.remark.author.name)) or "Someone"


def _said(entry: PersonMessage) -> str:
    """Return a person's words: who and when, what they answer and bring, and the text line for line."""
    remark = entry.remark
    brought = ", ".join(escaped(plaintext.one_line(each.name)) for each in remark.attachments)
    blocks = (
        f"**{_name(entry)}** · *{facts.clock(entry.created_at)}*",
        f"In answer to **{escaped(plaintext.one_line(remark.quote.author))}**:" if remark.quote else "",
        _quoted(_lines(remark.quote.text)) if remark.quote else "",
        _quoted(_lines(remark.text)) if remark.text.strip() else "",
        f"Attached: {brought}" if brought else "",
    )
    return "\n\n".join(each for each in blocks if each)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _lines(text: str) -> str:
    """Return plain text whose lines and indents stay."""
    lines = "\n".join(map(_indented, facts.visible(text).strip("\n").split("\n")))
    # A backslash at its end keeps a line from being joined with the next (CommonMark 6.7).
    return _INNER_BREAK.sub("\\\\\n", lines)


def _indented(line: str) -> str:
    words = line.lstrip(" \t")
    indent = line[: len(line) - len(words)].expandtabs(4) if words else ""
    return "\N{NO-BREAK SPACE}" * len(indent) + escaped(words.rstrip())
