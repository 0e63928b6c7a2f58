"""Batches that Telegram does not give: what is no update is left out, and those around it are handled."""

from __future__ import annotations

from moai.simulator.telegram import Simulator
from tests.support.desk import open_desk


async def test_what_has_no_number_is_left_out_and_the_next_is_handled() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        for odd in ({"update_id": 2**70}, {"update_id": True}, {"update_id": None}, ["no update"]):
            sim._world.feed.push_raw(odd)  # type: ignore[arg-type]
        chat.says("/help")
        await chat.shows("Discussion")
        assert await staff.stores.inbox.unfinished() == ()
