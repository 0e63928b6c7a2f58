"""What people say while models discuss, in a real file."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from storage_world import GROUP, PRIVATE, Stores, question

from moai.core.model import Attachment, Person, Place, Quote, Remark, Status
from moai.core.records import OpenedRun
from moai.errors import NotFound

SUPERGROUP = Place(-1_009_999_999_999)


def remark(text: str = "Mind the cost.", message_id: int | None = 41) -> Remark:
    return Remark(text, Person(7, "Bob"), message_id)


async def numbers(stores: Stores, opened: OpenedRun) -> list[int | None]:
    """Return Telegram's ids of what people said in a discussion."""
    entries = (await stores.discussions.transcript(opened.run.id)).entries
    return [each.remark.message_id for each in entries]


async def test_a_remark_stands_where_it_was_said_with_all_that_came_with_it(stores: Stores) -> None:
    opened = await stores.discuss()
    attached = (Attachment("a.txt", "text/plain", "a\0"), Attachment("b.png", "image/png", data=b"\0b"))
    given = replace(remark("Hm.\0"), attachments=attached, quote=Quote("gpt", "Blue.\0"))
    before = await stores.say(opened.first_round)

    told = await stores.discussions.add_remark(opened.run.id, given)

    after = await stores.say(opened.first_round, seat=1)
    clean = (replace(attached[0], text="a\ufffd"), attached[1])
    assert told.remark == replace(given, text="Hm.\ufffd", attachments=clean, quote=Quote("gpt", "Blue.\ufffd"))
    assert (told.run_id, told.mode, told.is_question) == (opened.run.id, "discuss", False)
    assert told.created_at < stores.clock.time
    transcript = await stores.discussions.transcript(opened.run.id)
    assert transcript.entries == (opened.question, before, told, after)
    assert (transcript.run.question, transcript.answers) == (opened.question.remark, (before, after))


async def test_a_remark_is_not_to_be_delivered(stores: Stores) -> None:
    opened = await stores.discuss()
    await stores.discussions.add_remark(opened.run.id, remark())

    assert await stores.deliveries.undelivered() == ()


async def test_the_same_message_is_one_remark_with_what_came_with_it_first(stores: Stores) -> None:
    opened = await stores.discuss()
    given = replace(remark(), attachments=(Attachment("a.txt", "text/plain", "a"),))

    found = await asyncio.gather(*(stores.discussions.add_remark(opened.run.id, given) for _ in range(10)))
    edited = await stores.discussions.add_remark(opened.run.id, remark("Edited."))

    assert {*found, edited} == {found[0]}
    assert found[0].remark == given
    assert await stores.count("attachments") == 1


async def test_a_message_that_comes_again_in_a_later_run_of_the_discussion_is_the_first(stores: Stores) -> None:
    opened = await stores.discuss()
    first = await stores.discussions.add_remark(opened.run.id, remark())
    later, elsewhere = await stores.go_on(), await stores.discuss(PRIVATE)

    assert await stores.discussions.add_remark(later.run.id, remark()) == first
    other = await stores.discussions.add_remark(elsewhere.run.id, remark())
    assert (other.run_id, other.remark) == (elsewhere.run.id, remark())


async def test_remarks_without_a_message_are_all_kept(stores: Stores) -> None:
    opened = await stores.discuss()

    for text in ("One.", "One.", "Two."):
        await stores.discussions.add_remark(opened.run.id, remark(text, None))

    entries = (await stores.discussions.transcript(opened.run.id)).entries
    assert [each.remark.text for each in entries[1:]] == ["One.", "One.", "Two."]


async def test_a_remark_needs_its_run_and_may_come_a_moment_late(stores: Stores) -> None:
    opened = await stores.discuss()
    await stores.discussions.close_run(opened.run.id, Status.DONE)

    assert (await stores.discussions.add_remark(opened.run.id, remark())).run_id == opened.run.id
    with pytest.raises(NotFound):
        await stores.discussions.add_remark(404, remark())
    assert await stores.count("messages") == 2


async def test_the_ids_of_remarks_are_forgotten_where_the_chat_moves(stores: Stores) -> None:
    moved, other = await stores.discuss(GROUP, 31), await stores.discuss(PRIVATE, 31)
    for opened in (moved, other):
        await stores.discussions.add_remark(opened.run.id, remark())

    await stores.chats.move(GROUP.chat_id, SUPERGROUP.chat_id)

    assert await numbers(stores, moved) == [None, None]
    assert await numbers(stores, other) == [31, 41]
    anew = await stores.discussions.add_remark(moved.run.id, remark("In the new chat."))
    assert anew.remark.text == "In the new chat."


async def test_the_ids_of_remarks_are_forgotten_with_the_bot_that_had_them(stores: Stores) -> None:
    opened = await stores.discuss(GROUP, 31)
    await stores.discussions.add_remark(opened.run.id, remark())
    await stores.inbox.belong_to(1)
    assert await numbers(stores, opened) == [31, 41]

    await stores.inbox.belong_to(2)

    assert await numbers(stores, opened) == [None, None]
    assert (await stores.discussions.transcript(opened.run.id)).run.question == question()
