"""A consensus as a chat is shown it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from moai.core.consensus import NOTHING, as_markdown
from moai.core.findings import Consensus, Disagreement, Position

TEXTS = st.lists(st.text()).map(tuple)


def test_every_section_has_its_heading() -> None:
    consensus = Consensus(
        ("Tests first.", "Small steps."),
        (
            Disagreement("Language", (Position(("claude", "gpt_4"), "Rust"), Position((), "Go")), "Builds are fast."),
            Disagreement("Price"),
        ),
        "Write it in **Rust**.\n\nThen rest.",
        ("Who pays?",),
    )

    assert as_markdown(consensus) == (
        "**Agreed**\n"
        "- Tests first.\n"
        "- Small steps.\n"
        "\n"
        "**Not agreed**\n"
        "1. Language\n"
        "   - claude, gpt\\_4: Rust\n"
        "   - Go\n"
        "   - Best argument of the minority: Builds are fast.\n"
        "2. Price\n"
        "\n"
        "**Recommendation**\n"
        "Write it in **Rust**.\n"
        "\n"
        "Then rest.\n"
        "\n"
        "**Open questions**\n"
        "- Who pays?"
    )


def test_empty_sections_are_left_out() -> None:
    assert as_markdown(Consensus(recommendation="Go.")) == "**Recommendation**\nGo."
    assert as_markdown(Consensus(("A.",))) == "**Agreed**\n- A."


def test_an_empty_consensus_is_a_sentence() -> None:
    assert as_markdown(Consensus()) == NOTHING


def test_the_tenth_point_holds_its_positions_too() -> None:
    points = tuple(Disagreement(f"P{number}", (Position(("gpt",), "no"),)) for number in range(1, 11))

    assert as_markdown(Consensus(disagreements=points)).endswith("9. P9\n   - gpt: no\n10. P10\n    - gpt: no")


def test_a_block_of_code_left_open_swallows_nothing() -> None:
    text = as_markdown(Consensus(recommendation="Do:\n```py\nx = 1", open_questions=("Why?",)))

    assert "x = 1\n```\n\n**Open questions**" in text
    assert as_markdown(Consensus(recommendation="```\nx\n```")) == "**Recommendation**\n```\nx\n```"


@given(TEXTS, TEXTS, st.text(), TEXTS)
def test_any_consensus_is_laid_out(
    agreements: tuple[str, ...], points: tuple[str, ...], text: str, who: tuple[str, ...]
) -> None:
    disagreements = tuple(Disagreement(each, (Position(who, text),), text) for each in points)

    assert as_markdown(Consensus(agreements, disagreements, text, agreements))
