"""The emoji under what a person said: left once, given up soon, and words instead where a chat does not take it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram import ReactionTypeEmoji
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from moai.bot.cards import TypingCard
from moai.bot.finals import Final
from moai.bot.outbox import Outbox
from moai.bot.reactions import MOST_TRIES, ReactionCard
from moai.bot.render import Piece
from moai.core.clock import SystemClock
from moai.core.model import Place
from moai.simulator.telegram import Simulator
from tests.support.clock import leaping
from tests.support.fakes import GROUP, PRIVATE, RecordingBot, open_bot
from tests.support.lanes import a_lane

EYES = "👀"


class Reacting(RecordingBot):
    """A RecordingBot that can leave reactions."""

    async def set_message_reaction(
        self, chat_id: int, message_id: int, reaction: ReactionTypeEmoji, **arguments: Any
    ) -> Any:
        return await self._take("setMessageReaction", chat_id, f"{message_id}{reaction.emoji}", arguments)


class Refusals:
    """Hears refusals, each as what `gone` says."""

    def __init__(self) -> None:
        self.heard: list[bool] = []
        self.told = asyncio.Event()

    def __call__(self, *, gone: bool) -> None:
        self.heard.append(gone)
        self.told.set()

    def card(self, message_id: int = 31, place: Place = PRIVATE) -> ReactionCard:
        return ReactionCard(place, message_id, EYES, self)


@pytest.mark.parametrize("emoji", [EYES, "✍️"])
@pytest.mark.parametrize("is_group", [False, True])
async def test_a_reaction_stands_under_its_message(is_group: bool, emoji: str) -> None:
    async with Simulator(privacy=False) as sim, open_bot(sim) as bot:
        ann, refusals = sim.user("Ann"), Refusals()
        if is_group:
            chat = sim.group("Kitchen", ann)
            said = chat.says(ann, "No, blue.")
        else:
            chat = sim.private_chat(ann)
            said = chat.says("No, blue.")
        outbox = Outbox(bot, SystemClock())

        outbox.refresh(ReactionCard(Place(chat.id), said.message_id, emoji, refusals))
        await sim.until(lambda: chat.messages[0].reactions)

        await outbox.close(1)
        assert (chat.messages[0].reactions, refusals.heard) == ((emoji[0],), [])


@pytest.mark.parametrize("emoji", [EYES, "🍕"], ids=["not allowed here", "not allowed anywhere"])
async def test_a_group_that_does_not_take_it_is_heard(emoji: str) -> None:
    async with Simulator(privacy=False) as sim, open_bot(sim) as bot:
        ann, refusals = sim.user("Ann"), Refusals()
        group = sim.group("Kitchen", ann)
        group.allow_reactions("👍")
        said, outbox = group.says(ann, "No, blue."), Outbox(bot, SystemClock())

        outbox.refresh(ReactionCard(Place(group.id), said.message_id, emoji, refusals))
        await asyncio.wait_for(refusals.told.wait(), 10)

        await outbox.close(1)
        assert refusals.heard == [False]
        assert len(sim.calls_of("setMessageReaction")) == 1


@leaping
@pytest.mark.parametrize(
    ("error", "gone"),
    [
        (BadRequest("REACTION_INVALID"), False),
        (BadRequest("not enough rights to react"), False),
        (InvalidToken("Not Found"), False),
        (Forbidden("bot was kicked from the group chat"), True),
    ],
    ids=str,
)
async def test_a_refusal_is_told_at_once_and_not_tried_again(error: TelegramError, gone: bool) -> None:
    bot, refusals = Reacting(), Refusals()
    bot.faults = [error]
    lane = a_lane(bot)
    lane.refresh(refusals.card())

    await lane.run()

    assert (refusals.heard, bot.methods) == ([gone], ["setMessageReaction"])


@leaping
@pytest.mark.parametrize("error", [RetryAfter(3), NetworkError("reset")], ids=str)
async def test_what_is_in_the_way_for_a_moment_is_waited_for(error: TelegramError) -> None:
    bot, refusals = Reacting(), Refusals()
    bot.faults = [error, error]
    lane = a_lane(bot)
    lane.refresh(refusals.card())

    await lane.run()

    assert (refusals.heard, bot.texts) == ([], ["31👀"] * 3)


@leaping
@pytest.mark.parametrize("error", [RetryAfter(3), NetworkError("reset")], ids=str)
async def test_what_is_in_the_way_for_long_is_not(error: TelegramError) -> None:
    bot, refusals = Reacting(), Refusals()
    bot.faults = [error] * 1_000
    lane = a_lane(bot)
    lane.refresh(refusals.card())

    await lane.run()

    assert (refusals.heard, len(bot.calls)) == ([], MOST_TRIES)
    assert asyncio.get_running_loop().time() < 30


@leaping
async def test_a_refusal_at_the_last_try_is_heard() -> None:
    bot, refusals = Reacting(), Refusals()
    bot.faults = [*[NetworkError("reset")] * (MOST_TRIES - 1), BadRequest("REACTION_INVALID")]
    lane = a_lane(bot)
    lane.refresh(refusals.card())

    await lane.run()

    assert refusals.heard == [False]


@leaping
async def test_none_takes_the_place_of_another() -> None:
    bot, refusals = Reacting(), Refusals()
    lane = a_lane(bot, is_group=True)
    for message_id in range(30):
        lane.refresh(refusals.card(message_id, GROUP))

    await lane.run()

    assert bot.texts == [f"{message_id}{EYES}" for message_id in range(30)]
    assert refusals.heard == []


@leaping
async def test_answers_go_first_and_typing_last() -> None:
    bot = Reacting()
    lane = a_lane(bot)
    lane.refresh(TypingCard(PRIVATE, lambda: True, Refusals()))
    lane.refresh(Refusals().card())
    lane.say(Final(PRIVATE, Piece("answer")))

    await lane.run()

    assert bot.methods == ["sendMessage", "setMessageReaction", "sendChatAction"]
