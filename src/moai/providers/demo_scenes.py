"""What a demo voice makes out of its prompt: the occasion, the question, who spoke, how far things are; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum, auto

from moai.core.prompts import Prompt, Role, Turn
from moai.core.quoting import ABOUT
from moai.core.wording import CONSENSUS_WANTED, GO_ON, RANKING_WANTED, ROUND_BEGINS
from moai.providers.text import mend

_QUOTE_LENGTH = 120
_SAID = re.compile(r'<said by="([^"\n]+)">\n(.*?)\n</said>', re.DOTALL)
_MODERATOR = ", as the moderator"
_STANCE = "STANCE:"
_RANKING = re.compile(r"^RANKING:(.+)", re.MULTILINE)
_ANOTHERS = '<said by="'
_NO_PERSON = re.compile(
    "|".join(
        (
            _ANOTHERS,
            rf"{re.escape(ROUND_BEGINS).replace(re.escape('{number}'), '[0-9]+')}\Z",
            rf"{re.escape(GO_ON)}\Z",
            re.escape(RANKING_WANTED.partition("{")[0]),
            re.escape(CONSENSUS_WANTED),
        )
    )
)
"""What MoAI itself says to a model, and what other models said; people may write between brackets too."""
_BROUGHT = re.compile(rf'\A(?:(?:{ABOUT}\n)?<(said|document) \w+="[^"\n]*">\n.*?\n</\1>\s*)+', re.DOTALL)
"""What a person's words are about, and the documents that come with them."""


class Occasion(Enum):
    """What a voice is asked for."""

    QUESTION = auto()
    DEBATE = auto()
    RANKING = auto()
    CONSENSUS = auto()


class Scene:
    """One prompt, as a voice understands it."""

    def __init__(self, prompt: Prompt) -> None:
        self._prompt = prompt
        texts = [turn.text for turn in prompt.turns if turn.role is Role.USER]
        self._asked = [text for text in texts if not _NO_PERSON.match(text) and _own_words(text)]
        self._rules = [text for text in texts if _STANCE in _SAID.sub("", text)]
        self._last = texts[-1] if texts else ""
        self._quoted = _SAID.findall("\n".join(texts))
        self._heard = _SAID.findall("\n".join(text for text in texts if text.startswith(_ANOTHERS)))

    @property
    def occasion(self) -> Occasion:
        """What is asked for: a question that somebody asks after a discussion is none of its turns."""
        if self._prompt.schema is not None:
            return Occasion.CONSENSUS
        if _RANKING.search(self._last):
            return Occasion.RANKING
        is_turn = _NO_PERSON.match(self._last) or _STANCE in self._last
        return Occasion.DEBATE if self._rules and is_turn and not self._is_draft else Occasion.QUESTION

    @property
    def question(self) -> str:
        """The question on one line, short enough to quote; where a discussion goes on, the one that it is about."""
        newest = _own_words(self._last) if self.occasion is Occasion.QUESTION else ""
        line = " ".join(mend(newest or _own_words(self._topic)).split()) or "nothing at all"
        if len(line) <= _QUOTE_LENGTH:
            return line
        return line[:_QUOTE_LENGTH].rsplit(" ", 1)[0].rstrip(",;:.") + " …"

    @property
    def heard(self) -> tuple[str, ...]:
        """The names or labels of the others who spoke, the last one last."""
        return _names(self._heard)

    @property
    def seen(self) -> tuple[str, ...]:
        """The names or labels of those who spoke or are quoted by people, the last one last."""
        return _names(self._quoted)

    @property
    def last_words(self) -> Mapping[str, str]:
        """What each of the others said last, by name or label."""
        return {mend(name): text for name, text in self._heard}

    @property
    def dissenters(self) -> tuple[str, ...]:
        """Those of the others who disagreed at any time."""
        said_no = {mend(name) for name, text in self._heard if re.search(r"STANCE: disagree", text)}
        return tuple(name for name in self.heard if name in said_no)

    @property
    def has_disagreed(self) -> bool:
        """Tell whether the voice itself disagreed at any time."""
        return any("STANCE: disagree" in turn.text for turn in self._own)

    @property
    def turns_taken(self) -> int:
        """How often the voice has spoken in the discussion: its answers with a stance at their end."""
        return sum(_STANCE in turn.text for turn in self._own)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the answers that are to be ranked."""
        wanted = _RANKING.findall(self._last)
        named = [label.strip() for label in wanted[-1].split(">")] if wanted else []
        return tuple(label for label in self.heard if label in named) or self.heard

    @property
    def _own(self) -> list[Turn]:
        return [turn for turn in self._prompt.turns if turn.role is Role.ASSISTANT]

    @property
    def _is_draft(self) -> bool:
        # The rules of a panel leave the stance out of an answer that was given before any other was seen.
        return not self._heard and bool(self._rules) and "[Rules of the panel" in self._rules[-1]

    @property
    def _topic(self) -> str:
        """Return the question of the newest run that has one, else the first that anybody asked.

        One about a quotation says little without it, and comes after those that stand alone.
        """
        asked = [*(text for text in reversed(self._rules) if _own_words(text)), *self._asked[:1]]
        return next((text for text in asked if not text.startswith(ABOUT)), next(iter(asked), ""))


def _own_words(text: str) -> str:
    """Return a person's words without the rules of a discussion, and without what they quote and bring."""
    return "\n\n".join(part for part in _BROUGHT.sub("", text).split("\n\n") if _STANCE not in part).strip()


def _names(said: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    names = reversed([name for name, _ in said if not name.endswith(_MODERATOR)])
    return tuple(reversed(tuple(dict.fromkeys(map(mend, names)))))
