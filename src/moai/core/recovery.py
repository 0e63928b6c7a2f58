"""Runs beyond a person's word: taken up after a stop or crash, ended with their chat or project, moved with it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta

from moai.core.closing import told_of_end
from moai.core.events import RunClosed, RunStarted
from moai.core.host import Host
from moai.core.model import Run, Status
from moai.core.ports import Clock, Publish
from moai.core.runs import RunRegistry
from moai.core.stores import ChatStore, DiscussionStore

logger = logging.getLogger(__name__)

TOO_OLD_SENTENCE = (
    "A restart interrupted this too long ago to go on by itself. What was said is kept; press Go on, or ask again."
)


class RunKeeper:
    """Starts, stops and moves runs; `resume_within_s` is the age in seconds up to which a run is taken up again."""

    def __init__(
        self,
        host: Host,
        runs: RunRegistry,
        discussions: DiscussionStore,
        chats: ChatStore,
        publish: Publish,
        clock: Clock,
        resume_within_s: float,
    ) -> None:
        self._host = host
        self._runs = runs
        self._discussions = discussions
        self._chats = chats
        self._publish = publish
        self._clock = clock
        self._resume_within_s = resume_within_s

    async def take_up(self) -> None:
        """Go on with every running run at the seat where it stopped; close those that are too old.

        What ended so shortly before the stop that its board does not show it, is shown.
        """
        untold = await self._discussions.ends_untold(self._clock.now() - timedelta(seconds=self._resume_within_s))
        for run_id in await self._discussions.running():
            transcript = await self._discussions.transcript(run_id)
            if (self._clock.now() - transcript.run.created_at).total_seconds() <= self._resume_within_s:
                logger.info("going on with run %s", run_id)
                self._host.go_on(transcript, resumed=True)
            else:
                await self._close_old(transcript.run)
        for run_id in untold:
            self._host.show_end(await self._discussions.transcript(run_id))

    async def stop(self, *, chat_id: int | None = None, project_id: int | None = None) -> int:
        """Stop the runs of a chat or a project now, keeping what was said; return how many there were."""
        run_ids = await self._discussions.running(chat_id=chat_id, project_id=project_id)
        return sum([await self._host.end(run_id) for run_id in run_ids])

    async def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Let a group's runs, and all that it has, go on in the supergroup that it became."""
        run_ids = await self._discussions.running(chat_id=old_chat_id)
        for run_id in run_ids:
            await self._runs.stop(run_id)
        try:
            await self._chats.move(old_chat_id, new_chat_id)
        finally:
            # Where it could not be stored they go on where they were; the other chat's word for it comes yet.
            await self._go_on(run_ids)

    async def _go_on(self, run_ids: Iterable[int]) -> None:
        for run_id in run_ids:
            transcript = await self._discussions.transcript(run_id)
            if transcript.run.status is Status.RUNNING:
                self._host.go_on(transcript)
            else:
                # It was stopped while its end was being stored, and nobody was told of that yet.
                await self._host.end(run_id)

    async def _close_old(self, run: Run) -> None:
        notice = await self._discussions.close_run(run.id, Status.STOPPED, told_of_end(TOO_OLD_SENTENCE))
        self._publish(RunStarted(run))
        self._publish(RunClosed(run.id, Status.STOPPED, notice))
