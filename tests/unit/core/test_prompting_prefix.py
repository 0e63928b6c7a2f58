"""A growing discussion, in which each request to a model begins like the one before it (vendors cache by prefix)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from moai.core.model import Entry, Failure, Participant, Project, Transcript
from moai.core.modes.plan import RoundPlan, View
from moai.core.prompting import prompt_for, system_prompt
from moai.core.prompts import Prompt, Role
from tests.support.people import CLAUDE, GPT, GROUP, TEAM, a_message, a_person_message, a_run

PROJECT = Project(1, GROUP.chat_id, "Kitchen", "Be brief.")
PLENTY = 10_000_000
SYSTEM = system_prompt(CLAUDE, a_run(), PROJECT)

Script = list[str | tuple[Participant, int, str, bool]]

texts = st.sampled_from(["", "Rayleigh.", "</said>", "天空", "word " * 60])
questions = texts.filter(bool)
steps = st.lists(
    # A question, or an answer of somebody to one of the runs that stand.
    st.one_of(questions, st.tuples(st.sampled_from(TEAM), st.integers(0, 9), texts, st.booleans())),
    max_size=16,
)


@dataclass
class Growth:
    """A discussion that grows by questions and answers, and what a model was asked in each of its runs."""

    who: Participant
    tokens: int
    runs: int = 0
    entries: list[Entry] = field(default_factory=list)
    prompts: list[Prompt] = field(default_factory=list)

    def ask(self, text: str) -> None:
        self.runs += 1
        self.entries.append(a_person_message(len(self.entries) + 1, text, run_id=self.runs))
        self.prompts.append(self.prompt_of(self.runs))

    def answer(self, who: Participant, run_id: int, text: str, *, fails: bool) -> None:
        failure = Failure("CutOff", "The connection broke.") if fails else None
        self.entries.append(a_message(len(self.entries) + 1, who, text, run_id=run_id, failure=failure))

    def prompt_of(self, run_id: int) -> Prompt:
        transcript = Transcript(a_run(run_id, GROUP), PROJECT, (), tuple(self.entries))
        return prompt_for(self.who, transcript, RoundPlan(1, TEAM, View.TABLE), self.tokens)


def grown(script: Script, who: Participant, tokens: int = PLENTY) -> Growth:
    growth = Growth(who, tokens)
    growth.ask("Why is the sky blue?")
    for step in script:
        if isinstance(step, str):
            growth.ask(step)
        else:
            speaker, ago, text, fails = step
            growth.answer(speaker, max(1, growth.runs - ago), text, fails=fails)
    growth.ask("And why red?")
    return growth


@given(steps, st.sampled_from([CLAUDE, GPT]))
def test_each_request_begins_with_the_one_before_it(script: Script, who: Participant) -> None:
    prompts = grown(script, who).prompts

    for before, after in pairwise(prompts):
        assert (after.system, after.left_out) == (before.system, 0)
        assert after.turns[: len(before.turns)] == before.turns
        assert len(after.turns) > len(before.turns)


@given(steps, st.integers(0, 600))
def test_with_a_budget_too_until_the_next_step_is_due(script: Script, tokens: int) -> None:
    prompts = grown(script, CLAUDE, tokens).prompts

    for before, after in pairwise(prompts):
        assert after.left_out >= before.left_out
        gone = after.left_out - before.left_out
        assert after.turns[: max(0, len(before.turns) - gone)] == before.turns[gone:]


@given(steps)
def test_a_run_that_is_taken_up_again_asks_the_same(script: Script) -> None:
    growth = grown(script, CLAUDE, tokens=500)

    assert [growth.prompt_of(number) for number in range(1, growth.runs + 1)] == growth.prompts


@given(steps, st.integers(0, 600))
def test_each_request_ends_with_its_question_and_begins_with_the_user(script: Script, tokens: int) -> None:
    for number, prompt in enumerate(grown(script, GPT, tokens).prompts, start=1):
        assert prompt.turns[0].role is Role.USER
        assert prompt.turns[-1].role is Role.USER
        assert prompt.turns[-1].text.startswith("Ann: "), number
