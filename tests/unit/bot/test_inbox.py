"""Updates are handled once each, in order within a chat, and left for the next start if not finished."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Update

from tests.support.clock import leaping, settle
from tests.support.post import Post, Raw, an_update


@leaping
async def test_updates_are_handled_and_confirmed_after_they_were_stored() -> None:
    post = Post()
    post.telegram.pending = [an_update(10, "one"), an_update(11, "two")]

    await post.poll()

    assert post.telegram.offsets == [0, 12]
    assert post.telegram.handled == ["+one", "-one", "+two", "-two"]
    assert await post.store.unfinished() == ()
    await post.close()


@leaping
async def test_an_update_that_telegram_gives_twice_is_handled_once() -> None:
    post = Post()
    await post.store.store([an_update(10, "one")])
    await post.store.finish([10])
    post.telegram.pending = [an_update(10, "one"), an_update(11, "two")]

    await post.poll()

    assert post.telegram.handled == ["+two", "-two"]
    assert post.telegram.offsets == [0, 12]
    await post.close()


@leaping
@pytest.mark.parametrize(
    "garbage",
    [{"message": "no object"}, {"message": {"chat": 5}}, {"message": {"message_id": "x"}}],
    ids=str,
)
async def test_an_update_that_cannot_be_parsed_is_left_out_and_finished(garbage: Raw) -> None:
    post = Post()
    post.telegram.pending = [{"update_id": 10, **garbage}, an_update(11, "two")]

    await post.poll()

    assert post.telegram.handled == ["+two", "-two"]
    assert post.telegram.offsets == [0, 12]
    assert await post.store.unfinished() == ()
    await post.close()


@leaping
async def test_an_update_of_a_kind_that_nobody_knows_is_finished() -> None:
    post = Post()
    post.telegram.pending = [{"update_id": 10, "from_the_future": {"x": 1}}]

    await post.poll()

    assert post.telegram.handled == ["+", "-"]
    assert await post.store.unfinished() == ()
    await post.close()


@leaping
async def test_within_a_chat_one_waits_for_the_other_and_chats_go_side_by_side() -> None:
    post = Post()
    telegram = post.telegram
    telegram.gates = {"slow": asyncio.Event()}
    telegram.pending = [
        an_update(10, "slow"),
        an_update(11, "second"),
        an_update(12, "third"),
        an_update(13, "other", chat_id=1002),
    ]

    await post.poll()
    assert telegram.handled == ["+slow", "+other", "-other"]
    assert [raw["update_id"] for raw in await post.store.unfinished()] == [10, 11, 12]
    telegram.gates["slow"].set()
    await settle()

    assert telegram.handled[3:] == ["-slow", "+second", "-second", "+third", "-third"]
    assert await post.store.unfinished() == ()
    await post.close()


@leaping
async def test_a_chat_that_hangs_stops_neither_the_polling_nor_the_others() -> None:
    post = Post()
    post.telegram.gates = {"hangs": asyncio.Event()}
    post.telegram.pending = [an_update(10, "hangs")]
    await post.poll(1)
    assert post.telegram.offsets == [0, 11]

    await post.close()
    assert [raw["update_id"] for raw in await post.store.unfinished()] == [10]


@leaping
async def test_what_was_left_over_is_handled_in_its_order() -> None:
    post = Post()
    await post.store.store([an_update(10, "one"), an_update(11, "two"), an_update(12, "three")])
    await post.store.finish([11])

    await post.inbox.handle_left_over()
    await settle()

    assert post.telegram.handled == ["+one", "-one", "+three", "-three"]
    assert await post.store.unfinished() == ()
    await post.close()


@leaping
async def test_closing_lets_what_is_being_handled_come_to_its_end() -> None:
    post = Post()
    post.telegram.gates = {"slow": asyncio.Event()}
    await post.store.store([an_update(10, "slow"), an_update(11, "hangs", chat_id=1002)])
    post.telegram.gates["hangs"] = asyncio.Event()
    await post.inbox.handle_left_over()
    await settle()
    asyncio.get_running_loop().call_later(0.5, post.telegram.gates["slow"].set)

    await post.inbox.close(deadline_s=1)

    assert post.telegram.handled == ["+slow", "+hangs", "-slow"]
    assert [raw["update_id"] for raw in await post.store.unfinished()] == [11]


@leaping
async def test_a_bug_in_handling_leaves_its_update_for_the_next_start_and_the_chat_goes_on() -> None:
    post = Post()
    process_update = post.telegram.process_update

    async def fail_once(update: Update) -> None:
        post.telegram.process_update = process_update  # type: ignore[method-assign]
        raise ZeroDivisionError("a bug")

    post.telegram.process_update = fail_once  # type: ignore[method-assign]
    post.telegram.pending = [an_update(10, "one"), an_update(11, "two")]

    await post.poll()

    assert post.telegram.handled == ["+two", "-two"]
    assert [raw["update_id"] for raw in await post.store.unfinished()] == [10]
    await post.close()


@leaping
async def test_presses_and_memberships_wait_for_their_chat_as_messages_do() -> None:
    post = Post()
    telegram, seen = post.telegram, list[str]()
    ann, chat = {"id": 1001, "is_bot": False, "first_name": "Ann"}, {"id": 1001, "type": "private"}
    bot = {"user": {"id": 5, "is_bot": True, "first_name": "MoAI"}, "status": "member"}
    change = {"chat": chat, "from": ann, "date": 1, "old_chat_member": {**bot, "status": "left"}}
    process_update = telegram.process_update

    async def note(update: Update) -> None:
        kinds = {"press": update.callback_query, "membership": update.my_chat_member, "message": update.message}
        seen.extend(kind for kind, found in kinds.items() if found)
        await process_update(update)

    telegram.process_update = note  # type: ignore[method-assign]
    telegram.gates = {"slow": asyncio.Event()}
    press = {"id": "7", "from": ann, "chat_instance": "1", "data": "p:1", "message": an_update(5)["message"]}
    telegram.pending = [
        an_update(10, "slow"),
        {"update_id": 11, "callback_query": press},
        {"update_id": 12, "my_chat_member": {**change, "new_chat_member": bot}},
    ]
    await post.poll(5)
    assert seen == ["message"]

    telegram.gates["slow"].set()
    await settle()

    assert seen == ["message", "press", "membership"]
    assert await post.store.unfinished() == ()
    await post.close()


@leaping
async def test_a_press_of_a_drafts_stop_button_waits_for_its_own_chat_only() -> None:
    post = Post()
    telegram, seen = post.telegram, list[int]()
    process_update = telegram.process_update

    async def note(update: Update) -> None:
        seen.append(update.update_id)
        await process_update(update)

    telegram.process_update = note  # type: ignore[method-assign]
    telegram.gates = {"slow": asyncio.Event()}
    stops = [{"chat": {"id": chat_id, "type": "private"}, "draft_id": 5} for chat_id in (1001, 1002)]
    telegram.pending = [
        an_update(10, "slow"),
        {"update_id": 11, "stopped_message_generation": stops[0]},
        {"update_id": 12, "stopped_message_generation": stops[1]},
    ]
    await post.poll(5)
    assert seen == [10, 12]

    telegram.gates["slow"].set()
    await settle()

    assert seen == [10, 12, 11]
    await post.close()
