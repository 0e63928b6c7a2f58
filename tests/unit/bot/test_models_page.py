"""What /models says of every model."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from moai.bot.models_page import ModelLine, models_pages
from moai.bot.render import MAX_UNITS, Piece, utf16_length
from moai.core.model import Participant, Project
from moai.core.records import ModelInForce, Record

EVERYBODY = Project(1, 1001, "General")
CLAUDE = Participant("claude", "anthropic", "claude-sonnet-5-5")
GPT = Participant("gpt", "openai", "gpt-6.1")
UNASKED = Record(0, 0)
SINCE = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)
IN_FORCE = ModelInForce("openai", "gpt-*", "gpt-6.1", SINCE)


def page(*lines: ModelLine, project: Project = EVERYBODY) -> Piece:
    (piece,) = models_pages(project, lines)
    return piece


def bold_parts(piece: Piece) -> list[str]:
    units = piece.text.encode("utf-16-le")
    spans = [units[each.offset * 2 : (each.offset + each.length) * 2] for each in piece.entities]
    assert {each.type for each in piece.entities} <= {"bold"}
    return [each.decode("utf-16-le") for each in spans]


def test_the_whole_page() -> None:
    project = Project(1, 1001, "Physics 🗿", aliases=("gpt",))
    shown = page(
        ModelLine(CLAUDE, UNASKED),
        ModelLine(GPT, Record(20, 1, 4.2), IN_FORCE),
        ModelLine(Participant("local", "ollama", "qwen3:8b"), Record(1, 1)),
        project=project,
    )

    assert shown.text == (
        "On the team of Physics 🗿\n"
        "\n"
        "gpt · gpt-6.1 (openai)\n"
        "newest of gpt-*, since 3 Nov 2026\n"
        "20 answers, 4.2 s on average, 1 failed\n"
        "\n"
        "Not on it\n"
        "\n"
        "claude · claude-sonnet-5-5 (anthropic)\n"
        "not asked yet\n"
        "\n"
        "local · qwen3:8b (ollama)\n"
        "1 answer, 1 failed\n"
        "\n"
        "How a model did is told of its last 20 answers, in all chats together. Choose who is on this project's team "
        "with /project models and their names, separated by commas."
    )
    assert bold_parts(shown) == ["On the team of Physics 🗿", "gpt", "Not on it", "claude", "local"]


def test_everybody_is_on_a_team_that_nobody_chose() -> None:
    shown = page(ModelLine(CLAUDE, UNASKED), ModelLine(GPT, UNASKED))

    assert bold_parts(shown) == ["On the team of General", "claude", "gpt"]
    assert "Not on it" not in shown.text


def test_a_team_of_nobody() -> None:
    shown = page(ModelLine(CLAUDE, UNASKED), project=Project(1, 1001, "General", aliases=("gone",)))

    assert shown.text.startswith("On the team of General\nnobody\n\nNot on it\n\nclaude · ")


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (Record(0, 0), "not asked yet"),
        (Record(1, 0, 0.04), "1 answer, 0.0 s on average"),
        (Record(7, 0, 61.26), "7 answers, 61.3 s on average"),
        (Record(3, 3), "3 answers, 3 failed"),
    ],
)
def test_how_a_model_did(record: Record, words: str) -> None:
    assert page(ModelLine(CLAUDE, record)).text.splitlines()[3] == words


def test_what_is_not_known_yet_is_said() -> None:
    unresolved = ModelLine(Participant("gpt", "openai", "gpt-*"), UNASKED)

    assert page(unresolved).text.splitlines()[2:4] == [
        "gpt · gpt-* (openai)",
        "which model that is, is not known yet; it says why when it is asked",
    ]


def test_a_long_list_is_several_messages_that_fit() -> None:
    aliases = [f"model_{number}" for number in range(120)]
    lines = [ModelLine(Participant(alias, "openai", "🗿" * 300), UNASKED, IN_FORCE) for alias in aliases]
    pieces = models_pages(EVERYBODY, lines)

    assert len(pieces) > 1
    assert max(utf16_length(each.text) for each in pieces) <= MAX_UNITS
    bold = [part for piece in pieces for part in bold_parts(piece)]
    assert bold == ["On the team of General", *aliases]
    assert all(each.text.strip() for each in pieces)
