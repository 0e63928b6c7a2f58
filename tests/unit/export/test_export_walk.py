"""Where rounds begin in a document, and when ballots are added up, also where two runs speak at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from moai.core.model import Entry, Message, Notice, Participant, RoundKind
from moai.export.facts import heading
from moai.export.walk import Opening, Tally, Walk
from tests.support.exports import DAY, STOPPED, a_discussion, said_by
from tests.support.people import CLAUDE, GEMINI, GPT, TEAM, a_message

RANKED = {"round_number": 2, "round_kind": RoundKind.RANKING}
TABLE = "**Ranking** · without names\n\n| Model | Points |\n|---|---|\n| gpt | 3 |"
WHY = "That was the last round."


def a_ballot(number: int, who: Participant, *ranking: str) -> Message:
    return a_message(number, who, ranking=ranking, **RANKED)


def a_draft(number: int, who: Participant, **changes: object) -> Message:
    return a_message(number, who, round_kind=RoundKind.DRAFTS, **changes)


def tallied(*entries: Entry) -> list[str]:
    """Return whom the only tally among entries holds, the best first."""
    walk = Walk()
    parts = [part for entry in entries for part in walk.parts(entry)] + list(walk.rest())
    (tally,) = (part for part in parts if isinstance(part, Tally))
    return [each.alias for each in tally.standings]


def outline(entries: Iterable[Entry]) -> list[str]:
    """Return what becomes of entries: the heading of a round, or the name of a part."""
    walk = Walk()
    parts = [part for entry in entries for part in walk.parts(entry)] + list(walk.rest())
    return [heading(part) if isinstance(part, Opening) else type(part).__name__ for part in parts]


def test_a_round_has_its_heading_once() -> None:
    assert outline(a_discussion()) == [
        *("Asked", "Independent drafts", "Message", "Message", "Notice", "PersonMessage"),
        *("Round 2", "Message", "Ranking", "Message", "Message", "Tally", "Notice"),
        *("Consensus", "Message", "Asked", "Answers", "Message"),
    ]


def test_rounds_of_a_panel_are_counted_as_its_board_counts_them() -> None:
    def of_round(number: int, kind: RoundKind, run: int = 1) -> Message:
        return a_message(10 * run + number, CLAUDE, run_id=run, round_number=number, round_kind=kind)

    drafts, panel, ranking = RoundKind.DRAFTS, RoundKind.PANEL, RoundKind.RANKING
    kinds = (drafts, panel, ranking, panel)
    first = [of_round(number, kind) for number, kind in enumerate(kinds, start=1)]
    entries = (said_by("Ann", "One?"), *first, said_by("Ann", "", 20, 2), of_round(1, panel, 2), of_round(4, panel))

    assert [each for each in outline(entries) if each not in ("Asked", "Message")] == [
        *("Independent drafts", "Round 1 · side by side", "Ranking", "Round 2 · side by side"),
        *("Round 1 · side by side", "Round 2 · side by side · question 1 (continued)"),
    ]


def test_answers_to_an_earlier_question_say_so() -> None:
    entries = (
        said_by("Ann", "One?", 1, 1, mode="open"),
        a_message(2, CLAUDE),
        said_by("Ann", "Two?", 3, 2, mode="ask"),
        a_message(4, GPT),
        a_message(5, CLAUDE, run_id=2),
        a_message(6, CLAUDE, round_number=2, round_kind=RoundKind.TURNS),
        a_message(7, GPT, run_id=2),
    )

    assert outline(entries) == [
        *("Asked", "Answers", "Message", "Asked", "Answers to question 1", "Message", "Answers", "Message"),
        *("Round 2 · question 1", "Message", "Answers to question 2", "Message"),
    ]


def test_ballots_are_added_up_when_their_round_is_over() -> None:
    ballots = (a_ballot(2, CLAUDE, "gpt", "gemini"), a_ballot(3, GPT, "gemini", "claude"))

    assert outline((*ballots, Notice(4, 1, 2, TABLE, DAY)))[-1] == "Tally"
    assert outline(ballots)[-1] == "Tally"
    assert outline((*ballots, a_message(5, round_number=3)))[-3:] == ["Tally", "Answers", "Message"]


def test_ballots_wait_for_their_round_though_another_run_speaks() -> None:
    walk = Walk()
    entries = (
        *(a_draft(-2, CLAUDE), a_draft(-1, GPT)),
        a_ballot(2, CLAUDE, "gpt"),
        a_message(3, CLAUDE, run_id=2),
        a_ballot(4, GPT, "claude"),
    )

    before = [part for entry in entries for part in walk.parts(entry) if isinstance(part, Tally)]
    (tally,) = walk.rest()

    assert before == []
    assert isinstance(tally, Tally)
    assert tally.ballots == {"claude": ("gpt",), "gpt": ("claude",)}
    assert [each.alias for each in tally.standings] == ["claude", "gpt"]


def test_a_ranking_without_ballots_is_told_by_its_notice() -> None:
    entries = (a_message(2, CLAUDE, **RANKED), Notice(3, 1, 2, "Nobody ranked.", DAY))

    assert outline(entries) == ["Ranking", "Message", "Notice"]


# --- who can be ranked, and what is told beside the table ---


def test_whoever_gave_a_whole_answer_can_be_ranked_though_nobody_ranks_it() -> None:
    drafts = [a_draft(number, who) for number, who in enumerate(TEAM, start=1)]

    assert sorted(tallied(*drafts, a_ballot(5, CLAUDE, "gpt"))) == ["claude", "gemini", "gpt"]


def test_whoever_failed_or_spoke_in_another_run_only_cannot() -> None:
    failed = a_draft(3, GEMINI, failure=STOPPED)
    elsewhere = a_draft(4, GEMINI, run_id=2)
    drafts = (a_draft(1, CLAUDE), a_draft(2, GPT), failed, elsewhere)

    assert sorted(tallied(*drafts, a_ballot(5, CLAUDE, "gemini", "gpt"))) == ["claude", "gpt"]


def test_a_later_whole_answer_makes_up_for_a_draft_that_failed() -> None:
    later = a_message(3, GPT, round_number=2, round_kind=RoundKind.PANEL)
    entries = (a_draft(1, CLAUDE), a_draft(2, GPT, failure=STOPPED), later)

    assert tallied(*entries, replace(a_ballot(4, CLAUDE, "gpt"), round_number=3)) == ["gpt", "claude"]


@pytest.mark.parametrize(
    ("text", "is_last", "told"),
    [
        (TABLE, False, []),
        (TABLE, True, []),
        (f"{TABLE}\n\n{WHY}", False, []),
        (f"{TABLE}\n\n{WHY}", True, [WHY]),
    ],
)
def test_of_a_notice_with_a_table_only_the_reason_of_the_end_is_told(text: str, is_last: bool, told: list[str]) -> None:
    walk = Walk()
    entries = (a_ballot(2, CLAUDE, "gpt"), Notice(3, 1, 2, text, DAY, is_last=is_last))

    parts = [part for entry in entries for part in walk.parts(entry)]

    assert [part.text for part in parts if isinstance(part, Notice)] == told
