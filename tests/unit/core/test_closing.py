"""What the chat is told when a round ends: where the models stand, how they rank, why the run is over."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drives import AGREE, DISAGREE, FAILED, Said, Words, a_discussion, drive, step_of

from moai.core.closing import SENTENCES, notice_of, told_of_end
from moai.core.model import Message, RoundKind, Transcript
from moai.core.modes.plan import Ending, Reason, RoundPlan, View
from tests.support.people import TEAM

MOVED = replace(DISAGREE, moved_by=("gpt",))
NEXT = RoundPlan(9, TEAM, View.TABLE)


def told(transcript: Transcript) -> dict[int, str]:
    """Return what the chat is told of each of a run's rounds, by its number, were all closed at the end."""
    step = step_of(transcript)
    assert isinstance(step, Ending)
    last = transcript.rounds[-1]
    return {each.number: notice_of(transcript, each, step if each is last else NEXT) for each in transcript.rounds}


def held(mode: str, words: Words | Said, **run: int | bool) -> Transcript:
    driven = drive(a_discussion(mode, **run), words)  # type: ignore[arg-type]
    assert driven.transcript is not None
    return driven.transcript


def ranked(transcript: Transcript, **ballots: tuple[str, ...]) -> Transcript:
    """Return a panel whose voters rank like that."""

    def voted(each: object) -> object:
        is_ballot = isinstance(each, Message) and each.round_kind is RoundKind.RANKING and each.failure is None
        return replace(each, ranking=ballots.get(each.participant.alias, ())) if is_ballot else each

    return replace(transcript, entries=tuple(map(voted, transcript.entries)))  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["open", "ask", "consensus"])
def test_of_single_answers_and_of_a_consensus_nothing_is_told(mode: str) -> None:
    assert set(told(held(mode, None)).values()) == {""}
    assert set(told(held(mode, FAILED)).values()) == {""}


def test_each_round_has_its_line_and_the_last_one_says_why_it_was() -> None:
    notices = told(held("discuss", MOVED, rounds=2))

    assert notices[1].startswith("**Round 1** · disagree: claude, gpt, gemini")
    assert notices[2].startswith("**Round 2** · disagree: ")
    assert "\n" not in notices[1]
    assert notices[2].endswith(f"\n\n{SENTENCES[Reason.LIMIT]}")


def test_a_panel_is_told_its_rounds_as_they_were_ordered() -> None:
    notices = told(held("panel", MOVED, rounds=2))

    assert [text.split(" ·")[0] for text in notices.values()] == ["", "**Round 1**", "**Round 2**", "**Ranking**"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [(AGREE, Reason.AGREED), (DISAGREE, Reason.UNMOVED), (MOVED, Reason.LIMIT), (FAILED, Reason.SILENT)],
)
@pytest.mark.parametrize("mode", ["discuss", "panel"])
def test_the_last_notice_of_a_discussion_says_why_it_is_over(mode: str, words: Said, reason: Reason) -> None:
    transcript = held(mode, words, rounds=3)

    *before, last = told(transcript).values()

    assert last.split("\n\n")[-1] == SENTENCES[reason]
    assert not any(sentence in each for each in before for sentence in SENTENCES.values())


def test_who_moved_is_told_against_the_stances_before_the_round() -> None:
    transcript = held("discuss", lambda plan, _: DISAGREE if plan.number == 1 else AGREE, rounds=3)

    first, second = told(transcript).values()

    assert "moved" not in first
    assert "claude moved from disagree to agree" in second


def test_drafts_say_nothing_unless_they_are_the_end() -> None:
    assert told(held("discuss", MOVED, rounds=2, drafts=True))[1] == ""
    assert told(held("discuss", MOVED, rounds=1, drafts=True))[1] == SENTENCES[Reason.LIMIT]
    assert told(held("panel", FAILED))[1] == SENTENCES[Reason.SILENT]


def test_rankings_are_added_up_under_names_without_self_votes() -> None:
    panel = ranked(
        held("panel", AGREE),
        claude=("gpt", "gemini"),
        gpt=("gpt", "claude", "gemini"),
        gemini=("gpt", "claude"),
    )

    notice = told(panel)[3]

    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in notice.splitlines() if "|" in line]
    assert [row[:3] for row in rows[2:]] == [
        ["1", "gpt", "2 of 2"],
        ["2", "claude", "1 of 2"],
        ["3", "gemini", "0 of 2"],
    ]
    assert notice.startswith("**Ranking** · ")
    assert notice.endswith(SENTENCES[Reason.AGREED])


def test_who_never_answered_is_not_in_the_table() -> None:
    def words(_: RoundPlan, who: object) -> Said:
        return FAILED if who == fourth else AGREE

    fourth = replace(TEAM[0], alias="qwen")
    panel = ranked(held("panel", words, team=(*TEAM, fourth)), claude=("gpt", "gemini"))  # type: ignore[arg-type]

    assert "| gpt |" in told(panel)[3]
    assert "qwen" not in told(panel)[3]


def test_a_ranking_in_which_nobody_ranked_says_so() -> None:
    assert told(held("panel", AGREE))[3].startswith("**Ranking** · no model gave one.")


def test_before_a_consensus_the_round_does_not_say_that_it_was_the_last() -> None:
    transcript = held("discuss", MOVED, rounds=2, wraps_up=True)

    assert told(transcript)[1].startswith("**Round 1** · ")
    assert SENTENCES[Reason.LIMIT] not in told(transcript)[1]
    assert told(transcript)[2] == ""


def test_every_reason_that_is_not_plain_has_a_sentence() -> None:
    assert set(Reason) - set(SENTENCES) == {Reason.ANSWERED, Reason.WRITTEN}


def test_an_early_end_is_told_as_it_is_written() -> None:
    told = told_of_end("Spent $0.02: see MOAI_DAILY_BUDGET_USD.")

    assert told == r"⚠️ Spent \$0.02: see MOAI\_DAILY\_BUDGET\_USD."
