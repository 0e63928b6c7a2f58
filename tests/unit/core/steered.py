"""A table at which one model waits in mid-sentence while people steer the run; owns no test."""

from __future__ import annotations

from moai.core.commands import AskModels, StartDiscussion
from moai.core.model import Message, Place, Run
from moai.testing import Gate, ScriptedClient
from tests.support.clock import settle
from tests.support.core import Core
from tests.support.people import CLAUDE, GEMINI, GPT, PRIVATE, a_question

MOVED = "Said.\nSTANCE: disagree — cheap (moved by claude)"


class Table(Core):
    """Claude speaks; GPT waits at a gate in mid-sentence, in each of its turns; Gemini speaks."""

    def __init__(self) -> None:
        self.gate = Gate()
        self.claude, self.gemini = ScriptedClient(CLAUDE, MOVED), ScriptedClient(GEMINI, MOVED)
        self.gpt = ScriptedClient(GPT, "Half of ", self.gate, "it.\nSTANCE: disagree (moved by claude)")
        super().__init__(self.claude, self.gpt, self.gemini)

    async def begin(self, mode: str = "discuss", place: Place = PRIVATE, rounds: int = 2) -> Run:
        """Begin a run, and let it go on until it waits for GPT."""
        question = a_question(message_id=None)
        command = (
            AskModels(place, question, None) if mode == "ask" else StartDiscussion(place, question, mode, None, rounds)
        )
        run = (await self.host.start(command)).run
        await settle()
        assert self.gate.reached.is_set()
        return run

    async def end(self) -> None:
        self.gate.open()
        while len(self.runs):
            await settle()

    def answers_of(self, run: Run) -> tuple[Message, ...]:
        return tuple(each for each in self.stores.tables.answers if each.run_id == run.id)


def said(messages: tuple[Message, ...]) -> list[tuple[str, str, bool]]:
    return [(each.participant.alias, each.text, each.failure is None) for each in messages]
