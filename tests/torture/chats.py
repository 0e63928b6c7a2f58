"""What must be true of the chats: every answer whole and in order, nothing twice without a cause, boards that end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from moai.simulator.faults import Slow
from tests.torture.evidence import Evidence, Sent
from tests.torture.voices import SIGN

STANCE = "\n\nSTANCE:"
RESUMED = "Went on after a restart."
STOP = "⏹ Stop"
_RESUMING = re.compile(r"going on with run (\d+)")
REPLIES = ("Stopped. What was said is kept.", "Nothing is under way here.")
"""What /stop is answered with; a crash may repeat it, as docs/ARCHITECTURE.md says of commands."""

BOOKS_S = 5.0
"""Seconds that the books may be behind Telegram's word when the process dies, on a machine that is busy."""
SAME_MOMENT_S = 0.1
"""Seconds between two answers of Telegram that a process may hear at once, and in any order."""


@dataclass
class Twice:
    """What chats were shown twice, counted by its cause."""

    causes: Counter[str] = field(default_factory=Counter)
    behind_s: list[float] = field(default_factory=list)


def judge(evidence: Evidence, twice: Twice) -> Iterator[str]:
    """Yield what is wrong; count what was shown twice for a cause."""
    yield from _whole(evidence)
    yield from _unexplained(evidence, twice)
    yield from _boards(evidence, twice)
    for life in evidence.lives:
        yield from (f"life {life.number} complains: {line}" for line in life.complaints)


def _whole(evidence: Evidence) -> Iterator[str]:
    for run_id, said in evidence.said.items():
        places: list[int] = []
        for row in said:
            pieces = evidence.delivered[row["id"]]
            texts = [
                shown.text
                for each in pieces
                if (shown := evidence.shown.get((each["chat_id"], each["telegram_message_id"])))
            ]
            signs = [sign for text in texts for sign in SIGN.findall(text)]
            if not texts or signs != SIGN.findall(row["text"]) or len(texts) != len(pieces):
                yield f"message {row['id']} of run {run_id} is not whole in its chat: {texts}"
            if row["failure_sentence"] and row["failure_sentence"] not in "".join(texts).replace("\n", " "):
                yield f"the failure of message {row['id']} is not told: {texts}"
            places.extend(each["telegram_message_id"] for each in pieces)
        is_discussion = any(row["kind"] == "notice" for row in said)
        if is_discussion and places != sorted(places):
            yield f"run {run_id} was told out of order: {places}"


def _unexplained(evidence: Evidence, twice: Twice) -> Iterator[str]:
    """Yield what stands twice without a cause, or should not stand there at all."""
    keys = {(sent.chat_id, sent.message_id): sent for sent in evidence.sent}
    booked = {(chat_id, keys[chat_id, number].text) for chat_id, number in evidence.booked if (chat_id, number) in keys}
    standing = {(boards[-1].chat_id, boards[-1].message_id) for boards in evidence.boards.values()}
    for key, sent in keys.items():
        if key in evidence.booked or key in standing or sent.text in REPLIES:
            continue
        life = evidence.life_of(sent)
        if not sent.is_board and (sent.chat_id, sent.text) not in booked:
            yield f"life {life.number} said something else in chat {sent.chat_id}: {sent.text!r}"
        elif cause := _cause(evidence, sent, twice):
            twice.causes[f"{'board' if sent.is_board else 'piece'}: {cause}"] += 1
        else:
            before_s = life.ended - sent.at
            yield f"twice without a cause, {before_s:.2f} s before the end of life {life.number}: {sent.text!r}"


def _cause(evidence: Evidence, sent: Sent, twice: Twice) -> str:
    """Return why a message is not in the books though Telegram took it; empty where it should be."""
    life = evidence.life_of(sent)
    told_at = sent.at
    if isinstance(sent.fault, Slow):
        told_at += sent.fault.seconds if sent.fault.after else 0
    elif sent.fault is not None and sent.fault.after:
        return "the confirmation was lost"
    # Pieces are booked in the order in which Telegram took them, so none is missing before one that is there.
    was_overtaken = not sent.is_board and evidence.last_booked.get(life.number, 0) > told_at + SAME_MOMENT_S
    if life.death is not None and life.ended <= told_at + BOOKS_S and not was_overtaken:
        twice.behind_s.append(life.ended - told_at)
        return "a kill between Telegram's acceptance and the book"
    return ""


def _boards(evidence: Evidence, twice: Twice) -> Iterator[str]:
    """Yield boards that do not show the end, or not that their run went on."""
    resumed = {int(words[-1]) for life in evidence.lives for line in life.log if (words := _RESUMING.findall(line))}
    for run_id, posted in evidence.boards.items():
        board = evidence.shown.get((posted[-1].chat_id, posted[-1].message_id))
        if board is None:
            yield f"the board of run {run_id} is gone"
        elif STOP in board.buttons:
            if not (cause := _cause(evidence, posted[-1], twice)):
                yield f"the board of run {run_id} looks as if that were under way: {board.text!r}"
            twice.causes[f"board that stays as it was: {cause}"] += 1
        elif max(text.count(RESUMED) for text in board.history) > 1:
            yield f"the board of run {run_id} says more than once that it went on"
        elif run_id not in resumed and RESUMED in board.text:
            yield f"the board of run {run_id} says that it went on, and it did not stop"
        elif run_id in resumed and not any(RESUMED in text for text in board.history):
            twice.causes["board that never said that its run went on, which was over soon"] += 1
