"""The tour for those without a terminal: what is written, what has to come of it, and the transcript."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from moai.demo.house import TEAM, changes_in, pass_on
from moai.demo.layout import GUTTER, plain
from moai.demo.messages import WIDTH, Teller
from moai.simulator.changes import Change, DraftChanged, MessageSent
from moai.simulator.chats import PrivateChat, PrivateTalk
from moai.simulator.model import Message
from moai.simulator.talk import Wanted
from moai.simulator.telegram import Simulator

TEMPO = 0.4
"""The voices speak faster than a person would want to read."""
PATIENCE_S = 60.0
PAUSE_S = 0.3
"""Seconds without any news that end a step."""
STOP = "⏹ Stop"
"""What is under a board until it shows the end of its discussion, which comes after the last words of that."""

PLAYED = 0
STUCK = 1

INTRODUCTION = """\
This is MoAI's tour: the real bot talks to a Telegram that is simulated on this machine. Its team is made of
three demo voices, which say prepared words; no real model is asked, and nothing leaves this machine.
"""
FAREWELL = """
That was the tour. On a terminal, moai demo is a chat to type in; moai run is the bot in Telegram itself.
"""

Write = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is written in the chat, and what messages have to follow it; `goal` says so in words."""

    says: str
    wanted: tuple[Wanted, ...]
    goal: str


def answer_of(alias: str) -> Wanted:
    """Match a whole answer of that voice, and no message of its failure."""
    return re.compile(rf"\A{alias} · {TEAM[alias]}\n(?!⚠️)")


def is_export(message: Message) -> bool:
    """Tell whether the message is a discussion as a document."""
    return message.document is not None and message.document.name.endswith(".md")


STEPS = (
    Step("/start", ("Hello",), "a greeting"),
    Step(
        "/open Should a team of two write its tests first?",
        tuple(answer_of(alias) for alias in TEAM),
        "an answer from each voice",
    ),
    Step(
        "/discuss",
        (*(answer_of(alias) for alias in TEAM), "Everybody agrees"),
        "a discussion that ends when all agree",
    ),
    Step("@ben What would you watch out for?", (answer_of("ben"),), "an answer from ben, who was asked alone"),
    Step("/consensus", (re.compile(r"\A🤝 Consensus"),), "what is settled and what is not"),
    Step("/export", (is_export,), "the discussion as a document"),
)


async def tour(
    sim: Simulator,
    chat: PrivateChat,
    steps: Sequence[Step],
    write: Write,
    complain: Write,
    *,
    patience_s: float = PATIENCE_S,
) -> int:
    """Play the steps and write down what is said as it is said; return the exit code."""
    write(INTRODUCTION)
    transcript = Transcript(write)
    with changes_in(sim) as changes:
        async with asyncio.TaskGroup() as tasks:
            writing = tasks.create_task(pass_on(changes, transcript.tell))
            stuck = await _walk(chat, steps, patience_s)
            await changes.join()
            writing.cancel()
    if stuck is not None:
        complain(f"moai demo: within {patience_s:g} s, “{stuck.says}” did not bring {stuck.goal}.\n")
        return STUCK
    write(FAREWELL)
    return PLAYED


async def _walk(chat: PrivateChat, steps: Sequence[Step], patience_s: float) -> Step | None:
    """Return the step that did not come true."""
    for step in steps:
        written = chat.says(step.says)
        try:
            for wanted in step.wanted:
                await chat.shows(wanted, patience_s, after=written)
            await chat.until(_is_over, patience_s)
            await chat.settled(PAUSE_S, patience_s)
        except AssertionError:  # the simulator's word for a wait in vain
            return step
    return None


def _is_over(chat: PrivateTalk) -> bool:
    return not any(STOP in message.buttons for message in chat.bot_messages)


class Transcript:
    """Writes down what happens, the drafts of one question in a single line."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._teller = Teller()
        self._is_drafting = False

    async def tell(self, change: Change) -> None:
        """Write down one change."""
        match change:
            case MessageSent(message) if not message.from_bot:
                self._is_drafting = False
            case DraftChanged(text=str(text)) if not self._is_drafting:
                self._is_drafting = True
                self._write_lines([f"{' ' * GUTTER}… {_drafting(text)}"])
        self._write_lines([plain(line) for line in self._teller.tell(change, WIDTH - GUTTER)])

    def _write_lines(self, lines: Sequence[str]) -> None:
        if lines:
            self._write("\n".join(["", *lines, ""]))


def _drafting(text: str) -> str:
    *others, last = [alias for alias in TEAM if re.search(rf"^\S+ {alias} · ", text, re.MULTILINE)] or ["somebody"]
    return f"{', '.join(others)} and {last} are writing side by side" if others else f"{last} is writing"
