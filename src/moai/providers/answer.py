"""One attempt's answer while it grows: its words, its end, its times; owns no network and raises nothing."""

from __future__ import annotations

from collections.abc import Callable

from moai.core.model import Completion, Timing, Usage
from moai.core.ports import OnText
from moai.providers.text import SurrogateJoiner, ThoughtFilter
from moai.providers.wire import NOTHING, UNCOUNTED, End, Piece


class GrowingAnswer:
    """Collects pieces and hands on their words; `started_at` is the first attempt's, in `clock`'s seconds."""

    def __init__(
        self, on_text: OnText, *, inline_thoughts: bool, started_at: float, clock: Callable[[], float]
    ) -> None:
        self._on_text = on_text
        self._clock = clock
        self._started_at = started_at
        self._joiner = SurrogateJoiner()
        self._thoughts = ThoughtFilter() if inline_thoughts else None
        self._texts: list[str] = []
        self._first_token_s: float | None = None
        self._model = ""
        self._usage = Usage()
        self.note = ""
        self.end: End | None = None
        self.heard = False

    @property
    def text(self) -> str:
        """All words so far, but for thoughts that turned out to be some after they were handed on."""
        words = "".join(self._texts)
        return self._thoughts.without_unopened(words) if self._thoughts else words

    @property
    def spoken(self) -> bool:
        """Tell whether a word was handed on."""
        return bool(self._texts)

    def add(self, piece: Piece) -> None:
        """Take the next piece; the first end stands, but for a refusal, which may come after one."""
        if not self.heard:
            self.heard = piece != NOTHING
        self._model = piece.model or self._model
        if piece.usage is not UNCOUNTED:
            self._usage = _newer(self._usage, piece.usage)
        self.note += piece.note
        if piece.text:
            self._say(self._filtered(piece.text))
        if piece.end and (self.end is None or piece.end is End.REFUSED):
            self._finish(piece.end)

    def completion(self, requested_model: str) -> Completion:
        """Return the whole answer."""
        return Completion(
            text=self.text,
            model=self._model or requested_model,
            usage=self._usage,
            timing=Timing(self._first_token_s, self._elapsed_s()),
            truncated=self.end is End.LENGTH,
        )

    def _finish(self, end: End) -> None:
        self.end = end
        rest = self._filtered(self._joiner.flush())
        self._say(rest + (self._thoughts.flush() if self._thoughts else ""))

    def _filtered(self, text: str) -> str:
        whole = self._joiner.feed(text)
        return self._thoughts.feed(whole) if self._thoughts else whole

    def _say(self, text: str) -> None:
        if not text:
            return
        if self._first_token_s is None:
            self._first_token_s = self._elapsed_s()
        self._texts.append(text)
        self._on_text(text)

    def _elapsed_s(self) -> float:
        return self._clock() - self._started_at


def _newer(old: Usage, new: Usage) -> Usage:
    """Return the newer counts, and the older ones where the vendor did not say again."""
    return Usage(
        old.input_tokens if new.input_tokens is None else new.input_tokens,
        old.output_tokens if new.output_tokens is None else new.output_tokens,
        old.cost_usd if new.cost_usd is None else new.cost_usd,
    )
