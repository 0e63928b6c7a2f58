"""A document for people to read, as one HTML page that needs nothing else and runs nothing; owns no other format."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from moai.core.model import Entry, Message, Notice, PersonMessage, Remark, RoundKind
from moai.core.plaintext import one_line
from moai.core.ranking import table
from moai.core.records import Thread
from moai.export import facts
from moai.export.plan import Head
from moai.export.rendered import rendered
from moai.export.style import STYLE
from moai.export.walk import Asked, Opening, Part, Tally, Walk

COLOURS = 8
"""Models that have a colour of their own."""

# No script, no picture, no font, no connection: a page from strangers' words is only to be read.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

_BEGIN = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="MoAI">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
"""


class HtmlWriter:
    """Writes a section for each question and round, with an article for everything that was said in it."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._level = 2 if head.is_whole else 1
        self._walk = Walk()
        self._is_in_section = False
        self._colours: dict[str, int] = {}

    def begin(self) -> str:
        """Return the page's head and, for a whole project, its heading and the list of its discussions."""
        title = _text(facts.titled(_title(self._head)))
        page = _BEGIN.format(policy=escape(_POLICY), title=title, style=STYLE)
        if not self._head.is_whole:
            return page
        links = "\n".join(
            f'<li><a href="#d{each.id}">{_text(facts.titled(each.title)) or "Discussion"}</a></li>'
            for each in self._head.threads
        )
        return f'{page}<header>\n<h1 dir="auto">{title}</h1>\n</header>\n{_contents(links)}<main>\n'

    def begin_thread(self, thread: Thread) -> str:
        """Return a discussion's heading, and what is known of it."""
        self._walk = Walk()
        self._colours = {each.alias: number for number, each in enumerate(thread.models)}
        known = "".join(f"<dt>{name}</dt><dd>{_text(value)}</dd>\n" for name, value in facts.about(thread))
        heading = _heading(self._level, _text(facts.titled(thread.title)) or "Discussion", f'id="d{thread.id}"')
        top = f'<header>\n{heading}<dl class="about">\n{known}</dl>\n</header>\n'
        return f"{top}<main>\n" if self._level == 1 else f"<section>\n{top}"

    def entry(self, entry: Entry) -> str:
        """Return an entry, in a section of its own where a round begins with it."""
        return "".join(map(self._part, self._walk.parts(entry)))

    def end_thread(self) -> str:
        """Return a discussion's end."""
        rest = "".join(map(self._part, self._walk.rest()))
        return rest + self._closed_section() + ("</main>\n" if self._level == 1 else "</section>\n")

    def end(self) -> str:
        """Return the page's end."""
        end = "</main>\n" if self._level == 2 else ""
        told = f"Exported from MoAI, {facts.clock(self._head.exported_at)}"
        return f"{end}<footer>\n<p>{told}</p>\n</footer>\n</body>\n</html>\n"

    def _part(self, part: Part) -> str:
        match part:
            case Asked(number, entry):
                return self._section(facts.asked_as(number, entry)) + self._said(entry, "asks")
            case PersonMessage():
                return self._said(part, "remarks")
            case Opening():
                return self._section(facts.heading(part))
            case Message():
                return self._answer(part)
            case Notice():
                return f"<aside>{rendered(part.text, self._below)}</aside>\n"
            case Tally():
                told = rendered(table(part.standings), self._below)
                return f'<aside aria-label="All ballots together">{told}</aside>\n'

    @property
    def _below(self) -> int:
        return self._level + 3

    def _section(self, heading: str) -> str:
        before = self._closed_section()
        self._is_in_section = True
        return f"{before}<section>\n" + _heading(self._level + 1, _text(heading), 'class="part"')

    def _closed_section(self) -> str:
        was, self._is_in_section = self._is_in_section, False
        return "</section>\n" if was else ""

    def _said(self, entry: PersonMessage, does: str) -> str:
        remark = entry.remark
        name = _text(one_line(remark.author.name)) or "Someone"
        heading = _heading(self._level + 2, f"<bdi>{name}</bdi> {does}", 'class="who"')
        when = f'<p class="took">{_time(entry)}</p>\n'
        return f'<article class="person">\n{heading}{when}{_words_of(remark)}</article>\n'

    def _answer(self, message: Message) -> str:
        alias = one_line(message.participant.alias) or "A model"
        colour = self._colours.get(message.participant.alias, 0) % COLOURS
        took = " · ".join(map(_text, (one_line(message.participant.model), *facts.figures(message))))
        parts = (
            _heading(self._level + 2, f"<bdi>{_text(alias)}</bdi>", 'class="who"'),
            f'<p class="took">{took} · {_time(message)}</p>\n',
            f'<p class="stance" dir="auto">{_text(facts.stance(message.stance))}</p>\n' if message.stance else "",
            _warned(facts.remarks(message)),
            self._words(message),
        )
        return f'<article class="v{colour}">\n{"".join(parts)}</article>\n'

    def _words(self, message: Message) -> str:
        if message.round_kind is RoundKind.RANKING and message.ranking:
            return f'<p class="said">Ballot: {_text(one_line(" > ".join(message.ranking)))}</p>\n'
        reached = message.consensus
        words = rendered(facts.laid_out(reached) if reached else message.text, self._below)
        return f'<div class="said" lang="" dir="auto">\n{words}</div>\n' if words else ""


def _title(head: Head) -> str:
    return head.project.name if head.is_whole else "".join(each.title for each in head.threads)


def _text(text: str) -> str:
    return escape(facts.visible(text))


def _heading(level: int, html: str, attribute: str) -> str:
    return f'<h{level} dir="auto" {attribute}>{html}</h{level}>\n'


def _contents(links: str) -> str:
    return f'<nav aria-label="Discussions">\n<ol>\n{links}\n</ol>\n</nav>\n'


def _warned(sentences: Sequence[str]) -> str:
    told = "".join(f"<p>{_text(each)}</p>" for each in sentences)
    return f'<div class="warned">{told}</div>\n' if told else ""


def _time(entry: Entry) -> str:
    return f'<time datetime="{facts.iso(entry.created_at)}">{facts.clock(entry.created_at)}</time>'


def _words_of(remark: Remark) -> str:
    """Return a person's words, line for line as they were written."""
    quote, brought = remark.quote, ", ".join(one_line(each.name) for each in remark.attachments)
    parts = (
        f"<p>In answer to <bdi>{_text(one_line(quote.author))}</bdi>:</p>\n" if quote else "",
        f'<blockquote class="plain" lang="" dir="auto">{_text(quote.text)}</blockquote>\n' if quote else "",
        f'<div class="said plain" lang="" dir="auto">{_text(remark.text)}</div>\n' if remark.text.strip() else "",
        f'<p class="took">Attached: <bdi>{_text(brought)}</bdi></p>\n' if brought else "",
    )
    return "".join(parts)
