"""Whose work the current task does, so that each line of the log can tell; owns no log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, replace

from moai.core.model import Run


@dataclass(frozen=True, slots=True)
class Trace:
    """A run, its discussion, and the model that is being asked; None and empty where it is nobody's."""

    discussion_id: int | None = None
    run_id: int | None = None
    alias: str = ""


NOBODY = Trace()

_current: ContextVar[Trace] = ContextVar("trace", default=NOBODY)


def trace_of(run: Run) -> Trace:
    """Return the trace of what is done for a run."""
    return Trace(run.discussion_id, run.id)


def context_of(trace: Trace) -> Context:
    """Return a context for a new task; what it inherits of the task that starts it, the trace is not part of."""
    context = copy_context()
    context.run(_current.set, trace)
    return context


@contextmanager
def asking(alias: str) -> Iterator[None]:
    """Let what is done meanwhile be traced to that model too."""
    token = _current.set(replace(_current.get(), alias=alias))
    try:
        yield
    finally:
        _current.reset(token)


def current_trace() -> Mapping[str, str | int]:
    """Return what is known of the current task's work: `discussion`, `run` and `model`, those that there are."""
    trace = _current.get()
    named = {"discussion": trace.discussion_id, "run": trace.run_id, "model": trace.alias or None}
    return {name: value for name, value in named.items() if value is not None}
