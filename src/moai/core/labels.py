"""A discussion without names: others' answers under labels that are each reader's own; pure.

Names breed sycophancy, and labels cure it (arXiv 2510.07517). A reader's labels stay the same throughout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from moai.core.model import Entry, Message, PersonMessage, RoundKind, Transcript
from moai.core.prompts import Role, Turn
from moai.core.quoting import said
from moai.core.ranking import labels_for
from moai.core.stance import stance_line

OnPerson = Callable[[PersonMessage, Mapping[str, str]], Turn | None]


def labels_of(reader: str, transcript: Transcript) -> Mapping[str, str]:
    """Return by which label a reader knows each of the others, by alias; never the reader itself."""
    seated = [each.alias for each in transcript.run.participants]
    spoke = sorted({each.participant.alias for each in transcript.entries if isinstance(each, Message)} - set(seated))
    return labels_for(reader, (*sorted(seated), *spoke), seed=str(transcript.run.discussion_id))


def labelled(reader: str, transcript: Transcript, entries: Sequence[Entry], on_person: OnPerson) -> Iterator[Turn]:
    """Return what was said as a reader may see it: its own answer first in each round, then the others' by label.

    `on_person` makes turns of people's words, and is told what to call models in them.
    """
    labels = labels_of(reader, transcript)
    unnamed = _Unnamed(reader, labels, transcript)
    rounds: dict[tuple[int, int], list[Message]] = {}
    for each in entries:
        if isinstance(each, Message) and _is_shown(each):
            rounds.setdefault((each.run_id, each.round_number), []).append(each)
    for entry in entries:
        if isinstance(entry, Message):
            yield from unnamed.turns(rounds.pop((entry.run_id, entry.round_number), ()))
        elif isinstance(entry, PersonMessage) and (turn := on_person(unnamed.person(entry), labels)) is not None:
            yield turn


def _is_shown(message: Message) -> bool:
    # A consensus tells who holds what.
    return bool(message.text.strip()) and message.round_kind not in (RoundKind.RANKING, RoundKind.CONSENSUS)


class _Unnamed:
    """Takes the names out of what models said to one reader."""

    def __init__(self, reader: str, labels: Mapping[str, str], transcript: Transcript) -> None:
        self._reader = reader
        self._labels = labels
        asked = (each for each in transcript.entries if isinstance(each, PersonMessage) and each.is_question)
        words = " ".join(each.remark.text for each in asked if each.run_id <= transcript.run.id)
        # A name in the question may be the very thing in question.
        hidden = [alias for alias in (*labels, reader) if not _name(re.escape(alias)).search(words)]
        self._names = _name("|".join(map(re.escape, hidden))) if hidden else None

    def person(self, entry: PersonMessage) -> PersonMessage:
        """Return what a person said; in a remark, models are called by their labels as well."""
        if entry.is_question:
            return entry
        return replace(entry, remark=replace(entry.remark, text=self._without_names(entry.remark.text)))

    def turns(self, messages: Sequence[Message]) -> Iterator[Turn]:
        """Return one round."""
        for each in messages:
            if each.participant.alias == self._reader:
                yield Turn(Role.ASSISTANT, "\n\n".join(filter(None, (each.text, self._stance(each)))))
        others = [each for each in messages if each.participant.alias != self._reader]
        quoted = sorted((self._labels[each.participant.alias], self._text(each)) for each in others)
        if quoted:
            yield Turn(Role.USER, "\n\n".join(said(label, text) for label, text in quoted))

    def _text(self, message: Message) -> str:
        return "\n\n".join(filter(None, (self._without_names(message.text), self._stance(message))))

    def _stance(self, message: Message) -> str:
        return self._without_names(stance_line(message.stance)) if message.stance else ""

    def _without_names(self, text: str) -> str:
        return self._names.sub(self._label, text) if self._names else text

    def _label(self, found: re.Match[str]) -> str:
        return self._labels.get(found[0].removeprefix("@").lower(), "you")


def _name(pattern: str) -> re.Pattern[str]:
    # Models write their names with capitals, and aliases have none; GPT-5 is the name of something else.
    return re.compile(rf"(?<![\w@])(?<!\w-)@?(?:{pattern})(?!-?\w)", re.IGNORECASE)
