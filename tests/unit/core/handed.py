"""Models to ask at once, and an `on_answers` that keeps, waits and fails as it is told; owns no test."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from moai.core.asking import Ask
from moai.core.model import Answer, Participant
from moai.core.prompts import Prompt
from moai.testing import ScriptedClient, Step

PROMPT = Prompt("system", ())


def an_ask(who: Participant, *steps: Step) -> Ask:
    """Return what asks a model that goes through these steps."""
    return Ask(ScriptedClient(who, *steps), PROMPT, lambda _: None)


class Handed:
    """Keeps the answers that it is handed, each batch after `pause_s` seconds; fails for those in `faults`."""

    def __init__(self, pause_s: float = 0.0, faults: dict[str, Exception] | None = None) -> None:
        self.answers: list[Answer] = []
        self.begun: list[tuple[str, ...]] = []
        self.batches: list[tuple[str, ...]] = []
        self._pause_s = pause_s
        self._faults = faults or {}

    async def __call__(self, answers: Sequence[Answer]) -> None:
        aliases = tuple(answer.participant.alias for answer in answers)
        assert self.begun == self.batches, "one call at a time"
        self.begun.append(aliases)
        try:
            await asyncio.sleep(self._pause_s)
        finally:
            self.batches.append(aliases)
        for alias in aliases:
            if fault := self._faults.get(alias):
                raise fault
        self.answers.extend(answers)

    @property
    def aliases(self) -> list[str]:
        return [answer.participant.alias for answer in self.answers]
