"""What every DeliveryStore promises: which parts of which messages are missing, and when none is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from moai.core.model import Status
from moai.core.records import ArrivedPiece, Delivery
from moai.errors import NotFound
from tests.support.contract import World
from tests.support.people import GROUP, PRIVATE, TOPIC


async def test_a_stored_answer_waits_for_its_delivery(world: World) -> None:
    opened, message = await world.hear(TOPIC, 31)
    unnumbered, other = await world.hear(PRIVATE)

    assert await world.deliveries.undelivered() == (
        Delivery(message, TOPIC, frozenset(), reply_to=31),
        Delivery(other, PRIVATE, frozenset(), reply_to=None),
    )
    assert (opened.run.question.message_id, unnumbered.run.question.message_id) == (31, None)


async def test_each_answer_replies_to_the_question_of_its_own_run(world: World) -> None:
    first, second = await world.ask(GROUP, 31), await world.follow(GROUP, 32)
    await world.say(second.first_round, "Two.")
    await world.say(first.first_round, "One.")

    waiting = await world.deliveries.undelivered()

    assert [(each.message.text, each.reply_to) for each in waiting] == [("Two.", 32), ("One.", 31)]


async def test_a_message_waits_until_each_of_its_parts_is_there(world: World) -> None:
    opened, message = await world.hear(TOPIC, 31)
    waits = await world.say(opened.first_round, "Scattering.", seat=1)

    await world.arrive(message, 500, TOPIC, piece=1, of=2)
    await world.arrive(message, 501, TOPIC, piece=1, of=2)
    assert await world.deliveries.undelivered() == (
        Delivery(message, TOPIC, frozenset({1}), reply_to=31),
        Delivery(waits, TOPIC, reply_to=31),
    )

    await world.arrive(message, 502, TOPIC, piece=0, of=2)
    assert await world.deliveries.undelivered() == (Delivery(waits, TOPIC, reply_to=31),)


async def test_a_part_that_was_sent_again_stands_under_its_newest_number(world: World) -> None:
    _, message = await world.hear(GROUP)

    await world.arrive(message, 500, piece=0, of=2)
    await world.arrive(message, 501, piece=0, of=2)

    found = await world.discussions.origin(GROUP.chat_id, 501)
    assert found is not None
    assert found.message == message
    assert await world.discussions.origin(GROUP.chat_id, 500) is None


async def test_parts_of_several_messages_arrive_together(world: World) -> None:
    opened, whole = await world.hear(GROUP)
    half = await world.say(opened.first_round, "Scattering.", seat=1)
    _, private = await world.hear(PRIVATE)

    await world.deliveries.record_pieces(
        (
            ArrivedPiece(whole.id, 0, 2, GROUP, 500),
            ArrivedPiece(private.id, 0, 1, PRIVATE, 500),
            ArrivedPiece(half.id, 0, 3, GROUP, 501),
            ArrivedPiece(whole.id, 1, 2, GROUP, 502),
            ArrivedPiece(half.id, 2, 3, GROUP, 503),
        )
    )

    assert await world.deliveries.undelivered() == (Delivery(half, GROUP, frozenset({0, 2})),)
    await world.deliveries.record_pieces(())
    assert len(await world.deliveries.undelivered()) == 1


async def test_parts_of_a_deleted_message_are_left_out(world: World) -> None:
    _, kept = await world.hear(GROUP)
    (kitchen,) = await world.make("Kitchen")
    _, gone = await world.hear(GROUP)
    await world.projects.delete(GROUP.chat_id, kitchen.id)

    await world.deliveries.record_pieces(
        (
            ArrivedPiece(gone.id, 0, 2, GROUP, 500),
            ArrivedPiece(kept.id, 0, 1, GROUP, 501),
            ArrivedPiece(gone.id, 1, 2, GROUP, 502),
        )
    )

    assert await world.deliveries.undelivered() == ()
    found = await world.discussions.origin(GROUP.chat_id, 501)
    assert found is not None
    assert found.message == kept
    assert await world.discussions.origin(GROUP.chat_id, 500) is None


async def test_of_a_closed_delivery_nothing_more_is_sent(world: World) -> None:
    opened, message = await world.hear(GROUP)
    other = await world.say(opened.first_round, "Scattering.", seat=1)
    await world.arrive(message, 500, piece=0, of=2)

    for _ in range(2):
        await world.deliveries.close_delivery(message.id)

    assert [each.message for each in await world.deliveries.undelivered()] == [other]
    assert await world.discussions.origin(GROUP.chat_id, 500) is not None


async def test_undelivered_messages_come_in_the_order_of_their_storing(world: World) -> None:
    places = (GROUP, PRIVATE, TOPIC, GROUP)
    opened = [await world.ask(place) for place in places]
    messages = [await world.say(each.first_round, "Rayleigh.", seat=1) for each in reversed(opened)]
    messages += [await world.say(each.first_round, "Mie.", seat=0) for each in opened]
    await world.arrive(messages[3], 500)

    waiting = [each.message for each in await world.deliveries.undelivered()]

    assert waiting == [*messages[:3], *messages[4:]]


async def test_a_board_is_kept_with_its_run(world: World) -> None:
    first, second = await world.ask(GROUP), await world.follow(GROUP)

    await world.deliveries.record_board(first.run.id, 77)
    await world.deliveries.record_board(second.run.id, 78)
    await world.deliveries.record_board(second.run.id, 79)

    runs = [(await world.discussions.transcript(each.run.id)).run for each in (first, second)]
    assert runs == [replace(first.run, board_message_id=77), replace(second.run, board_message_id=79)]


async def test_what_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        await world.deliveries.close_delivery(404)
    with pytest.raises(NotFound):
        await world.deliveries.record_board(404, 1)


async def test_an_end_is_untold_until_the_board_is_let_go_of(world: World) -> None:
    under_way, ended, boardless = [await world.ask(GROUP) for _ in range(3)]
    for each in (under_way, ended):
        await world.deliveries.record_board(each.run.id, 70 + each.run.id)
    began = world.clock.now()
    for each in (ended, boardless):
        await world.discussions.close_run(each.run.id, Status.DONE)

    assert await world.discussions.ends_untold(began) == (ended.run.id,)
    assert await world.discussions.ends_untold(began + timedelta(seconds=1)) == ()

    await world.deliveries.record_board(ended.run.id, None)
    assert await world.discussions.ends_untold(began) == ()
