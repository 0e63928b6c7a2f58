"""A run of several rounds: what is told, in which order, what each model was shown, and how it comes to its end."""

from __future__ import annotations

from collections import Counter

import pytest

from moai.core.closing import SENTENCES
from moai.core.commands import ContinueDiscussion, StartDiscussion
from moai.core.events import AnswerArrived, AnswerGrew, ModelsAsked, RoundClosed, RoundStarted, RunClosed, RunStarted
from moai.core.findings import Consensus, Side
from moai.core.model import Message, Notice, Participant, RoundKind, Run, Status, Usage
from moai.core.modes.plan import Reason
from moai.core.prompts import Prompt
from moai.core.spending import DailyBudget, Price
from moai.errors import InvalidInput, Overloaded
from moai.testing import ScriptedClient
from tests.support.core import Core, is_told
from tests.support.people import CLAUDE, GEMINI, GPT, PRIVATE, TEAM, a_question, ask, say

MOVED = "{} says.\n\nSTANCE: disagree — cheap (moved by claude)"
SETTLED = '{"agreements": ["Blue."], "disagreements": [], "recommendation": "", "open_questions": []}'
ANSWER_EVENTS = {"AnswerGrew", "AnswerArrived", "ModelFailed"}


def a_core(*clients: ScriptedClient, **settings: object) -> Core:
    everybody = clients or [ScriptedClient(who, MOVED.format(who.alias)) for who in TEAM]
    return Core(*everybody, **settings)  # type: ignore[arg-type]


async def held(core: Core, mode: str = "discuss", *, wraps_up: bool = False, **terms: int | bool) -> Run:
    """Hold a run to its end, and return it as it stands."""
    begun = await core.orchestrator.begin(StartDiscussion(PRIVATE, a_question(message_id=None), mode, **terms))  # type: ignore[arg-type]
    if wraps_up:
        await core.stores.discussions.change_terms(begun.run.id, wraps_up=True)
    await core.run(begun.run)
    assert core.unstored == []
    return await core.stores.discussions.run(begun.run.id)


def told(core: Core, kind: type) -> list:  # type: ignore[type-arg]
    return [each for each in core.published.events if isinstance(each, kind)]


def notices(core: Core) -> list[Notice]:
    return [each for each in core.stores.tables.entries.values() if isinstance(each, Notice)]


# --- events ---


async def test_each_round_is_told_once_and_each_step_in_it_in_order() -> None:
    core = a_core(*(ScriptedClient(who, MOVED.format(who.alias)) for who in TEAM[:2]))

    run = await held(core, rounds=2)

    said = ["AnswerGrew", "AnswerArrived"]
    a_round = ["RoundStarted", "ModelsAsked", *said, "ModelsAsked", *said, "RoundClosed"]
    assert core.published.names == ["RunStarted", *a_round, *a_round, "RunClosed"]
    assert [(each.round.number, each.round.kind, each.aliases) for each in told(core, RoundStarted)] == [
        (1, RoundKind.TURNS, ("claude", "gpt")),
        (2, RoundKind.TURNS, ("gpt", "claude")),
    ]
    assert [each.aliases for each in told(core, ModelsAsked)] == [("claude",), ("gpt",), ("gpt",), ("claude",)]
    assert told(core, RunStarted)[0].calls == 4
    assert core.published.events[-1] == RunClosed(run.id, Status.DONE)


async def test_side_by_side_all_are_asked_in_one_step() -> None:
    core = a_core()

    await held(core, "panel", rounds=1)

    everybody = ("claude", "gpt", "gemini")
    assert [each.aliases for each in told(core, ModelsAsked)] == [everybody] * 3
    kinds = [RoundKind.DRAFTS, RoundKind.PANEL, RoundKind.RANKING]
    assert [each.round.kind for each in told(core, RoundStarted)] == kinds
    assert [each.round.status for each in told(core, RoundClosed)] == [Status.DONE] * 3


async def test_no_stance_is_ever_shown_and_each_is_stored() -> None:
    core = a_core()

    await held(core, rounds=2)

    assert "STANCE" not in "".join(each.text for each in told(core, AnswerGrew))
    messages = [each.message for each in told(core, AnswerArrived)]
    assert {each.text for each in messages} == {f"{who.alias} says." for who in TEAM}
    assert {each.stance.side for each in messages} == {Side.DISAGREE}
    assert {each.stance.moved_by for each in messages if each.participant != CLAUDE} == {("claude",)}


async def test_rankings_and_a_consensus_grow_unseen() -> None:
    core = a_core(*(ScriptedClient(who, "RANKING: ", "A > B\n", SETTLED) for who in TEAM))

    await held(core, "panel", rounds=1, wraps_up=True)

    at = {kind: number for number, kind in enumerate(core.published.events)}
    quiet = [each for each in told(core, RoundStarted) if each.round.kind in (RoundKind.RANKING, RoundKind.CONSENSUS)]
    since = at[quiet[0]]
    assert [each.text for each in core.published.events[since:] if isinstance(each, AnswerGrew)] == [""] * 4


# --- notices ---


async def test_each_round_has_one_notice_and_the_last_says_why_it_is_over() -> None:
    core = a_core()

    await held(core, rounds=2)

    first, second = notices(core)
    assert first.text.startswith("**Round 1** · disagree: ")
    assert second.text.endswith(SENTENCES[Reason.LIMIT])
    assert (first.is_last, second.is_last) == (False, True)
    assert [each.notice for each in told(core, RoundClosed)] == [first, second]


async def test_who_agrees_at_once_is_asked_no_more() -> None:
    core = a_core(*(ScriptedClient(who, "Yes.\nSTANCE: agree") for who in TEAM))

    run = await held(core, rounds=5)

    (notice,) = notices(core)
    assert notice.text == f"**Round 1** · agree: claude, gpt, gemini\n\n{SENTENCES[Reason.AGREED]}"
    assert (notice.is_last, run.status) == (True, Status.DONE)


async def test_a_panel_tells_the_ranking_under_names() -> None:
    def first_label_first(prompt: Prompt) -> str:
        # Whoever is asked ranks as its own example does.
        return prompt.turns[-1].text.splitlines()[-1]

    core = a_core(*(ScriptedClient(who, calls=["Draft.", "Mine.\nSTANCE: agree", first_label_first]) for who in TEAM))

    await held(core, "panel", rounds=1)

    ballots = {each.participant.alias: each.ranking for each in core.stores.tables.answers if each.ranking}
    assert {alias: len(each) for alias, each in ballots.items()} == {"claude": 2, "gpt": 2, "gemini": 2}
    assert all(alias not in ranked for alias, ranked in ballots.items())
    *_, last = notices(core)
    assert all(f"| {who.alias} |" in last.text for who in TEAM)
    rankings = {each.id for each in core.stores.tables.answers if each.round_kind is RoundKind.RANKING}
    assert rankings <= core.stores.tables.delivered


# --- the consensus ---


async def test_the_moderator_is_asked_for_the_object_and_another_where_it_fails() -> None:
    core = a_core(
        ScriptedClient(CLAUDE, calls=[MOVED, SETTLED]),
        ScriptedClient(GPT, calls=[MOVED, Overloaded()]),
        ScriptedClient(GEMINI, MOVED),
        moderator="gpt",
    )

    run = await held(core, rounds=5, wraps_up=True)

    *_, failed, written = core.stores.tables.answers
    assert (failed.participant, failed.failure is not None, failed.consensus) == (GPT, True, None)
    assert (written.participant, written.consensus) == (CLAUDE, Consensus(("Blue.",)))
    assert [each.round.kind for each in told(core, RoundStarted)] == [RoundKind.TURNS, RoundKind.CONSENSUS]
    assert [each.aliases for each in told(core, ModelsAsked)[-2:]] == [("gpt",), ("claude",)]
    assert (await core.stores.discussions.consensus(written.id))[0] == run


async def test_a_moderator_who_is_not_at_the_table_answers_under_its_own_model() -> None:
    core = a_core(*(ScriptedClient(who, SETTLED if who == GEMINI else MOVED) for who in TEAM), moderator="gemini")
    project = await core.stores.projects.current(PRIVATE)
    await core.stores.projects.set_aliases(PRIVATE.chat_id, project.id, ("claude", "gpt"))

    await held(core, rounds=1, wraps_up=True)

    assert core.stores.tables.answers[-1].participant == GEMINI


async def test_a_consensus_needs_something_that_was_said() -> None:
    core = a_core()
    asked = ContinueDiscussion(PRIVATE, a_question(""), "consensus")

    with pytest.raises(InvalidInput, match="no discussion here yet"):
        await core.orchestrator.begin(asked)

    await say(core.stores, await ask(core.stores), "Rayleigh.")
    await core.orchestrator.run(await core.orchestrator.begin(asked))
    assert core.stores.tables.answers[-1].round_kind is RoundKind.CONSENSUS


# --- money ---


async def test_a_budget_that_is_reached_ends_the_run_before_the_call_with_a_sentence() -> None:
    usage = Usage(1_000_000, 0)
    clients = [ScriptedClient(who, MOVED.format(who.alias), usage=usage) for who in TEAM]
    core = a_core(
        *clients, prices=dict.fromkeys(("claude", "gpt", "gemini"), Price(1, 1)), daily_budget=DailyBudget(2.5)
    )

    run = await held(core, rounds=5)

    assert run.status is Status.STOPPED
    assert [len(each.prompts) for each in clients] == [1, 1, 1]
    assert [each.usage.cost_usd for each in core.stores.tables.answers] == [1.0, 1.0, 1.0]
    (closed,) = told(core, RunClosed)
    assert closed.status is Status.STOPPED
    assert is_told(closed, r"budget for today (\$2.50) is used up")
    assert core.published.names[-2:] == ["RoundStarted", "RunClosed"], "nobody is told to be asked"
    assert {each.status for each in core.stores.tables.rounds.values()} == {Status.DONE, Status.STOPPED}


async def test_what_was_spent_before_is_told_when_a_run_begins() -> None:
    core = a_core(*(ScriptedClient(who, MOVED, usage=Usage(5, 7)) for who in TEAM))
    await held(core, rounds=1)

    await core.orchestrator.run(await core.orchestrator.begin(ContinueDiscussion(PRIVATE, a_question(""), "discuss")))

    first, second = told(core, RunStarted)
    assert (first.spent.answers, second.spent.answers) == (0, 3)
    assert (second.spent.input_tokens, second.spent.output_tokens, second.said) == (15, 21, ())


# --- a long one ---


async def test_ten_rounds_of_five_with_one_that_fails_every_other_time_store_every_turn_once() -> None:
    seats = (*TEAM, Participant("qwen", "ollama", "q"), Participant("kimi", "openrouter", "k"))
    clients = [ScriptedClient(who, MOVED.format(who.alias)) for who in seats[:4]]
    moody = ScriptedClient(seats[4], calls=[MOVED, Overloaded()] * 5)
    core = a_core(*clients, moody)

    run = await held(core, rounds=10)

    said = [each for each in core.stores.tables.entries.values() if isinstance(each, Message)]
    assert Counter((each.round_number, each.participant.alias) for each in said) == Counter(
        (number, who.alias) for number in range(1, 11) for who in seats
    )
    assert [each.failure is None for each in said if each.participant == seats[4]] == [True, False] * 5
    assert [notice.round_number for notice in notices(core)] == list(range(1, 11))
    assert [notice.is_last for notice in notices(core)] == [False] * 9 + [True]
    assert run.status is Status.DONE


async def test_each_model_is_shown_all_that_was_said_before_it_in_the_round() -> None:
    clients = [ScriptedClient(who, MOVED.format(who.alias)) for who in TEAM]
    core = a_core(*clients)

    await held(core, rounds=2)

    turns = [[len(prompt.turns) for prompt in client.prompts] for client in clients]
    # The question; one turn more for each answer; a mark where the second round begins.
    assert turns == [[1, 7], [2, 5], [3, 6]]
