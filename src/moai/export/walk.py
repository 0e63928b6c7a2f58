"""The entries of a discussion as the parts of a document: where rounds begin, and what a ranking adds up to; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from moai.core.model import Entry, Message, Notice, PersonMessage, RoundKind
from moai.core.ranking import Standing, borda
from moai.core.titles import told_number


@dataclass(frozen=True, slots=True)
class Opening:
    """A round begins or, where others spoke in between, goes on; questions and rounds count from 1.

    `number` is what the chat was told, None where the round has a title. `is_back` tells that another question was put
    since the one that this round belongs to.
    """

    question: int
    number: int | None
    kind: RoundKind
    is_continued: bool = False
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, counted from 1 in its discussion."""

    number: int
    entry: PersonMessage


@dataclass(frozen=True, slots=True)
class Tally:
    """What the ballots of a ranking add up to; `ballots` are aliases, the best first, by the voter's alias."""

    run_id: int
    round_number: int
    ballots: Mapping[str, tuple[str, ...]]
    standings: tuple[Standing, ...]


Part = Asked | PersonMessage | Opening | Message | Notice | Tally

_Key = tuple[int, int]


class Walk:
    """Goes through one discussion; holds numbers, and of what was said the ballots that are not added up yet."""

    def __init__(self) -> None:
        self._questions: dict[int, int] = {}
        self._asked = 0
        self._round: _Key | None = None
        self._seen: set[_Key] = set()
        self._panels: dict[int, set[int]] = {}
        self._rankings: dict[_Key, dict[str, tuple[str, ...]]] = {}
        self._candidates: dict[int, dict[str, None]] = {}

    def parts(self, entry: Entry) -> Iterator[Part]:
        """Yield what an entry is in a document, after what has to stand before it."""
        match entry:
            case PersonMessage(is_question=True):
                self._round = None
                self._asked += 1
                self._questions[entry.run_id] = self._asked
                yield Asked(self._asked, entry)
            case Message():
                yield from self._opened(entry)
                self._take(entry)
                yield entry
            case Notice():
                counted = tuple(self._counted(entry.run_id))
                yield from counted
                if (told := _beside(entry) if counted else entry) is not None:
                    yield told
            case PersonMessage():
                yield entry

    def rest(self) -> Iterator[Part]:
        """Yield what is left when there are no more entries."""
        for key in tuple(self._rankings):
            yield from self._counted(key[0])

    def _opened(self, entry: Message) -> Iterator[Part]:
        key = (entry.run_id, entry.round_number)
        if key == self._round:
            return
        yield from self._counted(entry.run_id, under_way=entry.round_number)
        question = self._questions.get(entry.run_id, 0)
        number = told_number(entry.round_number, entry.round_kind, self._panels.get(entry.run_id, ()))
        yield Opening(question, number, entry.round_kind, key in self._seen, question != self._asked)
        if entry.round_kind is RoundKind.PANEL:
            self._panels.setdefault(entry.run_id, set()).add(entry.round_number)
        self._round = key
        self._seen.add(key)

    def _take(self, entry: Message) -> None:
        """Note who can be ranked, as the panel does: whoever gave a whole answer in its run; and what each ranks."""
        alias = entry.participant.alias
        if entry.round_kind in (RoundKind.DRAFTS, RoundKind.PANEL) and entry.failure is None:
            self._candidates.setdefault(entry.run_id, {})[alias] = None
        elif entry.round_kind is RoundKind.RANKING:
            ballots = self._rankings.setdefault((entry.run_id, entry.round_number), {})
            if entry.ranking:
                ballots[alias] = entry.ranking

    def _counted(self, run_id: int, under_way: int | None = None) -> Iterator[Tally]:
        for key in [each for each in self._rankings if each[0] == run_id and each[1] != under_way]:
            ballots = self._rankings.pop(key)
            if ballots:
                yield Tally(*key, ballots, tuple(borda(ballots, tuple(self._candidates.get(run_id, ())))))


def _beside(notice: Notice) -> Notice | None:
    """Return what the notice of a ranking says beside the table, which is told already: why the run ended."""
    last = notice.text.rpartition("\n\n")[2]
    return replace(notice, text=last) if notice.is_last and not last.startswith("|") else None
