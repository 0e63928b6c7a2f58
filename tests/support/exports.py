"""Discussions to export, of ordinary and of nasty words, and whole documents of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from moai.core.findings import Consensus, Disagreement, Position, Side, Stance
from moai.core.model import (
    Attachment,
    Entry,
    Failure,
    Notice,
    Participant,
    Person,
    PersonMessage,
    Project,
    Quote,
    Remark,
    RoundKind,
    Timing,
    Usage,
)
from moai.core.records import Thread, Totals
from moai.export import FORMATS, Head
from tests.support.people import CLAUDE, GPT, GROUP, TEAM, a_message

DAY = datetime(2026, 11, 23, 14, 2, 3, tzinfo=UTC)
PROJECT = Project(1, GROUP.chat_id, "Compilers")
TITLE = "Should we use Rust?"

NASTY = (
    "<script>document.title='pwned';parent.pwned=1</script>",
    '<img src=x onerror="parent.pwned=1">',
    "# Up\n\nTitle\n=====\n\nOther\n---\n\n> # Quoted\n\n- # Listed\n\n1. Set\n   ===",
    "```python\nprint('never closed')\n# no heading",
    "~~~\n```\nopen <b>\n",
    "<!-- never closed\n\n# hidden",
    "<details><summary>x</summary>\n\n<pre>\n",
    "[x]: https://example.com\n[x]: <javascript:alert(1)>\n[^1]: note\n\n[x] [^1]",
    "[a](javascript:alert(1)) ![p](http://example.com/p.png) [![q](http://example.com/q.png)](https://example.com)",
    "| a `|` <b> | `x |\n|---|---|\n| <script>alert(1)</script> | ` |\n\n" + "|a" * 30 + "\n" + "|-" * 30,
    "\0\x1b[31m\ud83d \u202e right to left \u2028 \ufffe",
    "x" * 3_000 + " https://example.com/" + "y" * 3_000,
    "`" * 7 + "\n" + "> " * 150 + "deep\n" + "- " * 150 + "deep",
    "[" * 3_000 + "*a_" * 500,
    "    indented <b>\n\t# code\n\n</article></section></main></body></html>",
    "]]></style><style>*{display:none}</style>\r\nalone\rand\r\n---\r\n",
    "",
    "   \n\n",
)
"""What models and people may write, each with a way out of its place."""


def a_thread(number: int = 1, title: str = TITLE, **changes: object) -> Thread:
    """Return a discussion as an archive lists it."""
    totals = Totals(7, 12.5, 1_234, 567, 0.0345, 2)
    thread = Thread(number, PROJECT, GROUP, title, DAY, ("Ann", "Bo"), TEAM, totals)
    return replace(thread, **changes)  # type: ignore[arg-type]


def a_head(*threads: Thread, is_whole: bool = False) -> Head:
    """Return what a document is about: one discussion unless told otherwise."""
    return Head(PROJECT, threads or (a_thread(),), DAY, is_whole=is_whole)


def said_by(name: str, text: str, number: int = 1, run: int = 1, **changes: object) -> PersonMessage:
    """Return a question of a person, or what `changes` make of it."""
    values = {"mode": "discuss", "is_question": True, **changes}
    remark = Remark(text, Person(7, name), 31, (Attachment("plan.pdf", "application/pdf"),), Quote("gpt", "Maybe."))
    return PersonMessage(number, run, remark, DAY, **values)  # type: ignore[arg-type]


STOPPED = Failure("Stopped", "Stopped before its end.")
CONSENSUS = Consensus(
    ("It is fast.",),
    (Disagreement("The cost", (Position(("claude",), "high"), Position(("gpt",), "low")), "Training takes months."),),
    "Try it on one service.",
    ("Who pays?",),
)


def a_discussion() -> tuple[Entry, ...]:
    """Return a discussion with everything that there can be in one."""
    moved = Stance(Side.AGREE, "the tooling decides", ("claude",))
    figures = {"usage": Usage(120, 45, 0.0123), "timing": Timing(0.5, 4.2)}
    ranked = {"round_number": 3, "round_kind": RoundKind.RANKING}
    return (
        said_by("Ann", TITLE),
        a_message(2, CLAUDE, "Yes.\n\n## Why\n\nMemory.", round_kind=RoundKind.DRAFTS, **figures),
        a_message(
            3, GPT, "Half an", failure=Failure("Stopped", "Stopped before its end."), round_kind=RoundKind.DRAFTS
        ),
        Notice(4, 1, 1, "**Round 1** · agree: claude", DAY),
        said_by("Bo", "What of the cost?\n  Two lines.", 5, is_question=False),
        a_message(6, GPT, "I agree now.", round_number=2, round_kind=RoundKind.TURNS, stance=moved, **figures),
        a_message(7, CLAUDE, "RANKING: A > B", ranking=("gpt", "gemini"), **ranked),
        a_message(8, GPT, "RANKING: A > B", ranking=("claude", "gemini"), **ranked),
        Notice(9, 1, 3, "The table of the notice", DAY, is_last=True),
        a_message(10, CLAUDE, "{}", round_number=4, round_kind=RoundKind.CONSENSUS, consensus=CONSENSUS),
        said_by("Ann", "And Go?", 11, run=2, mode="open"),
        a_message(12, GPT, "Cut", run_id=2, truncated=True, unseen=True),
    )


def nasty_discussion(texts: Sequence[str] = NASTY) -> tuple[Entry, ...]:
    """Return a discussion in which every word that somebody else chooses is nasty."""
    entries: list[Entry] = []
    for text in texts:
        number = len(entries) + 1
        seat = Participant(text, "p", text)
        consensus = Consensus((text,), (Disagreement(text, (Position((text,), text),), text),), text, (text,))
        said = said_by(text, text, number, run=number)
        named = replace(said.remark, quote=Quote(text, text), attachments=(Attachment(text, text),))
        more = {"run_id": number, "failure": Failure("X", text), "stance": Stance(Side.AGREE, text, (text,))}
        entries += (
            replace(said, remark=named),
            a_message(number + 1, CLAUDE, text, run_id=number),
            a_message(number + 2, seat, text, **more),
            a_message(number + 3, seat, text, run_id=number, round_kind=RoundKind.CONSENSUS, consensus=consensus),
            a_message(number + 4, seat, text, run_id=number, round_kind=RoundKind.RANKING, ranking=(text, "gpt")),
            Notice(number + 5, number, 9, text, DAY),
        )
    return tuple(entries)


def nasty_head(*, is_whole: bool = False) -> Head:
    """Return what a document of a nasty discussion is about."""
    threads = (
        a_thread(number, text, people=(text,), models=(Participant(text, text, text),))
        for number, text in enumerate(NASTY if is_whole else NASTY[:1], 1)
    )
    return Head(replace(PROJECT, name=NASTY[0]), tuple(threads), DAY, is_whole=is_whole)


def document(name: str, head: Head, entries: Sequence[Entry]) -> str:
    """Return a whole document, every discussion of which has these entries."""
    writer = FORMATS[name].opened(head)
    pieces = [writer.begin()]
    for thread in head.threads:
        pieces += [writer.begin_thread(thread), *map(writer.entry, entries), writer.end_thread()]
    return "".join((*pieces, writer.end()))
