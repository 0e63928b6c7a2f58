"""Which model a pattern stands for, on lists as the vendors give them."""

from __future__ import annotations

from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.core.patterns import matches, nearest, newest
from moai.core.records import ListedModel

Listed = tuple[ListedModel, ...]


def listed(*ids: str) -> Listed:
    return tuple(ListedModel(each) for each in ids)


def dated(**created: float) -> Listed:
    """Return a list by id, in which `_` stands for a point and `__` for a hyphen."""
    names = {name.replace("__", "-").replace("_", "."): at for name, at in created.items()}
    return tuple(ListedModel(name, at) for name, at in names.items())


OPENAI = dated(
    gpt__4o=1715367049,
    gpt__4o__2024__08__06=1722814719,
    gpt__4o__mini=1721172741,
    gpt__5=1754425777,
    gpt__6_1=1785542400,
    gpt__6_1__sol=1790812800,
    gpt__6_2__preview=1793491200,
    o3=1744225308,
    chatgpt__4o__latest=1723515131,
)

ANTHROPIC = (
    ListedModel("claude-opus-5", 1780272000),
    ListedModel("claude-sonnet-5-5", 1788220800),
    ListedModel("claude-sonnet-4-5-20250929", 1759104000),
    ListedModel("claude-sonnet-4-20250514", 1747872000),
    ListedModel("claude-3-7-sonnet-20250219", 1739923200),
)

GEMINI = listed(
    "gemini-2.5-flash",
    "gemini-2.5-pro",
    "gemini-2.5-pro-preview-06-05",
    "gemini-2.0-flash-001",
    "gemini-2.0-flash",
    "gemini-2.0-flash-lite",
    "gemini-2.9-flash",
    "gemini-2.10-flash",
    "gemini-2.10-flash-lite",
    "gemini-3-pro-preview-09-2026",
    "gemini-exp-1206",
    "gemini-flash-latest",
    "gemma-3-27b-it",
    "gemma-3n-e4b-it",
)

OPENROUTER = (
    ListedModel("anthropic/claude-sonnet-5.5:thinking", 1788220900),
    ListedModel("anthropic/claude-sonnet-5.5", 1788220800),
    ListedModel("anthropic/claude-sonnet-4.5", 1759104000),
    ListedModel("openai/gpt-6.1", 1785542400),
    ListedModel("openai/gpt-oss-120b:free", 1790000000),
    ListedModel("deepseek/deepseek-r1-0528:free", 1748455170),
    ListedModel("deepseek/deepseek-r1:free", 1737381095),
)

OLLAMA = listed("qwen2.5:latest", "qwen3:8b", "qwen3:latest", "qwen3:8b-instruct", "llama3.3:70b", "llama3.1:8b")

CASES = [
    ("gpt-*", OPENAI, "gpt-6.1-sol"),
    ("gpt-4o*", OPENAI, "gpt-4o-2024-08-06"),
    ("gpt-6.2*", OPENAI, "gpt-6.2-preview"),
    ("chatgpt-*", OPENAI, "chatgpt-4o-latest"),
    ("o3", OPENAI, "o3"),
    ("claude-*", ANTHROPIC, "claude-sonnet-5-5"),
    ("claude-sonnet-4*", ANTHROPIC, "claude-sonnet-4-5-20250929"),
    ("claude-opus-*", ANTHROPIC, "claude-opus-5"),
    ("gemini-*", GEMINI, "gemini-2.10-flash"),
    ("gemini-2.0-*", GEMINI, "gemini-2.0-flash"),
    ("gemini-2.5-*", GEMINI, "gemini-2.5-pro"),
    ("gemini-3*", GEMINI, "gemini-3-pro-preview-09-2026"),
    ("gemini-exp-*", GEMINI, "gemini-exp-1206"),
    ("gemma-*", GEMINI, "gemma-3-27b-it"),
    ("anthropic/claude-sonnet-*", OPENROUTER, "anthropic/claude-sonnet-5.5"),
    ("anthropic/claude-sonnet-5.5:*", OPENROUTER, "anthropic/claude-sonnet-5.5:thinking"),
    ("openai/gpt-*", OPENROUTER, "openai/gpt-6.1"),
    ("deepseek/deepseek-r1*", OPENROUTER, "deepseek/deepseek-r1-0528:free"),
    ("qwen*", OLLAMA, "qwen3:8b"),
    ("llama*", OLLAMA, "llama3.3:70b"),
    ("mistral-*", OPENAI, None),
    ("GPT-*", OPENAI, None),
    ("gpt-*", (), None),
]


@pytest.mark.parametrize(("pattern", "models", "expected"), CASES)
def test_the_newest_of_a_vendors_list(pattern: str, models: Listed, expected: str | None) -> None:
    assert newest(pattern, models) == expected
    assert newest(pattern, models[::-1]) == expected


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("gemini-2.9-flash", "gemini-2.10-flash"),
        ("gemini-2.5-pro", "gemini-2.10-flash-lite"),
        ("gemini-2.5-pro", "gemini-3-flash"),
        ("claude-sonnet-4-20250514", "claude-sonnet-4-5"),
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4-6"),
        ("claude-3-5-sonnet-20241022", "claude-sonnet-4-20250514"),
        ("gpt-4-2026-09-01", "gpt-4.1"),
        ("gpt-4-32k", "gpt-4.1"),
        ("gpt-3.5-turbo-0125", "gpt-4-0613"),
        ("gpt-oss-120b", "gpt-5"),
        ("mixtral-8x22b", "mixtral-2"),
        ("llama-3.1-405b-instruct", "llama-3.3-70b-instruct"),
        ("llama-4-scout-17b-16e", "llama-4.5-scout"),
        ("deepseek-v3-0324", "deepseek-v3.1"),
        ("mistral-large-2407", "mistral-large-2411"),
        ("gemini-1.5-pro-001", "gemini-1.5-pro-002"),
        ("gemini-2.5-pro-preview-05-06", "gemini-2.5-pro-preview-06-05"),
        ("gemini-9-pro-preview", "gemini-2-pro"),
        ("gemini-9-exp", "gemini-2-pro"),
        ("gemini-9-beta2", "gemini-2-pro"),
        ("gemini-latest", "gemini-2-pro"),
        ("x-ai/grok-5:free", "x-ai/grok-4"),
        ("01-ai/yi-2", "01-ai/yi-2.5-mini"),
        ("claude-sonnet-4-9", "claude-sonnet-4-10"),
        ("qwen2.5:7b", "qwen3:latest"),
        # Two names of one model: the shorter one is the vendor's own.
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
        ("gpt-5-2025-08-07", "gpt-5"),
        ("claude-sonnet-4-0", "claude-sonnet-4"),
        ("gemini-2.0-flash-001", "gemini-2.0-flash"),
        ("command-2-08-2024", "command-2"),
    ],
)
def test_what_an_id_tells_where_the_vendor_tells_no_time(older: str, newer: str) -> None:
    prefix = next(older[:end] for end in range(len(older), -1, -1) if newer.startswith(older[:end]))

    assert newest(f"{prefix}*", listed(older, newer)) == newer
    assert newest(f"{prefix}*", listed(newer, older)) == newer


@pytest.mark.parametrize("name", ["x-2-expert", "x-2-arc"])
def test_a_word_within_a_word_makes_no_preview(name: str) -> None:
    assert newest("x-*", listed("x-1", name, "x-3-exp")) == name


def test_one_without_a_time_lets_the_versions_decide() -> None:
    models = (ListedModel("gpt-5", 900), ListedModel("gpt-6", 100), ListedModel("gpt-4", None))

    assert newest("gpt-*", models) == "gpt-6"
    assert newest("gpt-*", models[:2]) == "gpt-5"


def test_a_preview_without_a_time_does_not_keep_the_stable_ones_from_their_order() -> None:
    models = (ListedModel("gpt-5", 900), ListedModel("gpt-6", 100), ListedModel("gpt-7-preview", None))

    assert newest("gpt-*", models) == "gpt-5"


def test_equal_times_are_no_times() -> None:
    at_once = tuple(ListedModel(each, 1677610602) for each in ("gpt-5", "gpt-6.1-2026-10-03", "gpt-6.1", "gpt-6"))

    for models in permutations(at_once):
        assert newest("gpt-*", models) == "gpt-6.1"


def test_only_a_star_makes_a_beginning() -> None:
    assert matches("gpt-6*", "gpt-6.1")
    assert matches("gpt-6*", "gpt-6")
    assert not matches("gpt-6*", "chatgpt-6")
    assert matches("gpt-6", "gpt-6")
    assert not matches("gpt-6", "gpt-6.1")


WORDS = ["gpt", "-", ".", ":", "/", "4", "10", "2025-09-29", "0613", "8x7b", "preview", "exp", "free", "latest", "²"]
IDS = st.lists(st.sampled_from(WORDS), max_size=6).map("".join) | st.text(max_size=12)
MODELS = st.builds(ListedModel, IDS, st.none() | st.sampled_from([0.0, 1.0, 2.0]) | st.floats(0, 2e9))


@given(IDS, st.lists(MODELS, max_size=6), st.randoms())
def test_the_newest_is_one_that_matches_in_whatever_order(
    prefix: str, models: list[ListedModel], random: Random
) -> None:
    pattern = f"{prefix[:3]}*"
    candidates = {each.id for each in models if each.id.startswith(prefix[:3])}
    found = newest(pattern, models)

    assert (found in candidates) if candidates else (found is None)
    random.shuffle(models)
    assert newest(pattern, models) == found


def test_digits_without_end_are_compared_too() -> None:
    long = "x-" + "9" * 5000

    assert newest("x-*", listed(long, "x-1")) == "x-1"
    assert newest("x-*", listed(long, long[:-1] + "8")) == long


@pytest.mark.parametrize(
    ("wanted", "models", "expected"),
    [
        ("gpx-*", OPENAI, ("gpt-5", "gpt-4o", "gpt-6.1")),
        ("claude-sonnnet-5*", ANTHROPIC, ("claude-sonnet-5-5", "claude-sonnet-4-20250514")),
        ("claude-opus-4", ANTHROPIC, ("claude-opus-5",)),
        ("gpx-*", listed("gemini-1", "gpt-6.1-with-a-long-name"), ("gpt-6.1-with-a-long-name",)),
        ("gpt-*", (), ()),
    ],
)
def test_the_nearest_ids(wanted: str, models: Listed, expected: tuple[str, ...]) -> None:
    assert nearest(wanted, models)[: len(expected)] == expected
    assert len(nearest(wanted, models)) == min(3, len(models))
    assert nearest(wanted, models[::-1]) == nearest(wanted, models)
