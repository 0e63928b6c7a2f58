"""Answers that are being written: what came of them so far, for when they are stopped; stores nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from moai.core.counting import counted
from moai.core.model import Answer, Completion, Failure, Participant, Round, Timing, Transcript
from moai.core.modes.plan import RoundPlan
from moai.core.ports import Clock, OnText
from moai.core.prompts import Prompt
from moai.core.reading import QUIET, may_have_stances, read
from moai.core.stance import StanceFilter

STOPPED = Failure("Stopped", "Stopped before its end.")
"""What a partial answer is marked with."""

Publish = Callable[[str, str], None]
"""Takes an alias and the words that the chat may see of it."""


@dataclass(slots=True)
class _Growing:
    participant: Participant
    since: float
    is_heard: bool = False
    seen: list[str] = field(default_factory=list)
    whole: Answer | None = None


class Growth:
    """One step of a round: who is being asked, what each has said up to now, and what was read out of whole answers."""

    def __init__(
        self,
        transcript: Transcript,
        plan: RoundPlan,
        opened: Round,
        prompts: Mapping[str, Prompt],
        clock: Clock,
    ) -> None:
        self.opened = opened
        self._prompts = prompts
        self._transcript = transcript
        self._plan = plan
        self._clock = clock
        self._growing: dict[str, _Growing] = {}

    def hear(self, participant: Participant, publish: Publish) -> OnText:
        """Return what takes the words of a model as they come."""
        growing = self._growing[participant.alias] = _Growing(participant, self._clock.monotonic())
        show = self._filter()

        def grow(text: str) -> None:
            seen = show(text)
            if seen or not growing.is_heard:
                growing.is_heard = True
                growing.seen.append(seen)
                publish(participant.alias, seen)

        return grow

    def take(self, answer: Answer) -> None:
        """Keep an answer, with what its round asks for read out of it, until it is `stored`."""
        self._growing[answer.participant.alias].whole = read(answer, self._transcript, self._plan)

    def read(self, answers: Sequence[Answer]) -> tuple[Answer, ...]:
        """Return answers that were taken as they were read."""
        return tuple(self._growing[each.participant.alias].whole or each for each in answers)

    def stored(self, answers: Iterable[Answer]) -> None:
        """Forget what is stored."""
        for each in answers:
            self._growing.pop(each.participant.alias, None)

    def cut(self) -> tuple[Answer, ...]:
        """Return what a stop leaves: whole answers that were not stored yet, and the beginnings of the others."""
        growing = self._growing.values()
        return tuple(each.whole or self._partial(each) for each in growing if each.whole or any(each.seen))

    def _filter(self) -> Callable[[str], str]:
        """Return what takes away from growing words what the chat does not show."""
        if self._plan.kind in QUIET:
            return lambda _: ""
        return StanceFilter().feed if may_have_stances(self._plan) else lambda text: text

    def _partial(self, growing: _Growing) -> Answer:
        who, timing = growing.participant, Timing(total_s=self._clock.monotonic() - growing.since)
        beginning = Answer(who, Completion("".join(growing.seen), who.model, timing=timing), STOPPED)
        return counted(beginning, self._prompts[who.alias])
