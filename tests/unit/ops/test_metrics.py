"""What is counted of runs and read of the rooms, in Prometheus' own words."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from moai.core.events import (
    AnswerArrived,
    AnswerGrew,
    Event,
    HistoryCut,
    ModelFailed,
    ModelsAsked,
    RoundClosed,
    RunChanged,
    RunClosed,
    RunStarted,
)
from moai.core.model import Failure, Message, Status, Timing, Usage
from moai.ops.figures import COUNTERS, GAUGES, Figures
from moai.ops.metrics import Metrics
from tests.support.fakes import a_message, a_run
from tests.support.theatre import a_round

Samples = dict[tuple[str, tuple[str, ...]], float]


def samples(metrics: Metrics) -> Samples:
    # Labels stand in the order of their names.
    families = text_string_to_metric_families(metrics.exposition().decode())
    return {
        (each.name, tuple(value for _, value in sorted(each.labels.items()))): each.value
        for family in families
        for each in family.samples
    }


def an_answer(**changes: object) -> Message:
    usage, timing = Usage(input_tokens=100, output_tokens=20, cost_usd=0.5), Timing(first_token_s=0.7, total_s=4.0)
    return a_message(**{"usage": usage, "timing": timing, **changes})


def counted(*events: Event) -> Samples:
    metrics = Metrics()
    for event in events:
        metrics.publish(event)
    return samples(metrics)


def test_runs_are_counted_by_mode_and_how_they_ended() -> None:
    found = counted(
        RunStarted(a_run(1, mode="discuss")),
        RunStarted(a_run(2)),
        RunStarted(a_run(3), resumed=True),
        RunClosed(1, Status.STOPPED),
        RunClosed(2, Status.DONE),
        RunClosed(3, Status.DONE),
        RunClosed(9, Status.FAILED),
    )

    assert found["moai_runs_started_total", ("discuss",)] == 1
    assert found["moai_runs_started_total", ("open",)] == 1
    assert found["moai_runs_resumed_total", ("open",)] == 1
    assert found["moai_runs_ended_total", ("discuss", "stopped")] == 1
    assert found["moai_runs_ended_total", ("open", "done")] == 2
    assert found["moai_runs_ended_total", ("unknown", "failed")] == 1


def test_asks_answers_tokens_and_dollars_are_counted_by_model() -> None:
    found = counted(
        ModelsAsked(1, ("claude", "gpt")), ModelsAsked(1, ("claude",)), *[AnswerArrived(1, an_answer())] * 2
    )

    assert found["moai_asks_total", ("claude",)] == 2
    assert found["moai_asks_total", ("gpt",)] == 1
    assert found["moai_answers_total", ("claude",)] == 2
    assert found["moai_tokens_total", ("input", "claude")] == 200
    assert found["moai_tokens_total", ("output", "claude")] == 40
    assert found["moai_cost_usd_total", ("claude",)] == 1.0


def test_latencies_are_histograms() -> None:
    found = counted(AnswerArrived(1, an_answer()))

    assert found["moai_first_word_seconds_bucket", ("0.5", "claude")] == 0
    assert found["moai_first_word_seconds_bucket", ("1.0", "claude")] == 1
    assert found["moai_first_word_seconds_sum", ("claude",)] == 0.7
    assert found["moai_answer_seconds_bucket", ("2.0", "claude")] == 0
    assert found["moai_answer_seconds_bucket", ("5.0", "claude")] == 1


def test_a_failure_is_counted_by_its_name_and_has_no_whole_answer() -> None:
    failure = Failure("RateLimited", "Wait.", retryable=True)
    found = counted(ModelFailed(1, an_answer(failure=failure, timing=Timing(total_s=3.0), usage=Usage())))

    assert found["moai_failures_total", ("RateLimited", "claude")] == 1
    assert found["moai_tokens_total", ("input", "claude")] == 0
    assert not [name for name, _ in found if name.startswith(("moai_answer_", "moai_first_word", "moai_answers"))]


numbers = st.none() | st.integers() | st.floats()
messages = st.builds(
    an_answer,
    usage=st.builds(Usage, numbers, numbers, numbers),
    timing=st.builds(Timing, st.none() | st.floats(), st.floats()),
    failure=st.none() | st.builds(Failure, st.text(), st.text()),
)
events = st.one_of(
    st.builds(RunStarted, st.builds(a_run, st.integers(1, 3), mode=st.text()), resumed=st.booleans()),
    st.builds(RunClosed, st.integers(1, 3), st.sampled_from(Status), st.text()),
    st.builds(ModelsAsked, st.just(1), st.tuples(st.text(), st.text())),
    st.builds(AnswerArrived, st.just(1), messages),
    st.builds(ModelFailed, st.just(1), messages),
    st.just(AnswerGrew(1, "claude", "x")),
    st.just(HistoryCut(1, ("claude",))),
    st.just(RunChanged(a_run())),
    st.just(RoundClosed(1, a_round())),
)


@given(st.lists(events, max_size=8))
def test_no_course_of_events_raises_or_spoils_what_is_read(happened: list[Event]) -> None:
    assert all(value >= 0 or math.isnan(value) for (name, _), value in counted(*happened).items() if "_sum" not in name)


def test_each_figure_is_explained_and_shown_under_its_name() -> None:
    figures = Figures(**{name: number for number, name in enumerate([*COUNTERS, *GAUGES], start=1)})
    metrics = Metrics()
    metrics.read(lambda: figures)

    found = samples(metrics)

    shown = {f"moai_{name}_total": name for name in COUNTERS} | {f"moai_{name}": name for name in GAUGES}
    assert set(Figures.__dataclass_fields__) == {*COUNTERS, *GAUGES}
    assert {name: found[name, ()] for name in shown} == {name: getattr(figures, of) for name, of in shown.items()}


def test_what_is_not_known_yet_is_left_out() -> None:
    metrics = Metrics()
    metrics.read(Figures)

    assert ("moai_seconds_since_poll", ()) not in samples(metrics)
    assert samples(metrics)["moai_lanes", ()] == 0


def test_figures_of_a_second_beginning_take_the_place_of_the_first() -> None:
    metrics = Metrics()
    metrics.read(lambda: Figures(lanes=1))
    metrics.read(lambda: Figures(lanes=2))

    assert metrics.exposition().decode().count("\nmoai_lanes ") == 1
    assert samples(metrics)["moai_lanes", ()] == 2


def test_metrics_share_nothing() -> None:
    one, other = Metrics(), Metrics()
    one.publish(ModelsAsked(1, ("claude",)))

    assert ("moai_asks_total", ("claude",)) in samples(one)
    assert ("moai_asks_total", ("claude",)) not in samples(other)


def test_the_process_is_measured_too() -> None:
    assert samples(Metrics())["process_resident_memory_bytes", ()] > 1_000_000
