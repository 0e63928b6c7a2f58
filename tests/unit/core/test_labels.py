"""A discussion without names: whose words stand under which label, and what becomes of names in them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from drives import DISAGREE, a_discussion, answered, remarked
from hypothesis import given
from hypothesis import strategies as st

from moai.core.labels import labels_of
from moai.core.model import Participant, Quote, RoundKind, Transcript
from moai.core.modes.plan import RoundPlan, View
from moai.core.prompting import prompt_for
from moai.core.prompts import Role, Turn
from tests.support.people import CLAUDE, GEMINI, GPT, TEAM, a_message, a_person_message, a_question

DRAFTS = RoundPlan(1, TEAM, View.ALONE, RoundKind.DRAFTS)
FOUR = (*TEAM, Participant("qwen", "ollama", "qwen-x"))


def panel(number: int) -> RoundPlan:
    return RoundPlan(number, TEAM, View.LABELS, RoundKind.PANEL)


def said(*texts: str, order: tuple[Participant, ...] = TEAM, **run: str) -> Transcript:
    """Return a panel in which each of these texts was a round, said by everybody in an order."""
    transcript = a_discussion("panel", team=order, **run)
    for number, text in enumerate(texts, start=1):
        plan = DRAFTS if number == 1 else panel(number)
        for who in order:
            transcript = answered(transcript, plan, who, DISAGREE)
            message = replace(transcript.entries[-1], text=text.format(alias=who.alias))
            transcript = replace(transcript, entries=(*transcript.entries[:-1], message))
    return transcript


def shown(transcript: Transcript, who: Participant = CLAUDE, number: int = 9) -> tuple[Turn, ...]:
    return prompt_for(who, transcript, panel(number), 1_000_000, [each.alias for each in TEAM]).turns


def quoted(turn: Turn) -> dict[str, str]:
    """Return what stands under each label in a turn, in its order."""
    return dict(re.findall(r'<said by="([^"]*)">\n(.*?)\n</said>', turn.text, re.DOTALL))


# --- who is called what ---


@given(st.permutations(FOUR), st.integers(1, 50))
def test_a_reader_knows_everybody_else_by_a_label_of_its_own(team: list[Participant], discussion: int) -> None:
    start = a_discussion("panel", team=team)
    transcript = replace(start, run=replace(start.run, discussion_id=discussion))

    for reader in FOUR:
        labels = labels_of(reader.alias, transcript)
        assert reader.alias not in labels
        assert sorted(labels.values()) == ["A", "B", "C"]
        ordered = replace(transcript, run=replace(transcript.run, participants=FOUR))
        assert labels == labels_of(reader.alias, ordered), "the order of the run does not matter"


def test_readers_have_other_labels_for_the_same_model() -> None:
    seen = set()
    for discussion in range(20):
        start = a_discussion("panel", team=FOUR)
        transcript = replace(start, run=replace(start.run, discussion_id=discussion))
        seen.add(tuple(labels_of(reader, transcript)["qwen"] for reader in ("claude", "gpt", "gemini")))

    assert any(len(set(each)) > 1 for each in seen)
    assert len(seen) > 3


def test_who_is_not_at_the_table_any_more_has_a_label_after_the_others() -> None:
    before = (a_person_message(1), a_message(2, FOUR[3]), a_message(3, GPT))
    transcript = a_discussion("panel", before=before, question="")

    assert set(labels_of("claude", transcript)) == {"gpt", "gemini", "qwen"}
    assert sorted(quoted(shown(transcript)[1])) == sorted(
        labels_of("claude", transcript)[each] for each in ("gpt", "qwen")
    )


# --- what is shown ---


def test_a_readers_own_answer_stands_first_in_each_round_and_the_others_by_label() -> None:
    transcript = said("{alias} drafts.", "{alias} revises.")
    labels = {label: alias for alias, label in labels_of("gpt", transcript).items()}

    _, own, others, own_again, others_again = shown(transcript, GPT)

    assert (own.role, own.text) == (Role.ASSISTANT, "gpt drafts.")
    assert list(quoted(others)) == ["A", "B"]
    assert (own_again.role, own_again.text) == (Role.ASSISTANT, "gpt revises.\n\nSTANCE: disagree")
    # Names in texts are gone; these are of those who speak, so each is under its own label.
    assert quoted(others_again) == {label: f"{label} revises.\n\nSTANCE: disagree" for label in sorted(labels)}


@pytest.mark.parametrize("order", [TEAM, TEAM[::-1], (GPT, CLAUDE, GEMINI)])
def test_the_order_is_that_of_labels_and_not_of_arrival(order: tuple[Participant, ...]) -> None:
    expected = [turn.text for turn in shown(said("I am {alias}.", "Still {alias}."))]

    assert [turn.text for turn in shown(said("I am {alias}.", "Still {alias}.", order=order))] == expected


@given(st.integers(2, 6))
def test_labels_are_the_same_in_all_rounds(rounds: int) -> None:
    turns = shown(said(*["My number is {alias}."] * rounds))

    assert len({tuple(quoted(turn)) for turn in turns[2::2]}) == 1
    for turn in turns[2::2]:
        assert all(text.startswith(f"My number is {label}.") for label, text in quoted(turn).items())


def test_each_request_begins_with_the_one_before_it() -> None:
    transcript = said("One {alias}.", "Two {alias}.", "Three {alias}.")

    for who in TEAM:
        prompts = []
        for number in (1, 2, 3, 4):
            known = replace(
                transcript,
                entries=tuple(each for each in transcript.entries if getattr(each, "round_number", 0) < number),
            )
            plan = DRAFTS if number == 1 else panel(number)
            prompts.append(prompt_for(who, known, plan, 1_000_000).turns)
        for before, after in pairwise(prompts):
            assert after[: len(before)] == before


def test_what_is_said_in_the_round_itself_is_not_shown_to_who_is_asked_later() -> None:
    transcript = said("One {alias}.", "Two {alias}.")

    assert shown(transcript, number=2) == shown(said("One {alias}."), number=2)


# --- names ---


NAMINGS = ["gpt", "@gpt", "GPT", "Gpt", "(gpt)", "gpt's", "**gpt**", "@gpt:", "as gpt, I", "gpt/gemini", "gpt."]


@pytest.mark.parametrize("naming", NAMINGS)
def test_no_name_is_left_in_what_is_quoted(naming: str) -> None:
    (_, _, others) = shown(said(f"I hold with {naming} here."))

    for label, text in quoted(others).items():
        assert not re.search("gpt|gemini|claude", text, re.IGNORECASE), (label, text)
        assert labels_of("claude", said())["gpt"] in text


@given(st.text(st.sampled_from("gptGPT clauedmin@.,-_*()\n"), max_size=60), st.sampled_from(NAMINGS))
def test_no_name_is_left_whatever_stands_around_it(text: str, naming: str) -> None:
    (_, _, others) = shown(said(f"{text} {naming} {text}".replace("{", "")))

    for each in quoted(others).values():
        assert not re.search(r"(?<!\w)(?<!\w-)(?:gpt|gemini|claude)(?!-?\w)", each, re.IGNORECASE)


def test_a_readers_own_name_is_you_and_never_a_label() -> None:
    (_, _, others) = shown(said("As Claude said, and @claude too."))

    for text in quoted(others).values():
        assert text == "As you said, and you too."


def test_words_that_only_hold_a_name_stay() -> None:
    (_, _, others) = shown(said("chatgpt, gpt4 and geminis, claude_2, me@gpt.org"))

    for text in quoted(others).values():
        assert text.startswith("chatgpt, gpt4 and geminis, claude_2, me@")


def test_movers_in_stances_stand_under_their_labels() -> None:
    transcript = said("One.", "Two.")
    moved = replace(DISAGREE, moved_by=("gpt", "claude"))
    entries = tuple(
        replace(each, stance=moved) if getattr(each, "stance", None) else each for each in transcript.entries
    )
    label = labels_of("claude", transcript)["gpt"]

    turns = shown(replace(transcript, entries=entries))

    assert {text.splitlines()[-1] for text in quoted(turns[-1]).values()} == {
        f"STANCE: disagree (moved by {label} and you)"
    }


@pytest.mark.parametrize("question", ["Is gpt better than gemini?", "Is GPT better?", "What of @gpt?"])
def test_a_name_that_people_use_is_kept(question: str) -> None:
    (_, _, others) = shown(said("I hold that gpt is better than claude.", question=question))

    assert set(quoted(others).values()) == {"I hold that gpt is better than you."}


def test_in_a_remark_models_are_called_by_their_labels_too_and_what_was_shown_before_stays() -> None:
    before = said("I hold with gpt.")
    label = labels_of("claude", before)["gpt"]

    (*turns, remark) = shown(remarked(before, "What does GPT say, claude?"))

    assert tuple(turns) == shown(before)
    assert set(quoted(turns[-1]).values()) == {f"I hold with {label}."}
    assert remark.text == f"Ann: What does {label} say, you?"


def test_a_name_in_an_earlier_question_is_kept_and_one_that_comes_later_changes_nothing() -> None:
    before = (a_person_message(1, "Is gemini any good?", run_id=3),)
    asked_before = a_discussion("panel", before=before, question="")
    transcript = answered(asked_before, DRAFTS, CLAUDE, DISAGREE)
    message = replace(transcript.entries[-1], text="I hold with gemini and gpt.")
    transcript = replace(transcript, entries=(*transcript.entries[:-1], message))
    label = labels_of("gpt", transcript)["claude"]
    later = a_person_message(message.id + 1, "And gpt, @claude?", run_id=transcript.run.id + 1)

    turns = shown(transcript, GPT)
    (*known, _) = shown(replace(transcript, entries=(*transcript.entries, later)), GPT)

    assert quoted(turns[-1]) == {label: "I hold with gemini and you."}
    assert tuple(known) == turns, "what was shown before stays as it was"


@pytest.mark.parametrize("naming", ["GPT-5", "gpt-4o-mini", "neo-gpt", "claude-like"])
def test_the_name_of_something_else_stays(naming: str) -> None:
    (_, _, others) = shown(said(f"I tried {naming} once."))

    assert set(quoted(others).values()) == {f"I tried {naming} once."}


def test_whom_a_question_quotes_is_called_by_its_label() -> None:
    transcript = a_discussion("panel", before=(a_person_message(1), a_message(2, GPT), a_message(3, CLAUDE)))
    question = replace(transcript.entries[-1], remark=a_question("Why?", quote=Quote("gpt", "Mie.")))
    transcript = replace(transcript, entries=(*transcript.entries[:-1], question))

    label = labels_of("claude", transcript)["gpt"]

    assert shown(transcript)[-1].text.startswith(f'This is about:\n<said by="{label}">\nMie.\n</said>')


def test_a_consensus_is_not_shown_since_it_tells_who_holds_what() -> None:
    before = (a_person_message(1), a_message(2, GPT), a_message(3, GEMINI, round_kind=RoundKind.CONSENSUS))

    (_, others, _) = shown(a_discussion("panel", before=before))

    assert list(quoted(others).values()) == ["Rayleigh."]
