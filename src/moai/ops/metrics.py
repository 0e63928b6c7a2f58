"""What happens in runs, counted for Prometheus: a sink of the core's events; draws nothing and stores nothing."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest

from moai.core.events import AnswerArrived, Event, ModelFailed, ModelsAsked, RunClosed, RunStarted
from moai.core.model import Message
from moai.ops.collector import FiguresCollector
from moai.ops.figures import Figures

FIRST_WORD_S = (0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60)
WHOLE_ANSWER_S = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600)
UNKNOWN = "unknown"
"""The mode of a run whose start was not heard."""


class Metrics:
    """Counts in a registry of its own, so that nothing of the process is shared."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._modes: dict[int, str] = {}
        self._figures = FiguresCollector(Figures)
        registry.register(self._figures)
        ProcessCollector(registry=registry)
        self._started = Counter("moai_runs_started", "Runs that people began.", ["mode"], registry=registry)
        self._resumed = Counter("moai_runs_resumed", "Runs taken up after a restart.", ["mode"], registry=registry)
        self._ended = Counter("moai_runs_ended", "Runs that are over.", ["mode", "status"], registry=registry)
        self._asks = Counter("moai_asks", "Questions put to a model.", ["model"], registry=registry)
        self._answers = Counter("moai_answers", "Whole answers of a model.", ["model"], registry=registry)
        self._failures = Counter(
            "moai_failures", "Answers that failed, by the error's name.", ["model", "code"], registry=registry
        )
        self._tokens = Counter(
            "moai_tokens", "Tokens as vendors count them.", ["model", "direction"], registry=registry
        )
        self._dollars = Counter("moai_cost_usd", "US dollars, as far as they are known.", ["model"], registry=registry)
        self._first_word = Histogram(
            "moai_first_word_seconds",
            "Seconds until a model's first word.",
            ["model"],
            buckets=FIRST_WORD_S,
            registry=registry,
        )
        self._whole_answer = Histogram(
            "moai_answer_seconds",
            "Seconds until a model's whole answer.",
            ["model"],
            buckets=WHOLE_ANSWER_S,
            registry=registry,
        )

    def read(self, figures: Callable[[], Figures]) -> None:
        """Show these from now on, as they stand when Prometheus asks."""
        self._figures.read = figures

    def publish(self, event: Event) -> None:
        """Count what happened; takes microseconds and never raises."""
        match event:
            case RunStarted():
                self._modes[event.run.id] = event.run.mode
                (self._resumed if event.resumed else self._started).labels(event.run.mode).inc()
            case ModelsAsked():
                for alias in event.aliases:
                    self._asks.labels(alias).inc()
            case AnswerArrived() | ModelFailed():
                self._take(event.message)
            case RunClosed():
                self._ended.labels(self._modes.pop(event.run_id, UNKNOWN), event.status.value).inc()
            case _:
                pass

    def exposition(self) -> bytes:
        """Return all of it in Prometheus' text format."""
        return generate_latest(self._registry)

    def _take(self, message: Message) -> None:
        alias, usage, timing = message.participant.alias, message.usage, message.timing
        if message.failure is None:
            self._answers.labels(alias).inc()
            self._whole_answer.labels(alias).observe(timing.total_s)
        else:
            self._failures.labels(alias, message.failure.code).inc()
        if timing.first_token_s is not None:
            self._first_word.labels(alias).observe(timing.first_token_s)
        # A counter refuses what is below zero, and a vendor may send anything.
        self._tokens.labels(alias, "input").inc(max(0, usage.input_tokens or 0))
        self._tokens.labels(alias, "output").inc(max(0, usage.output_tokens or 0))
        self._dollars.labels(alias).inc(max(0.0, usage.cost_usd or 0.0))
