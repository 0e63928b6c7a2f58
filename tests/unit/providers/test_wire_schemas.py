"""The schema of an answer in each wire format, what is left of a request after complaints, and what answers cost."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from moai.core.model import Usage
from moai.core.prompts import Prompt, Role, Turn
from moai.providers import anthropic, gemini, openai
from moai.providers.answer import GrowingAnswer
from moai.providers.wire import Piece, Target, without

TARGET = Target("it", "m", "https://api.test", "sk-secret", 9000)
SCHEMA = {
    "type": "object",
    "properties": {"recommendation": {"type": "string"}},
    "required": ["recommendation"],
    "additionalProperties": False,
}
PLAIN = Prompt("Be brief.", (Turn(Role.USER, "One?"),))
WANTED = Prompt("Be brief.", (Turn(Role.USER, "One?"),), schema=SCHEMA)

FIELDS = {openai: "response_format", anthropic: "output_config", gemini: "generationConfig"}
WIRES = list(FIELDS)


def test_where_each_format_has_the_schema() -> None:
    assert openai.payload(TARGET, WANTED)["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA},
    }
    assert anthropic.payload(TARGET, WANTED)["output_config"] == {"format": {"type": "json_schema", "schema": SCHEMA}}
    assert gemini.payload(TARGET, WANTED)["generationConfig"] == {
        "responseMimeType": "application/json",
        "responseJsonSchema": SCHEMA,
    }


@pytest.mark.parametrize("wire", WIRES)
def test_nothing_else_of_a_request_changes_with_it(wire: ModuleType) -> None:
    assert without(wire.payload(TARGET, WANTED), FIELDS[wire]) == wire.payload(TARGET, PLAIN)
    assert FIELDS[wire] not in wire.payload(TARGET, PLAIN)


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("complaint", ["Unknown name", "JSON mode is not enabled for models/gemma", "参数错误", ""])
def test_any_complaint_costs_the_schema_once(wire: ModuleType, complaint: str) -> None:
    sent = wire.payload(TARGET, WANTED)

    amended = wire.amended(sent, complaint)

    assert amended == wire.payload(TARGET, PLAIN)
    assert wire.amended(amended, complaint) is None


@pytest.mark.parametrize(
    ("wire", "complaints"),
    [
        (openai, ["stream_options: unknown", "unknown field response_format"]),
        (openai, ["unknown field response_format", "stream_options: unknown"]),
        (anthropic, ["cache_control: no", "max_tokens: 9000 > 4096", "output_config: no"]),
        (anthropic, ["output_config: no", "cache_control: no", "max_tokens: 9000 > 4096"]),
        (anthropic, ["max_tokens: 9000 > 4096", "output_config: no", "cache_control: no"]),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_complaints_one_after_the_other(wire: ModuleType, complaints: list[str]) -> None:
    payload: Any = wire.payload(TARGET, WANTED)
    for complaint in complaints:
        payload = wire.amended(payload, complaint)

    assert not {"stream_options", "response_format", "output_config"} & {*payload}
    assert "cache_control" not in str(payload)
    assert payload.get("max_tokens", 4096) == 4096


# --- what an answer costs ---


def usage_of(**told: Any) -> Usage:
    return openai.parse({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4, **told}}).usage


@pytest.mark.parametrize(
    ("told", "cost"),
    [
        ({"cost": 0.0125}, 0.0125),
        ({"cost": 0}, 0.0),
        ({"cost": 2}, 2.0),
        ({"cost": 0.5, "is_byok": False, "cost_details": {"upstream_inference_cost": 0.5}}, 0.5),
        ({"cost": 0.25, "is_byok": True, "cost_details": {"upstream_inference_cost": 4}}, 4.25),
        ({"cost": None, "is_byok": True, "cost_details": {"upstream_inference_cost": 4}}, 4.0),
        ({"cost": 0.25, "is_byok": True, "cost_details": None}, None),
        ({}, None),
        *(
            ({"cost": value}, None)
            for value in (
                *(-0.01, float("nan"), float("inf"), 10**400, True, "0.01", [1], {"total_cost": 1}, None),
                1e6,
            )
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_a_gateway_says_that_an_answer_cost(told: dict[str, Any], cost: float | None) -> None:
    assert usage_of(**told) == Usage(3, 4, cost)


def test_the_cost_stays_where_counts_follow() -> None:
    answer = GrowingAnswer(lambda _: None, inline_thoughts=False, started_at=0, clock=lambda: 1.0)

    for usage in (Usage(1, 1, 0.5), Usage(3, None, None), Usage(None, 4, None)):
        answer.add(Piece(usage=usage))

    assert answer.completion("m").usage == Usage(3, 4, 0.5)
