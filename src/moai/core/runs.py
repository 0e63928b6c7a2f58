"""The tasks of the process: the only place that creates, names, cancels and awaits them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from moai.core.model import Place, Run
from moai.core.tracing import NOBODY, Trace, context_of, trace_of
from moai.errors import MoaiError

logger = logging.getLogger(__name__)

Work = Coroutine[Any, Any, None]
OnCrash = Callable[[str, BaseException], None]
"""Takes a task's name and what ended it; a bug in a task is heard here, never swallowed."""


class TaskOwner:
    """Owns named tasks: keeps them alive, hears their crashes, ends them within a deadline."""

    def __init__(self, on_crash: OnCrash | None = None) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._on_crash = on_crash
        self._closed = False

    def __len__(self) -> int:
        return len(self._tasks)

    def __contains__(self, name: str) -> bool:
        task = self._tasks.get(name)
        return task is not None and not task.done()

    def start(self, name: str, work: Work, trace: Trace = NOBODY) -> bool:
        """Run `work` as a task of that name; return False where one is running already, or the owner is closed."""
        if self._closed or name in self:
            work.close()
            return False
        # Its own, since what a run starts, such as a chat's lane, outlives it and works for others too.
        context = context_of(trace)
        task = asyncio.create_task(work, name=name, context=context)
        self._tasks[name] = task
        task.add_done_callback(self._finished, context=context)
        return True

    async def stop(self, name: str) -> bool:
        """Cancel the task of that name and wait until it has ended; return whether there was one."""
        task = self._tasks.get(name)
        if task is None or not task.cancel():
            return False
        await asyncio.wait({task})
        return True

    async def wait(self, deadline_s: float) -> None:
        """Wait for the tasks that run now, `deadline_s` seconds at the most."""
        if tasks := set(self._tasks.values()):
            await asyncio.wait(tasks, timeout=deadline_s)

    async def close(self, deadline_s: float) -> None:
        """Cancel every task and wait for them, `deadline_s` seconds at the most; nothing starts afterwards."""
        self._closed = True
        for task in self._tasks.values():
            task.cancel()
        await self.wait(deadline_s)
        for name in self._tasks:
            if name in self:
                logger.error("task %s did not stop within %s s", name, deadline_s)

    def _finished(self, task: asyncio.Task[None]) -> None:
        name = task.get_name()
        # A task that is done is succeeded at once, possibly before this callback is called.
        if self._tasks.get(name) is task:
            del self._tasks[name]
        if task.cancelled() or (error := task.exception()) is None:
            return
        if isinstance(error, MoaiError):
            logger.error("task %s ended: %s", name, error.sentence)
        else:
            logger.error("task %s ended with a bug", name, exc_info=error)
        if self._on_crash is not None:
            self._on_crash(name, error)


@asynccontextmanager
async def cut_short_by(event: asyncio.Event) -> AsyncIterator[None]:
    """Do what is in the block until the event is set, which cancels it where it is; no error comes of that."""
    watch = TaskOwner()
    try:
        async with asyncio.timeout(None) as block:

            async def cut() -> None:
                await event.wait()
                block.reschedule(0)

            watch.start("cut", cut())
            yield
    except TimeoutError:
        if not block.expired():
            raise
    finally:
        await watch.close(deadline_s=1.0)


class RunRegistry:
    """The runs that are under way, by their ids."""

    def __init__(self) -> None:
        self._owner = TaskOwner()
        self._runs: dict[int, Run] = {}

    def __len__(self) -> int:
        return len(self._owner)

    def __contains__(self, run_id: int) -> bool:
        return _name(run_id) in self._owner

    def start(self, run: Run, work: Work) -> bool:
        """Take a run on; return False where it is under way already, or MoAI is stopping."""
        is_started = self._owner.start(_name(run.id), work, trace_of(run))
        if is_started:
            self._runs = {run_id: each for run_id, each in self._runs.items() if run_id in self}
            self._runs[run.id] = run
        return is_started

    def under_way(self, place: Place) -> tuple[Run, ...]:
        """Return the runs that are under way in a place, the oldest first, as they were when they were started."""
        return tuple(each for run_id, each in self._runs.items() if each.place == place and run_id in self)

    def everywhere(self) -> tuple[Run, ...]:
        """Return the runs that are under way in all places, as they were when they were started."""
        return tuple(each for run_id, each in self._runs.items() if run_id in self)

    async def stop(self, run_id: int) -> bool:
        """Cancel a run and wait until it has ended; return whether it was under way."""
        return await self._owner.stop(_name(run_id))

    async def close(self, deadline_s: float) -> None:
        """Let go of every run within `deadline_s` seconds; their rows stay running, to be resumed."""
        await self._owner.close(deadline_s)


def _name(run_id: int) -> str:
    return f"run-{run_id}"
