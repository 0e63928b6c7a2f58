"""An AIClient with a script, which waits, speaks and fails as it is told; owns no vendor."""

from __future__ import annotations

import asyncio

from moai.core.model import Completion, Participant, Prompt
from moai.core.ports import OnText

Step = str | BaseException | asyncio.Event
"""Words to say, an error to raise, or something to wait for."""


class ScriptedClient:
    """An AIClient that goes through its steps each time that it is asked, and remembers what it was asked."""

    def __init__(self, participant: Participant, *steps: Step) -> None:
        self.participant = participant
        self.prompts: list[Prompt] = []
        self.cancelled = 0
        self._steps = steps

    async def complete(self, prompt: Prompt) -> Completion:
        """Return the words of the script; raise its error."""
        return await self.stream(prompt, lambda _: None)

    async def stream(self, prompt: Prompt, on_text: OnText) -> Completion:
        """Return the words of the script, handing each to `on_text`; raise its error."""
        self.prompts.append(prompt)
        said = ""
        for step in self._steps:
            if isinstance(step, BaseException):
                raise step
            if isinstance(step, asyncio.Event):
                await self._wait(step)
            else:
                on_text(step)
                said += step
        return Completion(said, self.participant.model)

    async def _wait(self, event: asyncio.Event) -> None:
        try:
            await event.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
