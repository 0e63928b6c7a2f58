"""Reads the ranking out of a model's answer, however it is written down; counts nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from moai.core.plaintext import NUMBERED_ORNAMENT

_LONGEST_LINE = 1_000
_MOST_LINES = 500

_HEAD = re.compile(rf"{NUMBERED_ORNAMENT}(?:(?:my|the|final|overall)\s+){{0,2}}ranking\b", re.IGNORECASE)
_ITEM = re.compile(r"[\s:*_]*(?:\d{1,2}\s*[.):]|[-+•]|\*\s)")
_ASIDE = re.compile(r"\s\([^()]*\)")
_MARKUP = re.compile(r"[*_`~\"“”'\[\](){}#]+")
_NUMBER = re.compile(r"(?<![\w.-])\d{1,2}(?:(?:st|nd|rd|th)\b\s*[.):]?|\s*[.):](?!\w))", re.IGNORECASE)
_RUNG = re.compile(r"[>≥→➜»]")
_BETWEEN = re.compile(r"[<≤|,;=&/:]|\s[-–—]+\s|[–—]|\b(?:and|then|followed\s+by)\b", re.IGNORECASE)
_CALLED = re.compile(
    r"(?:(?:answer|response|option|model|participant|label|reply|best|worst|first|second|third|last|finally)s?\s+)+(?=\S)",
    re.IGNORECASE,
)


class BallotReader:
    """Knows the labels under which one reader was shown the others."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._labels = labels
        self._folded = {label.casefold(): alias for label, alias in labels.items()}

    def read(self, text: str) -> tuple[str, ...]:
        """Return whom an answer ranks, by alias, the best first and each once; nobody where it has no ranking."""
        lines = [line[:_LONGEST_LINE] for line in text.splitlines()[-_MOST_LINES:]]
        for number in range(len(lines) - 1, -1, -1):
            if (head := _HEAD.match(lines[number])) and (
                ranked := self._headed(lines[number][head.end() :], lines[number + 1 :])
            ):
                return tuple(dict.fromkeys(ranked))
        return self._bare(lines)

    def _headed(self, words: str, below: Sequence[str]) -> list[str]:
        """Return what stands behind the word RANKING or, where a list begins there or nothing is there, below it."""
        if ranked := self._line(_ASIDE.sub("", words)) or self._line(words):
            return ranked + (list(self._items(below)) if _ITEM.match(words) else [])
        return list(self._items(below))

    def _line(self, words: str) -> list[str]:
        """Return who is named in a line, in its order; a `<` between them turns it round."""
        rungs = _RUNG.split(words)
        if len(rungs) > 1:
            return [alias for rung in rungs for alias in self._rung(rung)]
        found = [alias for part in _parts(words) for alias in self._all_of(part)]
        return found[::-1] if "<" in words else found

    def _rung(self, words: str) -> list[str]:
        """Return who stands on one step of `B > A > C`; a reason may follow."""
        parts = _parts(words)
        found = [alias for part in takewhile(self._all_of, parts) for alias in self._all_of(part)]
        return found or list(self._first_of(parts))

    def _items(self, lines: Sequence[str]) -> Iterator[str]:
        """Yield the first label of each item of the list that begins there, after blank lines."""
        items = ((line, _ITEM.match(line)) for line in lines if line.strip())
        for line, item in takewhile(lambda each: each[1], items):
            yield from self._first_of(_parts(line[item.end() if item else 0 :]))

    def _all_of(self, part: str) -> list[str]:
        """Return the label that a part is, or those that it lists; none where it has other words."""
        whole = part.casefold()
        words = [whole] if whole in self._folded else whole.split()
        return [self._folded[each] for each in words] if all(each in self._folded for each in words) else []

    def _first_of(self, parts: Sequence[str]) -> Iterator[str]:
        """Yield the label that a part begins with; as it was given, since `a` may be an article."""
        for part in parts[:1]:
            word = part.split(maxsplit=1)[0].strip(".!?")
            if word in self._labels:
                yield self._labels[word]
            elif part.casefold() in self._folded:
                yield self._folded[part.casefold()]

    def _bare(self, lines: Sequence[str]) -> tuple[str, ...]:
        """Return what the last lines rank that hold labels and nothing else."""
        found: list[str] = []
        for line in (each for each in reversed(lines) if each.strip()):
            words = [word for part in _parts(" ".join(_RUNG.split(line))) for word in part.split()]
            if words and all(word in self._labels for word in words):
                found = self._line(line) + found
            elif found:
                break
        # A letter alone in a line may be anything.
        return tuple(dict.fromkeys(found)) if len(set(found)) >= min(2, len(self._labels)) else ()


def _parts(words: str) -> list[str]:
    plain = _NUMBER.sub(",", _MARKUP.sub(" ", words))
    parts = (_CALLED.sub("", each.strip(" .!-+•\t\r") + " ").strip() for each in _BETWEEN.split(plain))
    return [each for each in parts if each]
