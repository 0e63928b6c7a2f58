"""What a chat sees of runs that need no board, outgrow their models, or are in chats that the bot has left."""

from __future__ import annotations

from telegram.error import BadRequest

from moai.core.events import AnswerArrived, AnswerGrew, HistoryCut, RunClosed
from moai.core.model import Place, Run, Status
from tests.support.clock import leaping
from tests.support.people import CLAUDE, GPT, GROUP, PRIVATE, TOPIC, a_message, a_run
from tests.support.theatre import Theatre, an_end


async def open_run(theatre: Theatre, run: Run) -> None:
    theatre.keep_time()
    await theatre.open(run, aliases=tuple(each.alias for each in run.participants))


def alone(place: Place) -> Run:
    return a_run(place=place, participants=(CLAUDE,))


@leaping
async def test_one_model_alone_in_a_group_is_typing_and_answers_in_one_message() -> None:
    theatre = Theatre()
    await open_run(theatre, alone(TOPIC))
    await theatre.play(AnswerGrew(1, "claude", "Ray"), for_s=12)
    assert set(theatre.bot.methods) == {"sendChatAction"}
    assert 2 <= len(theatre.bot.calls) <= 4, "typing lasts five seconds"
    assert theatre.bot.calls[0].arguments["message_thread_id"] == TOPIC.topic_id

    await theatre.play(AnswerArrived(1, a_message(1, CLAUDE)), RunClosed(1, Status.DONE), for_s=30)

    assert theatre.bot.methods.count("sendMessage") == 1
    assert theatre.bot.methods[-1] == "sendMessage", "nobody is typing any more"
    assert theatre.bot.calls[-1].arguments["reply_parameters"]["message_id"] == 31
    await theatre.close()


@leaping
async def test_one_model_alone_in_a_private_chat_is_drafted() -> None:
    theatre = Theatre()
    await open_run(theatre, alone(PRIVATE))

    assert theatre.bot.methods == ["sendMessageDraft"]
    await theatre.close()


@leaping
async def test_two_models_in_a_group_have_a_board() -> None:
    theatre = Theatre()
    await open_run(theatre, a_run(place=GROUP, participants=(CLAUDE, GPT)))

    assert theatre.bot.methods == ["sendMessage"]
    await theatre.close()


@leaping
async def test_a_group_that_takes_no_typing_sees_nothing_until_the_answer() -> None:
    theatre = Theatre()
    theatre.bot.faults = [BadRequest("no typing")]
    await open_run(theatre, alone(GROUP))
    await theatre.play(AnswerGrew(1, "claude", "Ray"), for_s=30)
    assert theatre.bot.methods == ["sendChatAction"]

    await theatre.play(AnswerArrived(1, a_message(1, CLAUDE)))

    assert "Rayleigh." in theatre.bot.texts[-1]
    await theatre.close()


@leaping
async def test_a_chat_that_was_left_is_shown_nothing_more() -> None:
    theatre = Theatre()
    await open_run(theatre, a_run(1, GROUP))
    await open_run(theatre, a_run(2, PRIVATE))

    theatre.stage.leave(GROUP.chat_id)
    before = len(theatre.bot.calls)
    await theatre.play(AnswerGrew(1, "claude", "Ray"), AnswerGrew(2, "claude", "leigh"), for_s=30)

    assert {call.chat_id for call in theatre.bot.calls[:before]} == {GROUP.chat_id, PRIVATE.chat_id}
    assert {call.chat_id for call in theatre.bot.calls[before:]} == {PRIVATE.chat_id}
    await theatre.close()


@leaping
async def test_leaving_a_chat_leaves_its_topics_and_what_was_said_is_still_delivered() -> None:
    theatre = Theatre()
    await open_run(theatre, a_run(1, TOPIC))
    theatre.stage.leave(TOPIC.chat_id)
    before = len(theatre.bot.calls)

    await theatre.play(AnswerArrived(1, a_message(1, CLAUDE)), RunClosed(1, Status.STOPPED), for_s=30)

    # Whether the chat takes it is for Telegram to say: the bot may be back.
    assert theatre.bot.methods[before:] == ["sendMessage"]
    await theatre.close()


@leaping
async def test_a_discussion_that_outgrew_its_models_is_told_in_its_place() -> None:
    theatre = Theatre()
    await open_run(theatre, a_run(place=TOPIC))
    await theatre.play(HistoryCut(1, ("claude", "gpt")))

    told = theatre.bot.calls[-1]
    assert told.text.startswith("✂️ claude, gpt no longer see the beginning of this discussion")
    assert "/open begins a new discussion" in told.text
    assert told.arguments["message_thread_id"] == TOPIC.topic_id
    assert told.arguments["reply_parameters"]["message_id"] == 31
    await theatre.close()


@leaping
async def test_a_run_that_was_never_shown_closes_without_a_word() -> None:
    theatre = Theatre()

    await theatre.play(RunClosed(404, Status.STOPPED, an_end("Stopped.")), RunClosed(404, Status.STOPPED), for_s=10)

    assert theatre.bot.calls == []
    await theatre.close()


@leaping
async def test_a_run_is_closed_once() -> None:
    theatre = Theatre()
    await open_run(theatre, a_run(place=GROUP))

    await theatre.play(
        RunClosed(1, Status.FAILED, an_end("⚠️ Something went wrong.")),
        RunClosed(1, Status.FAILED, an_end("⚠️ Again.")),
        for_s=10,
    )

    assert [text for text in theatre.bot.texts if text.startswith("⚠️ ")] == ["⚠️ Something went wrong."]
    await theatre.close()
