"""The consensus as a moderator writes it: the object that was asked for, or what came instead."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.core.consensus import SCHEMA, as_markdown, read_consensus
from moai.core.findings import Consensus, Disagreement, Position

ALIASES = ("claude", "gpt", "gemini")
CONSENSUS = Consensus(
    ("Tests first.", "Small steps."),
    (Disagreement("Which language?", (Position(("claude", "gpt"), "Rust"), Position(("gemini",), "Go")), "Builds."),),
    "Write it in Rust.",
    ("Who pays?",),
)
AS_ASKED: dict[str, Any] = {
    "agreements": ["Tests first.", "Small steps."],
    "disagreements": [
        {
            "point": "Which language?",
            "positions": [{"who": ["claude", "gpt"], "position": "Rust"}, {"who": ["gemini"], "position": "Go"}],
            "minority_argument": "Builds.",
        }
    ],
    "recommendation": "Write it in Rust.",
    "open_questions": ["Who pays?"],
}
PLAIN = json.dumps(AS_ASKED)
KEYS = st.sampled_from((*AS_ASKED, "who", "point", "positions", "claude", "x"))
JSON = st.recursive(
    st.none() | st.floats() | st.text(max_size=9),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(KEYS, each, max_size=3),
    max_leaves=8,
)


def disagreement(value: object, aliases: tuple[str, ...] = ALIASES) -> Disagreement:
    """Return what becomes of one disagreement."""
    consensus = read_consensus(json.dumps({"disagreements": value}), aliases)
    assert consensus is not None
    (found,) = consensus.disagreements
    return found


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        f"```json\n{json.dumps(AS_ASKED, indent=2)}\n```",
        f"Here it is {{as asked}}:\n\n{PLAIN}\n\nI hope that {{this}} helps.",
        json.dumps(AS_ASKED, indent=1).replace("\n ]", ",\n ]").replace('"Builds."', '"Builds.",'),
        json.dumps({"consensus": AS_ASKED}),
        json.dumps([AS_ASKED]),
        f'First {{"recommendation": "Wait."}}, no: {PLAIN}',
        f'{{"thought": {{"point": "x"}}}} {PLAIN}',
        PLAIN.replace("open_questions", "Open Questions").replace("minority_argument", "minorityArgument"),
    ],
)
def test_the_object_is_found_in_what_stands_around_it(text: str) -> None:
    assert read_consensus(text) == CONSENSUS
    assert read_consensus(text, ALIASES) == CONSENSUS


def test_of_two_the_last_counts() -> None:
    assert read_consensus('{"recommendation": "Wait."} {"recommendation": "Go."}') == Consensus(recommendation="Go.")


def test_commas_in_texts_stay() -> None:
    assert read_consensus('{"agreements": ["a, ]", "b \\" ,}",],}') == Consensus(("a, ]", 'b " ,}'))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We agree on everything.",
        "{",
        "{}",
        "[]",
        '{"agreement": []}',
        '["agreements"]',
        '{"agreements": [',
        "{" * 100_000,
        '{"a":' * 100_000,
        '{"agreements": ' + "[" * 100_000,
        '{"agreements": ["' + '\\"' * 100_000,
    ],
)
def test_what_is_no_consensus_is_none(text: str) -> None:
    assert read_consensus(text) is None


def test_nesting_and_numbers_of_any_size_do_no_harm() -> None:
    deep = '{"agreements": ' + "[" * 400 + '"x"' + "]" * 400 + "}"
    huge = '{"agreements": [1e999, -Infinity, NaN, ' + "9" * 10_000 + ', "x"]}'

    assert read_consensus(deep) == Consensus()
    assert read_consensus(huge) == Consensus(("1e999", "-Infinity", "NaN", "9" * 10_000, "x"))


@pytest.mark.parametrize(
    ("value", "consensus"),
    [
        ({"agreements": None}, Consensus()),
        ({"agreements": "One."}, Consensus(("One.",))),
        ({"agreements": "- One.\n- Two."}, Consensus(("One.", "Two."))),
        ({"agreements": ["", " ", True, None, {"text": "One."}]}, Consensus(("One.",))),
        ({"agreements": [["One.", "Two."], {"a": "x", "b": "y"}]}, Consensus(("One.; Two.", "a: x; b: y"))),
        ({"agreements": {"1": "One.", "2": "Two."}}, Consensus(("One.", "Two."))),
        ({"recommendation": ["One.", "Two."]}, Consensus(recommendation="One.\n\nTwo.")),
        ({"recommendation": "One.\n\n\n- a\n  - b\n"}, Consensus(recommendation="One.\n\n- a\n  - b")),
        ({"open_questions": "Why?", "disagreements": True}, Consensus(open_questions=("Why?",))),
        ({"open_questions": ["Wh\u0000y\ud800?\nHow?"]}, Consensus(open_questions=("Wh y ? How?",))),
    ],
)
def test_values_of_another_shape_are_taken_for_what_they_say(value: object, consensus: Consensus) -> None:
    assert read_consensus(json.dumps(value)) == consensus


BOTH = (Position(("claude",), "yes"), Position(("gpt", "gemini"), "no"))


@pytest.mark.parametrize(
    "positions",
    [
        [{"who": ["claude"], "position": "yes"}, {"who": ["gpt", "gemini"], "position": "no"}],
        [{"held_by": "@Claude", "text": "yes"}, {"participants": "GPT and gemini", "view": "no"}],
        [{"model": "claude", "stance": "yes"}, {"models": "gpt, gemini", "argument": "no"}],
        {"claude": "yes", "gpt & gemini": "no"},
        {"yes": ["claude"], "no": ["gpt", "gemini"]},
        [{"claude": "yes"}, {"gpt, gemini": "no"}],
        ["claude: yes", "gpt, gemini: no"],
        "claude: yes\n- gpt and gemini: no",
    ],
)
@pytest.mark.parametrize("keys", [("point", "positions"), ("topic", "views"), ("Issue", "Sides")])
def test_positions_may_be_written_in_many_ways(keys: tuple[str, str], positions: object) -> None:
    point, key = keys

    assert disagreement([{point: "So?", key: positions}]) == Disagreement("So?", BOTH)


@pytest.mark.parametrize(
    "value",
    [
        [{"point": "So?", "claude": "yes", "gpt and gemini": "no"}],
        {"So?": {"claude": "yes", "gpt, gemini": "no"}},
        {"point": "So?", "positions": {"claude": "yes", "gpt, gemini": "no"}},
    ],
)
def test_disagreements_may_be_an_object(value: object) -> None:
    positions = disagreement(value).positions

    assert positions[0] == BOTH[0]


def test_a_disagreement_may_be_a_mere_text() -> None:
    assert disagreement(["Which language?"]) == Disagreement("Which language?")
    assert disagreement("Which language?") == Disagreement("Which language?")


def test_a_disagreement_without_a_point_is_named_by_what_it_holds() -> None:
    assert disagreement([{"positions": [{"who": "gpt", "position": "no"}]}]).point == "no"
    assert disagreement([{"minority_argument": "Builds."}]).point == "Builds."


def test_empty_disagreements_and_positions_are_left_out() -> None:
    assert read_consensus('{"disagreements": [{}, "", null, [], {"point": ""}]}') == Consensus()
    assert disagreement([{"point": "So?", "positions": [{"who": "gpt", "position": ""}]}]).positions == ()


def test_names_that_nobody_has_are_kept_as_they_are() -> None:
    positions = [{"who": ["@Ann", "GPT", "gpt"], "position": "yes"}, "everybody: no"]

    assert disagreement([{"point": "So?", "positions": positions}]).positions == (
        Position(("Ann", "gpt"), "yes"),
        Position((), "everybody: no"),
    )
    assert disagreement([{"point": "So?", "positions": positions}], ()).positions[0].aliases == ("Ann", "GPT", "gpt")


@given(JSON | st.fixed_dictionaries(dict.fromkeys(AS_ASKED, JSON)), st.text(), st.lists(st.text(), max_size=3))
def test_any_json_is_read_and_laid_out(value: object, around: str, aliases: list[str]) -> None:
    consensus = read_consensus(f"{around}{json.dumps(value)}{around}", aliases)

    if consensus is not None:
        assert as_markdown(consensus)
        for each in consensus.disagreements:
            assert each.point
            assert len(each.point.splitlines()) == 1


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert read_consensus(text) is None
    assert read_consensus(f'{{"recommendation": "Go." {text}') in (None, Consensus(recommendation="Go."))


def test_the_schema_is_fit_for_strict_modes() -> None:
    def objects(schema: dict[str, Any]) -> list[dict[str, Any]]:
        inner = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
        own = [schema] if schema["type"] == "object" else []
        return [*own, *(found for each in inner for found in objects(each))]

    found = objects(json.loads(json.dumps(SCHEMA)))

    assert [each["required"] for each in found] == [
        list(AS_ASKED),
        list(AS_ASKED["disagreements"][0]),
        ["who", "position"],
    ]
    assert all(each["additionalProperties"] is False for each in found)
    assert all(each["required"] == list(each["properties"]) for each in found)
