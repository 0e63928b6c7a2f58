"""The core with a keeper of its runs; owns no test."""

from __future__ import annotations

from moai.core.model import Run
from moai.core.ports import AIClient
from moai.core.recovery import RunKeeper
from moai.core.runs import RunRegistry
from tests.support.clock import settle
from tests.support.fakes import Core


class Kept(Core):
    """The core on fakes, and the keeper that takes up, stops and moves its runs."""

    def __init__(self, *clients: AIClient, resume_within_s: float = 3600) -> None:
        super().__init__(*clients)
        self.runs = RunRegistry()
        stores = self.stores
        self.keeper = RunKeeper(
            self.orchestrator, self.runs, stores.discussions, stores.chats, self._publish, self.clock, resume_within_s
        )

    async def start(self, *runs: Run) -> None:
        """Let runs go on until they wait for something."""
        for run in runs:
            transcript = await self.stores.discussions.transcript(run.id)
            self.runs.start(run.id, self.orchestrator.run(transcript))
        await settle()
