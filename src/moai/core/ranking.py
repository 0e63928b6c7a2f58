"""Rankings without names: labels for each reader, and the Borda count over ballots; reads no ballot itself."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from moai.core.ballots import BallotReader
from moai.core.plaintext import escaped, one_line

_LETTERS = 26


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ballots give a model: its points, the most it could have had, its ballots, and how often it is first."""

    alias: str
    points: float
    most: float
    ballots: int
    firsts: int

    @property
    def share(self) -> float:
        """The points of the most that there could be, from 0 to 1; 0 where nobody ranked the model."""
        return self.points / self.most if self.most else 0.0


def label_names(count: int) -> tuple[str, ...]:
    """Return that many labels: A, B, … Z, AA, AB, …"""
    return tuple(_label_name(number) for number in range(count))


def labels_for(reader: str, aliases: Sequence[str], seed: str) -> Mapping[str, str]:
    """Return a label for everyone but the reader, by alias; always the same ones for a seed and a reader."""
    others = [alias for alias in dict.fromkeys(aliases) if alias != reader]
    names = list(label_names(len(others)))
    random.Random(f"{seed}:{reader}").shuffle(names)  # noqa: S311 - labels hide names from models, not from attackers
    return dict(zip(others, names, strict=True))


def read_ranking(text: str, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return whom an answer ranks, by alias, the best first; nobody where no ranking can be found in it.

    `labels` are the aliases by label. The last line that begins with RANKING counts, with a list that follows it;
    without one, the last lines that hold labels and nothing else.
    """
    return BallotReader(labels).read(text)


def borda(ballots: Mapping[str, tuple[str, ...]], candidates: Sequence[str]) -> tuple[Standing, ...]:
    """Return what ballots, by the voter's alias, give the candidates; the best first.

    A ballot over n candidates gives its first n-1 points, the next n-2, the last none (J.-C. de Borda, 1781);
    those whom it leaves out share the rest evenly. A voter is no candidate on its own ballot, and a ballot that
    names no candidate is none. The order is by points of the most there could be, so that nobody gains by lacking
    a ballot, then by first places, then by alias.
    """
    names = tuple(dict.fromkeys(candidates))
    tallies = [_tally(ranking, [each for each in names if each != voter]) for voter, ranking in ballots.items()]
    standings = [_standing(alias, [each for each in tallies if alias in each]) for alias in names]
    return tuple(sorted(standings, key=lambda each: (*_merit(each), each.alias)))


def table(standings: Sequence[Standing]) -> str:
    """Return standings as a Markdown table; those with the same points and first places share a place."""
    rows = [
        f"| {place} | {escaped(one_line(each.alias))} | {each.points:g} of {each.most:g} | {each.firsts} |"
        for place, each in _placed(standings)
    ]
    head = ("| Place | Model | Points | First places |", "|---:|:---|:---|---:|")
    return "\n".join((*head, *rows)) if rows else ""


def _label_name(number: int) -> str:
    name = ""
    number += 1
    while number:
        number, letter = divmod(number - 1, _LETTERS)
        name = chr(ord("A") + letter) + name
    return name


def _tally(ranking: Sequence[str], candidates: Sequence[str]) -> dict[str, tuple[float, int, bool]]:
    """Return for each candidate its points on a ballot, the most there were, and whether it is the first."""
    named = [each for each in dict.fromkeys(ranking) if each in candidates]
    if not named:
        return {}
    most = len(candidates) - 1
    shared = (len(candidates) - len(named) - 1) / 2
    points = {alias: float(most - place) for place, alias in enumerate(named)}
    return {alias: (points.get(alias, shared), most, alias == named[0]) for alias in candidates}


def _standing(alias: str, tallies: Sequence[Mapping[str, tuple[float, int, bool]]]) -> Standing:
    own = [each[alias] for each in tallies]
    points, most, firsts = (sum(column) for column in zip(*own, strict=True)) if own else (0, 0, 0)
    return Standing(alias, float(points), float(most), len(own), int(firsts))


def _merit(standing: Standing) -> tuple[float, int]:
    return -standing.share, -standing.firsts


def _placed(standings: Sequence[Standing]) -> Iterator[tuple[int, Standing]]:
    place = 0
    for number, each in enumerate(standings, start=1):
        if number == 1 or _merit(each) != _merit(standings[number - 2]):
            place = number
        yield place, each
