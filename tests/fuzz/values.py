"""Single values to be put where Telegram's belong: numbers, texts, and what is neither expected nor sensible."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

PEOPLE = range(1001, 1401)
"""The ids of people who have a chat with the bot in the simulator."""
GROUPS = range(-5040, -5000)

HUGE_IN = 40
"""One number in so many is one that nothing has."""
HUGE = (2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63) - 1, 2**200, -1, 0)

COMMANDS = (
    "/open Why is the sky blue?",
    "/open",
    "/open@moai_bot why?",
    "/ask claude why?",
    "/ask claude,gpt why?",
    "/ask nobody why?",
    "/claude why?",
    "/discuss 2 Tea or coffee?",
    "/discuss 99",
    "/panel 1 drafts Cats or dogs?",
    "/consensus",
    "/next",
    "/stop",
    "/export",
    "/export html all",
    "/export pdf",
    "/project new Physics",
    "/project select 2",
    "/project models claude,gpt",
    "/project prompt Be brief.",
    "/project delete Physics",
    "/project",
    "/projects",
    "/models",
    "/usage project",
    "/status",
    "/help",
    "/start",
    "/nonsense",
)

DATA = ("p:page:0", "p:sel:1:0", "p:on:1:gpt", "p:off:1:claude", "p:del:1:0", "p:keep:1", "p:del:999999999999999999:1")
DATA += tuple(f"d:{wish}:{number}" for wish in ("next", "stop", "cons", "go", "exp") for number in (1, 7, 10**17))
DATA += ("d:point:1:0", "d:point:4:7", "d::", "p:page:-1", "d:go:١", "x", "")

TEXTS: SearchStrategy[str] = st.one_of(
    st.sampled_from(COMMANDS),
    st.text(max_size=40),
    st.sampled_from(
        (
            "",
            " ",
            "\0",
            "\ud83d",
            "\u202eabc",
            "@claude hi",
            "@all?",
            "<b>&",
            "_*`[",
            "/",
            "//",
            "/@",
            "é" * 300,
            "🦉" * 90,
        )
    ),
    st.sampled_from(("word " * 780 + "end", "x" * 4_096)),
)

ODD: SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(HUGE),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
    st.just([]),
    st.just({}),
    st.just([[None]]),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)


def numbers() -> SearchStrategy[int]:
    """Return small numbers, times of our days, and now and then some that no column holds."""
    return _mostly(st.one_of(st.integers(0, 100), st.just(1_790_000_000)))


def chat_ids() -> SearchStrategy[int]:
    """Return ids of people and groups that there are, of messages, and now and then of nothing."""
    return _mostly(st.one_of(*(st.integers(ids[0], ids[-1]) for ids in (PEOPLE, GROUPS)), st.integers(1, 60)))


def _mostly(sound: SearchStrategy[int]) -> SearchStrategy[int]:
    return st.integers(1, HUGE_IN).flatmap(lambda number: st.sampled_from(HUGE) if number == HUGE_IN else sound)
