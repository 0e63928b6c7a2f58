"""What models are told in a discussion: rules where it begins, people by name, what is wanted at its end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from drives import AGREE, PROJECT, a_discussion, answered, remarked, step_of

from moai.core.consensus import SCHEMA, as_markdown
from moai.core.findings import Consensus, Side, Stance
from moai.core.model import Entry, Notice, Participant, RoundKind, Transcript
from moai.core.modes.plan import RoundPlan, View
from moai.core.prompting import prompt_for
from moai.core.prompts import Prompt, Role, Turn
from moai.core.wording import CONSENSUS_WANTED, DISCUSS_RULES, PANEL_RULES
from tests.support.clock import START
from tests.support.people import CLAUDE, GEMINI, GPT, GROUP, PRIVATE, TEAM, a_message, a_person_message

TURN = RoundPlan(1, (CLAUDE,), View.TABLE, RoundKind.TURNS)
WRITES = RoundPlan(2, (CLAUDE,), View.TABLE, RoundKind.CONSENSUS)
SETTLED = Consensus(("It is blue.",), (), "Look up.", ())


def prompt_of(transcript: Transcript, plan: RoundPlan = TURN, who: Participant = CLAUDE) -> Prompt:
    return prompt_for(who, transcript, plan, 100_000, [each.alias for each in TEAM])


def texts(transcript: Transcript, plan: RoundPlan = TURN, who: Participant = CLAUDE) -> list[str]:
    return [turn.text for turn in prompt_of(transcript, plan, who).turns]


def after(*said: Entry, mode: str = "discuss", **run: Any) -> Transcript:
    """Return a run in which that was said after its question."""
    start = a_discussion(mode, **run)
    return replace(start, entries=(*start.entries, *said))


def a_turn(number: int, who: Participant, text: str = "Mie.", **changes: Any) -> Entry:
    return a_message(number, who, text, **{"run_id": 9, "round_kind": RoundKind.TURNS, **changes})


# --- rules ---


@pytest.mark.parametrize(("mode", "rules"), [("discuss", DISCUSS_RULES), ("panel", PANEL_RULES)])
def test_the_rules_stand_behind_the_question_with_which_they_begin(mode: str, rules: str) -> None:
    assert texts(a_discussion(mode, question="Which?")) == [f"Which?\n\n{rules}"]
    assert texts(a_discussion(mode, question="")) == [rules]


@pytest.mark.parametrize("mode", ["open", "ask", "consensus"])
def test_other_questions_have_no_rules(mode: str) -> None:
    assert texts(a_discussion(mode)) == ["Which?"]


def test_the_rules_are_told_once_in_a_run_and_again_where_another_begins() -> None:
    first = remarked(answered(a_discussion(), TURN, CLAUDE, AGREE), "But why?")

    both = texts(a_discussion(run_id=10, before=first.entries, question="And red?"), who=GPT)

    assert [DISCUSS_RULES in each for each in both] == [True, False, False, True]


def test_drafts_are_written_to_the_question_alone() -> None:
    before = (a_person_message(1), a_message(2, GPT))

    assert texts(a_discussion(drafts=True, before=before), replace(TURN, view=View.ALONE, kind=RoundKind.DRAFTS)) == [
        f"Which?\n\n{DISCUSS_RULES}"
    ]


# --- people ---


@pytest.mark.parametrize(("place", "question"), [(PRIVATE, "Which?"), (GROUP, "Ann: Which?")])
def test_what_people_say_meanwhile_stands_under_their_names(place: Any, question: str) -> None:
    transcript = remarked(a_discussion(place=place), "But why?")

    assert texts(transcript) == [f"{question}\n\n{DISCUSS_RULES}", "Ann: But why?"]


def test_what_moai_told_the_chat_is_not_for_models() -> None:
    notice = Notice(11, 9, 1, "**Round 1** · agree: claude", START)

    assert texts(after(a_turn(10, GPT), notice)) == texts(after(a_turn(10, GPT)))


# --- what others said ---


def test_stances_stand_behind_what_was_said_as_they_were_written() -> None:
    stance = Stance(Side.DISAGREE, "too dear", ("gemini",))
    line = "STANCE: disagree — too dear (moved by gemini)"

    assert texts(after(a_turn(10, GPT, stance=stance)))[1] == f'<said by="gpt">\nMie.\n\n{line}\n</said>'
    own = prompt_of(after(a_turn(10, CLAUDE, stance=stance), a_turn(11, GPT))).turns[1]
    assert own == Turn(Role.ASSISTANT, f"Mie.\n\n{line}")


def test_rankings_are_shown_to_nobody() -> None:
    ranked = [
        a_turn(number, who, "RANKING: A > B", round_kind=RoundKind.RANKING, round_number=2)
        for number, who in enumerate(TEAM, start=10)
    ]

    for view in (View.TABLE, View.LABELS):
        plan = RoundPlan(3, (CLAUDE,), view, RoundKind.PANEL)
        assert texts(after(*ranked, mode="panel"), plan) == texts(after(mode="panel"), plan)


@pytest.mark.parametrize("who", [CLAUDE, GPT])
def test_a_consensus_of_the_past_is_shown_in_words_to_all_also_to_who_wrote_it(who: Participant) -> None:
    raw = '{"agreements": ["It is blue."]}'
    written = a_turn(10, CLAUDE, raw, round_kind=RoundKind.CONSENSUS, consensus=SETTLED)

    shown = prompt_of(after(written), who=who).turns[1]

    assert shown == Turn(Role.USER, f'<said by="claude, as the moderator">\n{as_markdown(SETTLED)}\n</said>')


def test_a_consensus_that_is_prose_is_shown_as_it_was_said() -> None:
    written = a_turn(10, GPT, "We agree.", round_kind=RoundKind.CONSENSUS)

    assert texts(after(written))[1] == '<said by="gpt">\nWe agree.\n</said>'


# --- what is wanted ---


def test_the_moderator_is_asked_for_an_object_of_the_schema_at_the_very_end() -> None:
    prompt = prompt_of(after(a_turn(10, GPT), a_turn(11, CLAUDE)), WRITES)

    assert prompt.turns[-1] == Turn(Role.USER, CONSENSUS_WANTED)
    assert prompt.schema == SCHEMA
    assert prompt_of(after(a_turn(10, GPT))).schema is None
    assert prompt.turns[:-1] == prompt_of(after(a_turn(10, GPT), a_turn(11, CLAUDE)), replace(TURN, number=1)).turns[:3]


def test_who_ranks_is_told_the_labels_of_those_who_answered_and_no_other() -> None:
    answers = [
        a_turn(number, who, f"{number}", round_kind=RoundKind.DRAFTS) for number, who in enumerate(TEAM[:2], start=10)
    ]
    transcript = after(*answers, mode="panel")
    ranks = RoundPlan(2, (GEMINI,), View.LABELS, RoundKind.RANKING)

    asked = prompt_of(transcript, ranks, GEMINI).turns[-1].text

    assert "under the labels A, B:" in asked
    assert asked.endswith("\nRANKING: B > A")
    own = prompt_of(transcript, ranks, CLAUDE).turns[-1].text
    assert own.count("RANKING: ") == 1
    assert own.splitlines()[-1] in ("RANKING: A", "RANKING: B")


def test_a_model_that_spoke_last_is_told_that_it_is_its_turn() -> None:
    said = after(a_turn(10, CLAUDE))

    assert prompt_of(said, replace(TURN, number=3)).turns[-1] == Turn(Role.USER, "[It is your turn.]")


@pytest.mark.parametrize("mode", ["open", "ask"])
def test_models_are_told_of_no_round_where_there_is_one_only(mode: str) -> None:
    start = a_discussion(mode)
    plan = step_of(start)
    assert isinstance(plan, RoundPlan)

    assert texts(answered(start, plan, GPT, None), plan) == ["Which?"]
    assert start.project == PROJECT
