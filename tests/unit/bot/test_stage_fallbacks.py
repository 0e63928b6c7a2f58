"""What is shown where a place does not take the card it should have, and what is done about failures to draw."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram.error import BadRequest

from moai.bot.budget import GATHER_S
from moai.bot.deliveries import Deliveries
from moai.bot.outbox import Outbox
from moai.bot.stage import Stage
from moai.core.events import AnswerArrived, AnswerGrew, Event, ModelsAsked, RoundStarted, RunClosed, RunStarted
from moai.core.model import Place, Round, Status
from moai.core.runs import TaskOwner
from moai.errors import StorageError
from moai.testing import MemoryStores, ScriptedClient
from tests.support.clock import LoopClock, leaping, settle
from tests.support.fakes import CLAUDE, GROUP, PRIVATE, Core, RecordingBot, a_message, a_run, ask

OPENED = Round(1, 1, 1, Status.RUNNING)


def open_stage(bot: RecordingBot) -> Stage:
    clock = LoopClock()
    outbox = Outbox(bot.as_bot, clock)
    return Stage(outbox, Deliveries(outbox, MemoryStores(clock).deliveries), clock)


async def open_run(stage: Stage, place: Place = PRIVATE) -> None:
    stage.publish(RunStarted(a_run(place=place)))
    stage.publish(RoundStarted(1, OPENED, ("claude", "gpt")))
    stage.publish(ModelsAsked(1, ("claude", "gpt")))
    await asyncio.sleep(2 * GATHER_S)


@leaping
async def test_a_place_that_takes_no_draft_gets_a_board() -> None:
    bot = RecordingBot()
    bot.faults = [BadRequest("TEXTDRAFT_PEER_INVALID")]
    stage = open_stage(bot)

    await open_run(stage)
    await asyncio.sleep(10)
    stage.publish(AnswerGrew(1, "claude", "Ray"))
    await settle()

    assert bot.methods == ["sendMessageDraft", "sendMessage", "editMessageText"]


@leaping
async def test_a_place_that_takes_no_board_either_gets_typing_while_somebody_speaks() -> None:
    bot = RecordingBot()
    bot.faults = [BadRequest("no draft"), BadRequest("no board")]
    stage, owner = open_stage(bot), TaskOwner()
    owner.start("board-clock", stage.keep_time())

    await open_run(stage)
    await asyncio.sleep(20)
    assert bot.methods[:2] == ["sendMessageDraft", "sendMessage"]
    assert set(bot.methods[2:]) == {"sendChatAction"}
    assert 4 <= len(bot.methods[2:]) <= 6

    stage.publish(RunClosed(1, Status.DONE))
    before = len(bot.calls)
    await asyncio.sleep(20)
    assert len(bot.calls) == before
    await owner.close(1)


@leaping
async def test_below_typing_there_is_nothing_and_answers_still_come() -> None:
    bot = RecordingBot()
    bot.faults = [BadRequest("no board"), BadRequest("no typing")]
    stage = open_stage(bot)

    await open_run(stage, GROUP)
    await asyncio.sleep(10)
    assert bot.methods == ["sendMessage", "sendChatAction"]
    stage.publish(AnswerArrived(1, a_message(1, CLAUDE)))
    await settle()

    assert "Rayleigh." in bot.texts[2]


@leaping
async def test_a_card_that_is_refused_after_the_end_is_let_go() -> None:
    bot = RecordingBot()
    stage = open_stage(bot)
    bot.gate.clear()
    bot.faults = [BadRequest("no draft")]
    await open_run(stage)
    stage.publish(RunClosed(1, Status.DONE))
    bot.gate.set()
    await asyncio.sleep(10)

    assert bot.methods == ["sendMessageDraft"]


@leaping
@pytest.mark.parametrize(
    "event",
    [
        RoundStarted(404, OPENED, ("claude",)),
        AnswerGrew(404, "claude", "Ray"),
        AnswerGrew(1, "nobody", "Ray"),
        AnswerArrived(404, a_message()),
        RunClosed(404, Status.DONE),
    ],
    ids=lambda event: type(event).__name__,
)
async def test_a_failure_to_draw_never_reaches_the_run(event: Event) -> None:
    bot = RecordingBot()
    stage = open_stage(bot)
    await open_run(stage)

    stage.publish(event)
    stage.publish(AnswerArrived(1, a_message(1, CLAUDE)))
    await settle()

    assert any("Rayleigh." in text for text in bot.texts)


def test_a_failure_to_draw_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    @leaping
    async def run() -> None:
        open_stage(RecordingBot()).publish(AnswerGrew(404, "claude", "Ray"))

    run()

    assert "could not show AnswerGrew" in caplog.text
    assert "KeyError" in caplog.text


@leaping
async def test_an_answer_arrives_though_its_board_does_not_know_the_model() -> None:
    bot = RecordingBot()
    stage = open_stage(bot)
    stage.publish(RunStarted(a_run()))

    stage.publish(AnswerArrived(1, a_message(1, CLAUDE)))
    await settle()

    assert any("Rayleigh." in text for text in bot.texts)


@leaping
async def test_a_run_that_fails_on_its_way_still_says_so_in_the_chat() -> None:
    bot = RecordingBot()
    core = Core(ScriptedClient(CLAUDE, "Rayleigh."))
    core.orchestrator._publish = open_stage(bot).publish
    transcript = await core.stores.discussions.transcript((await ask(core.stores)).id)

    async def fail(*_: Any, **__: Any) -> None:
        raise StorageError("The disk is full.")

    core.stores.discussions.add_answers = fail  # type: ignore[assignment,method-assign]
    await asyncio.gather(core.orchestrator.run(transcript), return_exceptions=True)
    await settle()

    assert any("The disk is full." in text for text in bot.texts)
