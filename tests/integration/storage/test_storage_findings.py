"""What models come to, stances, rankings and consensuses, in a real file."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from storage_world import GROUP, TEAM, Stores, question, said

from moai.core.findings import Consensus, Disagreement, Position, Side, Stance
from moai.core.model import Answer, Completion, Failure, Message, Round, RoundKind, Usage
from moai.core.records import Delivery, Origin, Record
from moai.errors import NotFound
from moai.storage.tables import messages

FAILURE = Failure("CutOff", "The connection broke.", retryable=True)
SETTLED = Consensus(
    agreements=("The sky is blue.", "It scatters."),
    disagreements=(
        Disagreement("Why red?", (Position(("claude", "gpt"), "Dust."), Position(("gemini",), "Length.")), "Physics."),
        Disagreement("Why violet?"),
    ),
    recommendation="Look up.",
    open_questions=("And at night?",),
)


async def a_round(stores: Stores, kind: RoundKind) -> Round:
    opened = await stores.discuss(first=kind)
    assert opened.first_round is not None
    return opened.first_round


async def stored(stores: Stores, opened: Round, *answers: Answer) -> tuple[Message, ...]:
    """Store answers, and see that they are read back as they came."""
    messages = await stores.discussions.add_answers(opened, answers)
    assert (await stores.discussions.transcript(opened.run_id)).answers == messages
    return messages


@pytest.mark.parametrize("side", Side)
async def test_a_stance_is_kept_with_who_moved_it(stores: Stores, side: Side) -> None:
    stance = Stance(side, "It costs too much", ("ben", "gpt"))
    opened = await a_round(stores, RoundKind.TURNS)

    messages = await stored(
        stores, opened, replace(said("So."), stance=stance), replace(said("", 1), stance=Stance(side))
    )

    assert [message.stance for message in messages] == [stance, Stance(side)]
    assert [message.round_kind for message in messages] == [RoundKind.TURNS] * 2


async def test_what_was_not_found_is_not_kept(stores: Stores) -> None:
    (message,) = await stored(stores, await a_round(stores, RoundKind.TURNS), said("So."))

    assert (message.stance, message.ranking, message.consensus) == (None, (), None)
    assert await stores.count("consensuses") == 0


async def test_what_an_answer_cost_is_kept(stores: Stores) -> None:
    opened = await a_round(stores, RoundKind.TURNS)
    priced, free = (Completion("", "x", Usage(1, 2, cost)) for cost in (0.0125, 0.0))

    messages = await stored(stores, opened, Answer(TEAM[0], priced), Answer(TEAM[1], free), said("", 2))

    assert [message.usage for message in messages] == [Usage(1, 2, 0.0125), Usage(1, 2, 0.0), Usage()]


async def test_a_whole_ranking_is_not_for_the_chat_and_a_failed_one_is(stores: Stores) -> None:
    opened = await a_round(stores, RoundKind.RANKING)
    whole, garbled = replace(said("RANKING: B > A"), ranking=("gpt", "gemini")), said("Both are fine.", 1)

    messages = await stored(stores, opened, whole, garbled, replace(said("RANK", 2), failure=FAILURE))

    assert [message.ranking for message in messages] == [("gpt", "gemini"), (), ()]
    assert await stores.deliveries.undelivered() == (Delivery(messages[2], GROUP),)


async def test_a_consensus_is_kept_as_it_was_found(stores: Stores) -> None:
    opened = await a_round(stores, RoundKind.CONSENSUS)
    given = replace(said("{…}", 1), consensus=SETTLED)

    (message,) = await stored(stores, opened, given)

    assert (message.text, message.consensus) == ("{…}", SETTLED)
    run = await stores.discussions.run(opened.run_id)
    assert await stores.discussions.consensus(message.id) == (run, SETTLED)
    assert await stores.deliveries.undelivered() == (Delivery(message, GROUP),)
    await stores.send(message, telegram_id=500)
    origin = Origin(message, await stores.projects.current(GROUP), GROUP)
    assert await stores.discussions.origin(GROUP.chat_id, 500) == origin


async def test_a_consensus_is_stored_once_like_its_answer(stores: Stores) -> None:
    opened = await a_round(stores, RoundKind.CONSENSUS)
    answers = [replace(said("", seat), consensus=Consensus(recommendation=f"{seat}")) for seat in (0, 1)]
    first = await stores.discussions.add_answers(opened, answers[:1])

    twice = replace(answers[1], consensus=SETTLED)
    found = await stores.discussions.add_answers(opened, [replace(answers[0], consensus=SETTLED), answers[1], twice])

    assert found[0] == first[0]
    assert found[1] == found[2]
    assert [message.consensus for message in found] == [answers[0].consensus, *[answers[1].consensus] * 2]
    assert await stores.count("consensuses") == 2


async def test_each_consensus_of_a_discussion_is_found_by_its_message(stores: Stores) -> None:
    first = await a_round(stores, RoundKind.CONSENSUS)
    (one,) = await stores.discussions.add_answers(first, [replace(said(""), consensus=Consensus())])
    again = await stores.go_on(message_id=32)
    (two,) = await stores.discussions.add_answers(again.first_round, [replace(said(""), consensus=SETTLED)])

    assert await stores.discussions.consensus(one.id) == (await stores.discussions.run(first.run_id), Consensus())
    assert await stores.discussions.consensus(two.id) == (again.run, SETTLED)
    assert again.run.question == question(32)


async def test_only_an_answer_that_came_to_one_is_a_consensus(stores: Stores) -> None:
    opened = await a_round(stores, RoundKind.CONSENSUS)
    prose = await stores.say(opened, "They all agree.")
    reached = replace(said("", 1), consensus=SETTLED)
    (message,) = await stores.discussions.add_answers(opened, [reached])
    project = await stores.projects.current(GROUP)
    await stores.projects.delete(GROUP.chat_id, project.id)

    for message_id in (prose.id, message.id, 404):
        with pytest.raises(NotFound):
            await stores.discussions.consensus(message_id)
    assert await stores.count("consensuses") == 0


async def test_what_a_database_cannot_hold_is_cleaned_out_of_findings(stores: Stores) -> None:
    nasty, clean = "a\0b \ud83d\ude00 \udfff", "a\ufffdb 😀 \ufffd"

    def found(text: str) -> Answer:
        point = Disagreement(text, (Position((text,), text),), text)
        consensus = Consensus((text,), (point,), text, (text,))
        return replace(said(""), stance=Stance(Side.AGREE, text, (text,)), ranking=(text,), consensus=consensus)

    (message,) = await stored(stores, await a_round(stores, RoundKind.CONSENSUS), found(nasty))

    wanted = found(clean)
    assert (message.stance, message.ranking, message.consensus) == (wanted.stance, wanted.ranking, wanted.consensus)


async def test_a_record_is_of_answers_of_every_kind_and_of_nothing_else(stores: Stores) -> None:
    opened = await a_round(stores, RoundKind.RANKING)
    await stores.discussions.add_answers(opened, [said("")])
    await stores.discussions.close_round(opened, "A table.")
    await stores.discussions.add_remark(opened.run_id, question(41))

    assert await stores.discussions.record_of(TEAM[0], last=5) == Record(1, 0, 0.0)


async def test_a_notice_has_no_author(stores: Stores) -> None:
    opened = await a_round(stores, RoundKind.TURNS)
    ids = {"discussion_id": opened.run_id, "run_id": opened.run_id, "round_id": opened.id}
    values = {**ids, "alias": "gpt", "kind": "notice", "text": "", "created_at": stores.clock.now()}

    with pytest.raises(IntegrityError, match="notice_is_of_no_model"):
        await stores.database.write(lambda connection: connection.execute(insert(messages).values(values)).close())
