"""What every DiscussionStore promises of what models come to: stances, rankings and consensuses, as they were found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moai.core.findings import Consensus, Disagreement, Position, Side, Stance
from moai.core.model import Answer, Completion, Failure, Message, RoundKind
from moai.errors import NotFound
from tests.support.contract import NOTES, World
from tests.support.people import CLAUDE, GEMINI, GPT, GROUP, TEAM

CONSENSUS = Consensus(
    agreements=("The sky scatters light.", "Blue wins over violet."),
    disagreements=(
        Disagreement(
            "How much ozone matters — “a little”",
            (Position(("claude", "gpt"), "At dusk only."), Position(("gemini",), "Always.")),
            "It absorbs orange.",
        ),
        Disagreement("Whether to measure it", (), ""),
    ),
    recommendation="Look up.",
    open_questions=("And on Mars?",),
)
STANCES = [
    Stance(Side.AGREE, "Rayleigh — it is “scattering”", ("gpt", "gemini")),
    Stance(Side.DISAGREE, "Mie", ()),
    Stance(Side.UNDECIDED),
    None,
]
STOPPED = Failure("Stopped", "Stopped before its end.")


async def kept(world: World, message: Message) -> Message:
    """Return an answer as the transcript of its run has it."""
    answers = (await world.discussions.transcript(message.run_id)).answers
    return next(each for each in answers if each.id == message.id)


@pytest.mark.parametrize("stance", STANCES, ids=["agree", "disagree", "undecided", "none"])
async def test_a_stance_is_kept_with_the_answer(world: World, stance: Stance | None) -> None:
    opened = await world.ask(first=RoundKind.TURNS)

    message = await world.say(opened.first_round, "Rayleigh.", stance=stance)

    assert message.stance == stance
    assert await kept(world, message) == message


async def test_each_answer_has_its_own_stance(world: World) -> None:
    opened = await world.ask(first=RoundKind.TURNS)
    answers = [
        Answer(who, Completion("Said.", who.model), stance=stance)
        for who, stance in zip(TEAM, (STANCES[1], None, STANCES[0]), strict=True)
    ]

    messages = await world.discussions.add_answers(opened.first_round, answers)

    assert [each.stance for each in messages] == [STANCES[1], None, STANCES[0]]
    assert (await world.discussions.transcript(opened.run.id)).answers == messages


@pytest.mark.parametrize("kind", RoundKind)
async def test_an_answer_knows_the_kind_of_its_round(world: World, kind: RoundKind) -> None:
    opened = await world.ask(GROUP, 31)
    second = await world.discussions.open_round(opened.run.id, 2, kind)
    first_answer = await world.say(opened.first_round, "Rayleigh.")

    message = await world.say(second, "Mie.", failure=STOPPED)
    await world.arrive(message, 500, of=2)

    assert (first_answer.round_kind, message.round_kind) == (RoundKind.ANSWERS, kind)
    assert (await world.discussions.transcript(opened.run.id)).answers == (first_answer, message)
    assert [each.message for each in await world.deliveries.undelivered()] == [first_answer, message]
    found = await world.discussions.origin(GROUP.chat_id, 500)
    assert found is not None
    assert found.message == message


async def test_a_ranking_is_kept_in_its_order(world: World) -> None:
    opened = await world.ask(first=RoundKind.RANKING)

    ranked = await world.say(opened.first_round, "B > A", seat=0, ranking=("gpt", "gemini"))
    other = await world.say(opened.first_round, "A > B", seat=1, ranking=("gemini", "claude"))
    garbled = await world.say(opened.first_round, "Both.", seat=2)

    assert [each.ranking for each in (ranked, other, garbled)] == [("gpt", "gemini"), ("gemini", "claude"), ()]
    assert (await world.discussions.transcript(opened.run.id)).answers == (ranked, other, garbled)


@pytest.mark.parametrize(
    "consensus", [CONSENSUS, Consensus(recommendation="Look up."), Consensus()], ids=["whole", "short", "empty"]
)
async def test_a_consensus_is_kept_with_its_answer(world: World, consensus: Consensus) -> None:
    opened = await world.ask()

    message = await world.settle_on(opened, consensus)

    assert (message.consensus, message.text) == (consensus, "{}")
    assert await kept(world, message) == message
    assert [each.message for each in await world.deliveries.undelivered()] == [message]


async def test_what_was_found_is_found_by_the_parts_of_its_answer(world: World) -> None:
    opened = await world.ask(first=RoundKind.TURNS)
    messages = [await world.say(opened.first_round, "Rayleigh.", stance=STANCES[0])]
    messages.append(await world.settle_on(opened, CONSENSUS))

    for number, message in enumerate(messages, start=500):
        await world.arrive(message, number)
        found = await world.discussions.origin(GROUP.chat_id, number)
        assert found is not None
        assert found.message == message


async def test_a_consensus_is_found_by_its_message(world: World) -> None:
    opened = await world.ask(GROUP, 31, attachments=(NOTES,))
    await world.say(opened.first_round, "Rayleigh.")
    message = await world.settle_on(opened, CONSENSUS)

    run, consensus = await world.discussions.consensus(message.id)

    assert consensus == CONSENSUS
    assert replace(run, question=opened.run.question) == opened.run


async def test_a_discussion_may_have_several_consensuses(world: World) -> None:
    opened = await world.ask()
    joined = await world.go_on()

    early, late = await world.settle_on(opened, CONSENSUS), await world.settle_on(joined, Consensus(("All.",)))

    assert await world.discussions.consensus(early.id) == (opened.run, CONSENSUS)
    assert await world.discussions.consensus(late.id) == (joined.run, Consensus(("All.",)))
    assert await world.entries(opened) == (opened.question, joined.question, early, late)


async def test_of_a_second_consensus_of_a_model_in_a_round_the_first_stays(world: World) -> None:
    opened = await world.ask()
    first = await world.settle_on(opened, CONSENSUS)

    again = await world.settle_on(opened, Consensus(("Another.",)))

    assert again == first
    assert await world.discussions.consensus(first.id) == (opened.run, CONSENSUS)


async def test_the_second_of_two_moderators_reaches_it(world: World) -> None:
    opened = await world.ask()
    last = await world.discussions.open_round(opened.run.id, 2, RoundKind.CONSENSUS)

    failed = await world.say(last, "", seat=0, failure=STOPPED)
    prose = await world.say(last, "Well.", seat=1)
    reached = await world.say(last, "{}", seat=2, consensus=CONSENSUS)

    assert [each.consensus for each in (failed, prose, reached)] == [None, None, CONSENSUS]
    assert (await world.discussions.transcript(opened.run.id)).answers == (failed, prose, reached)
    assert [each.participant for each in (failed, prose, reached)] == [CLAUDE, GPT, GEMINI]


async def test_what_is_no_consensus_is_not_found(world: World) -> None:
    opened = await world.ask()
    answer = await world.say(opened.first_round, "Rayleigh.")
    remark = await world.interject(opened, "And the cost?", 32)
    notice = await world.tell(opened.first_round, "**Round 1**")
    prose = await world.settle_on(opened, None)

    for message_id in (answer.id, remark.id, notice.id, prose.id, opened.question.id, 404):
        with pytest.raises(NotFound):
            await world.discussions.consensus(message_id)


async def test_a_consensus_goes_with_its_project(world: World) -> None:
    opened = await world.ask()
    message = await world.settle_on(opened, CONSENSUS)

    await world.projects.delete(GROUP.chat_id, opened.run.project_id)

    with pytest.raises(NotFound):
        await world.discussions.consensus(message.id)
