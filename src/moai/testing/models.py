"""An AIClient with a script, which waits, speaks and fails as it is told; owns no vendor."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

from moai.core.model import Completion, Participant, Timing, Usage
from moai.core.ports import OnText
from moai.core.prompts import Prompt


class Gate:
    """Holds an answer at its place in a script until it is opened; `reached` is set once one has come there."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._opened = asyncio.Event()

    def open(self) -> None:
        """Let the answers that wait, and those that are still to come, go on."""
        self._opened.set()

    async def wait(self) -> None:
        """Wait until the gate is open."""
        self.reached.set()
        await self._opened.wait()


Step = str | BaseException | asyncio.Event | Gate | Callable[[Prompt], str]
"""Words to say, an error to raise, something to wait for, or what makes words of the prompt."""

Script = Step | Sequence[Step]
"""What becomes of one call."""


class ScriptedClient:
    """An AIClient that goes through its steps each time that it is asked, and remembers what it was asked.

    `calls` are the scripts of its first calls, one each; its steps are for those after them. Whoever asks it more
    often than it has scripts, where it has no steps, gets an AssertionError.
    """

    def __init__(
        self,
        participant: Participant,
        *steps: Step,
        calls: Iterable[Script] = (),
        usage: Usage | None = None,
        timing: Timing | None = None,
    ) -> None:
        self.participant = participant
        self.prompts: list[Prompt] = []
        self.cancelled = 0
        self._usage = usage or Usage()
        self._timing = timing or Timing()
        self._steps = steps
        self._calls = tuple(calls)

    async def complete(self, prompt: Prompt) -> Completion:
        """Return the words of the script; raise its error."""
        return await self.stream(prompt, lambda _: None)

    async def stream(self, prompt: Prompt, on_text: OnText) -> Completion:
        """Return the words of the script, handing each to `on_text`; raise its error."""
        self.prompts.append(prompt)
        said = ""
        for step in self._script(len(self.prompts)):
            if isinstance(step, BaseException):
                raise step
            if isinstance(step, asyncio.Event | Gate):
                await self._wait(step)
            else:
                words = step if isinstance(step, str) else step(prompt)
                on_text(words)
                said += words
        return Completion(said, self.participant.model, self._usage, self._timing)

    def _script(self, call: int) -> Sequence[Step]:
        if call > len(self._calls):
            if self._calls and not self._steps:
                raise AssertionError(
                    f"{self.participant.alias} is asked {call} times, and has {len(self._calls)} scripts"
                )
            return self._steps
        script = self._calls[call - 1]
        return script if isinstance(script, Sequence) and not isinstance(script, str) else (script,)

    async def _wait(self, event: asyncio.Event | Gate) -> None:
        try:
            await event.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
