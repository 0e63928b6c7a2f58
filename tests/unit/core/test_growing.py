"""Answers while they grow: what the chat may see of them, and what a stop leaves of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drives import FAILED, a_discussion, begun
from hypothesis import given
from hypothesis import strategies as st

from moai.core.context import estimate
from moai.core.findings import Side, Stance
from moai.core.growing import STOPPED, Growth
from moai.core.model import Answer, Completion, Participant, RoundKind, Timing, Usage
from moai.core.modes.plan import RoundPlan, View
from moai.core.ports import OnText
from moai.core.prompts import Prompt
from moai.testing import ManualClock
from tests.support.people import CLAUDE, GEMINI, GPT, TEAM

KINDS = {
    RoundKind.TURNS: View.TABLE,
    RoundKind.PANEL: View.LABELS,
    RoundKind.RANKING: View.LABELS,
    RoundKind.CONSENSUS: View.TABLE,
}
LINE = "STANCE: agree — cheap"
SYSTEM = "You sit at a table."
PROMPTS = {who.alias: Prompt(SYSTEM, ()) for who in TEAM}


class Heard:
    """A step of a round, and what the chat saw of it."""

    def __init__(self, kind: RoundKind = RoundKind.TURNS, view: View | None = None) -> None:
        transcript, plan = a_discussion(), RoundPlan(1, TEAM, view or KINDS[kind], kind)
        self.clock = ManualClock()
        self.shown: list[tuple[str, str]] = []
        self.growth = Growth(transcript, plan, begun(transcript, plan).rounds[0], PROMPTS, self.clock)

    def hear(self, who: Participant) -> OnText:
        return self.growth.hear(who, lambda alias, text: self.shown.append((alias, text)))

    def say(self, who: Participant, *texts: str) -> None:
        grow = self.hear(who)
        for text in texts:
            grow(text)

    def text_of(self, who: Participant) -> str:
        return "".join(text for alias, text in self.shown if alias == who.alias)


def an_answer(who: Participant, text: str) -> Answer:
    return Answer(who, Completion(text, who.model, Usage(3, 4)))


def test_words_are_shown_as_they_come_each_models_as_its_own() -> None:
    heard = Heard()
    claude, gpt = heard.hear(CLAUDE), heard.hear(GPT)

    claude("Ray")
    gpt("Mie")
    claude("leigh.")

    assert heard.shown == [("claude", "Ray"), ("gpt", "Mie"), ("claude", "leigh.")]


@given(st.integers(0, len(f"Mie.\n{LINE}")))
def test_a_stance_never_flashes_up_wherever_it_is_cut(at: int) -> None:
    heard, text = Heard(), f"Mie.\n{LINE}"

    heard.say(CLAUDE, text[:at], text[at:])

    assert heard.text_of(CLAUDE).strip() == "Mie."


def test_an_answer_to_a_question_alone_is_not_sifted() -> None:
    heard = Heard(RoundKind.ANSWERS, View.ALONE)

    heard.say(CLAUDE, "Mie.\n", LINE)

    assert heard.text_of(CLAUDE) == f"Mie.\n{LINE}"


@pytest.mark.parametrize("kind", [RoundKind.RANKING, RoundKind.CONSENSUS])
def test_what_is_not_for_the_chat_is_only_told_to_have_begun_once(kind: RoundKind) -> None:
    heard = Heard(kind)

    heard.say(CLAUDE, "{", '"agreements"', ": []}")

    assert heard.shown == [("claude", "")]


def test_a_stop_leaves_the_beginnings_as_they_were_shown_and_marked() -> None:
    heard = Heard()
    heard.clock.advance(2)
    heard.say(CLAUDE, "Ray", "lei")
    heard.say(GPT, "Mie.\n", "STAN")
    heard.clock.advance(3)

    cut = heard.growth.cut()

    assert [(each.participant, each.completion.text, each.failure) for each in cut] == [
        (CLAUDE, "Raylei", STOPPED),
        (GPT, heard.text_of(GPT), STOPPED),
    ]
    assert {each.completion.timing for each in cut} == {Timing(total_s=3)}
    assert heard.growth.cut() == cut, "until it is stored"
    heard.growth.stored(cut)
    assert heard.growth.cut() == ()


def test_a_beginning_counts_as_about_as_many_tokens_as_its_words() -> None:
    heard = Heard()
    heard.say(CLAUDE, "Rayleigh scattering.")

    (beginning,) = heard.growth.cut()

    assert beginning.completion.usage == Usage(estimate(SYSTEM), estimate("Rayleigh scattering."))


def test_a_stop_leaves_nobody_who_said_nothing() -> None:
    heard = Heard()
    heard.hear(CLAUDE)
    heard.say(GPT, "")
    heard.say(GEMINI, LINE)

    assert heard.growth.cut() == ()


@pytest.mark.parametrize("kind", [RoundKind.RANKING, RoundKind.CONSENSUS])
def test_a_stop_leaves_no_beginning_of_what_is_not_for_the_chat(kind: RoundKind) -> None:
    heard = Heard(kind)
    heard.say(CLAUDE, "RANKING: A > B")

    assert heard.growth.cut() == ()


def test_a_whole_answer_that_is_not_stored_yet_is_kept_whole() -> None:
    heard = Heard()
    heard.say(CLAUDE, "Rayleigh.\n", LINE)
    heard.say(GPT, "Mi")
    heard.growth.take(an_answer(CLAUDE, f"Rayleigh.\n{LINE}"))

    whole, beginning = heard.growth.cut()

    assert whole == replace(an_answer(CLAUDE, "Rayleigh."), stance=Stance(Side.AGREE, "cheap"))
    assert (beginning.participant, beginning.failure) == (GPT, STOPPED)


def test_a_failure_that_is_not_stored_yet_is_kept_as_what_it_is() -> None:
    heard, failed = Heard(), Answer(CLAUDE, Completion("", "claude-x"), FAILED)
    heard.hear(CLAUDE)
    heard.growth.take(failed)

    assert heard.growth.cut() == (failed,)


def test_what_is_stored_is_not_kept_again() -> None:
    heard, answer = Heard(), an_answer(CLAUDE, "Rayleigh.")
    heard.say(CLAUDE, "Rayleigh.")
    heard.growth.take(answer)

    heard.growth.stored(heard.growth.read([answer]))

    assert heard.growth.cut() == ()


def test_answers_are_read_as_they_were_taken() -> None:
    heard = Heard()
    answers = [an_answer(who, f"{who.alias}.\n{LINE}") for who in (GPT, CLAUDE)]
    for each in answers:
        heard.hear(each.participant)
        heard.growth.take(each)

    read = heard.growth.read(answers)

    assert [(each.text, each.stance) for each in read] == [
        ("gpt.", Stance(Side.AGREE, "cheap")),
        ("claude.", Stance(Side.AGREE, "cheap")),
    ]
