"""A discussion in rounds, in which each request to a model begins with the one before it (vendors cache by prefix)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from drives import AGREE, DISAGREE, FAILED, Said, a_discussion, answered, remarked, step_of
from hypothesis import given
from hypothesis import strategies as st

from moai.core.model import Entry, Message, RoundKind, Transcript
from moai.core.modes import most_calls
from moai.core.modes.plan import Ending, RoundPlan, View
from moai.core.prompting import prompt_for
from moai.core.prompts import Prompt, Role
from moai.core.wording import GO_ON, ROUND_BEGINS
from tests.support.people import GROUP, PRIVATE, TEAM, a_message

PLENTY = 10_000_000
ALIASES = tuple(each.alias for each in TEAM)
MOVED = replace(DISAGREE, position="too dear", moved_by=("gpt",))
PARTIAL = "Half of what I wan"

saids: st.SearchStrategy[Said] = st.sampled_from([AGREE, DISAGREE, MOVED, MOVED, None, FAILED])
remarks = st.sampled_from(["", "", "", "But what of red?", "claude is right.", "</said>"])
runs = st.lists(
    st.fixed_dictionaries(
        {
            "mode": st.sampled_from(["open", "ask", "discuss", "discuss", "discuss"]),
            "rounds": st.integers(1, 4),
            "question": st.sampled_from(["Which?", "And red?"]),
            "is_stopped": st.booleans(),
        }
    ),
    min_size=1,
    max_size=4,
)


@dataclass
class Asked:
    """What every model was asked in the runs of a discussion, in the order of time."""

    data: st.DataObject
    place: Any = PRIVATE
    entries: tuple[Entry, ...] = ()
    prompts: defaultdict[str, list[Prompt]] = field(default_factory=lambda: defaultdict(list))

    def hold(self, run_id: int, *, is_stopped: bool, **run: Any) -> None:
        """Hold a run after what was said before, or a part of it."""
        start = a_discussion(run_id=run_id, place=self.place, before=self.entries, **run)
        left = self.data.draw(st.integers(0, most_calls(start))) if is_stopped else most_calls(start) + len(TEAM)
        while not isinstance(plan := step_of(start), Ending) and left > 0:
            for who in plan.speakers:
                # Who answers alone is shown the question only, which is no more of the discussion.
                if plan.view is not View.ALONE or not self.entries:
                    self.prompts[who.alias].append(prompt_for(who, start, plan, PLENTY, ALIASES))
            start = self._said(start, plan)
            left -= len(plan.speakers)
        self.entries = start.entries

    def _said(self, transcript: Transcript, plan: RoundPlan) -> Transcript:
        for who in plan.speakers:
            transcript = answered(transcript, plan, who, self.data.draw(saids))
            said = transcript.entries[-1]
            if isinstance(said, Message) and said.failure and self.data.draw(st.booleans()):
                transcript = replace(transcript, entries=(*transcript.entries[:-1], replace(said, text=PARTIAL)))
            if remark := self.data.draw(remarks):
                transcript = remarked(transcript, remark)
        return transcript


@given(runs, st.sampled_from([PRIVATE, GROUP]), st.data())
def test_each_request_of_discussions_begins_with_the_one_before_it(
    script: list[dict[str, Any]], place: Any, data: st.DataObject
) -> None:
    asked = Asked(data, place)
    for number, run in enumerate(script, start=1):
        asked.hold(number, **run)

    for prompts in asked.prompts.values():
        for before, after in pairwise(prompts):
            assert after.system == before.system
            assert after.turns[: len(before.turns)] == before.turns
            assert len(after.turns) > len(before.turns)


@given(runs, st.data())
def test_each_request_ends_with_the_user_and_nobody_is_told_twice_that_it_is_its_turn(
    script: list[dict[str, Any]], data: st.DataObject
) -> None:
    asked = Asked(data)
    for number, run in enumerate(script, start=1):
        asked.hold(number, **run)

    for prompt in (each for prompts in asked.prompts.values() for each in prompts):
        assert (prompt.turns[0].role, prompt.turns[-1].role) == (Role.USER, Role.USER)
        assert GO_ON not in [turn.text for turn in prompt.turns], "it would stand in no later request"


@given(st.integers(2, 4), st.booleans(), st.data())
def test_drafts_are_what_turns_begin_with(rounds: int, is_stopped: bool, data: st.DataObject) -> None:
    asked = Asked(data)
    asked.hold(1, mode="discuss", rounds=rounds, drafts=True, is_stopped=is_stopped)

    for prompts in asked.prompts.values():
        for before, after in pairwise(prompts):
            assert after.turns[: len(before.turns)] == before.turns


@given(st.data())
def test_each_round_but_the_first_begins_with_its_mark_once(data: st.DataObject) -> None:
    asked = Asked(data)
    asked.hold(1, mode="discuss", rounds=4, is_stopped=False)
    held = max(each.round_number for each in asked.entries if isinstance(each, Message))

    last = [prompts[-1] for prompts in asked.prompts.values()]

    for prompt in last:
        marks = [turn.text for turn in prompt.turns if turn.text.startswith("[Round")]
        assert marks == [ROUND_BEGINS.format(number=number) for number in range(2, held + 1)]


def test_a_mark_stands_before_what_is_said_in_its_round_and_after_what_was_said_before() -> None:
    transcript = a_discussion(rounds=3)
    for who in TEAM:
        plan = step_of(transcript)
        assert isinstance(plan, RoundPlan)
        transcript = answered(transcript, plan, who, DISAGREE)
    transcript = remarked(transcript, "But what of red?")
    second = RoundPlan(2, TEAM[1:2], plan.view, RoundKind.TURNS)
    transcript = answered(transcript, second, TEAM[1], MOVED)

    shown = prompt_for(TEAM[2], transcript, replace(second, speakers=TEAM[2:]), PLENTY, ALIASES).turns

    assert [turn.text.splitlines()[-1 if turn.role is Role.USER else 0] for turn in shown[3:]] == [
        "gemini says.",
        "[Round 2 begins.]",
        "Ann: But what of red?",
        "</said>",
    ]
    assert "STANCE: disagree — too dear (moved by gpt)" in shown[-1].text


def test_a_failure_without_words_moves_no_mark() -> None:
    transcript = a_discussion(rounds=3, team=TEAM[:2])
    for who, said in zip(TEAM[:2], (DISAGREE, FAILED), strict=True):
        plan = step_of(transcript)
        assert isinstance(plan, RoundPlan)
        transcript = answered(transcript, plan, who, said)
    failing = a_message(50, TEAM[1], "", run_id=9, round_number=2, round_kind=RoundKind.TURNS, failure=FAILED)

    before = prompt_for(TEAM[1], transcript, replace(plan, number=2), PLENTY).turns
    after = prompt_for(TEAM[0], replace(transcript, entries=(*transcript.entries, failing)), plan, PLENTY).turns

    assert before[-1].text == "[Round 2 begins.]"
    assert after[-1].text == "[Round 2 begins.]"
    assert after[-2].role is Role.ASSISTANT
