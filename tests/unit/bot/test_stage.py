"""Events of runs become drafts, boards and messages, in the right place and whatever else goes wrong."""

from __future__ import annotations

import asyncio

import pytest

from moai.bot.stage import BOARD_TICKS, TICK_S
from moai.core.events import AnswerArrived, AnswerGrew, ModelFailed, RunClosed
from moai.core.model import Failure, Place, Status
from tests.support.clock import leaping
from tests.support.fakes import Sent
from tests.support.people import CLAUDE, GPT, GROUP, PRIVATE, TOPIC, a_message, a_question, a_run
from tests.support.theatre import Theatre, an_end, ending


@leaping
async def test_a_private_run_is_drafted_and_its_answers_sent() -> None:
    theatre, run = Theatre(), a_run()
    await theatre.open(run)
    await theatre.play(AnswerGrew(1, "claude", "Ray"))
    assert theatre.methods == ["sendMessageDraft", "sendMessageDraft"]
    assert "Ray" in theatre.bot.texts[-1]

    await theatre.play(
        AnswerArrived(1, a_message(1, CLAUDE, "Rayleigh.")),
        ModelFailed(1, a_message(2, GPT, "", failure=Failure("TimedOut", "Too slow."))),
        *ending(run),
    )

    sent = theatre.sent
    assert [call.text.splitlines()[0].split()[0] for call in sent] == ["claude", "gpt"]
    assert "Rayleigh." in sent[0].text
    assert "Too slow." in sent[1].text
    assert {call.chat_id for call in theatre.bot.calls} == {PRIVATE.chat_id}
    assert [call.arguments.get("reply_parameters") for call in sent] == [None, None]


@leaping
async def test_the_first_words_of_each_model_are_drafted_at_once_and_the_next_at_their_pace() -> None:
    theatre, team = Theatre(), ("claude", "gpt", "gemini", "local", "fifth")
    await theatre.open(a_run(), aliases=team)
    for alias in team:
        # Many models begin with what shows nothing yet.
        await theatre.play(*(AnswerGrew(1, alias, word) for word in ("", "\n\n", "One", " two", " three")))
        _, _, own = theatre.bot.texts[-1].partition(f"✍️ {alias} · writing")
        assert own.splitlines()[1].startswith("One")

    assert theatre.methods == ["sendMessageDraft"] * 8, "who thinks, who begins, five first words, what grew"
    await asyncio.sleep(2)
    assert len(theatre.methods) == 9
    assert theatre.bot.texts[-1].count("One two three") == 5


@leaping
async def test_a_run_in_a_group_has_a_board_which_quotes_the_question() -> None:
    theatre, run = Theatre(), a_run(place=TOPIC)

    await theatre.open(run)
    await asyncio.sleep(10)
    await theatre.play(AnswerArrived(1, a_message(1, CLAUDE)), AnswerArrived(1, a_message(2, GPT)), *ending(run))
    await asyncio.sleep(10)

    calls = theatre.bot.calls
    assert calls[0].method == "sendMessage"
    assert calls[0].text.startswith("“Why is the sky blue?”")
    assert calls[-1].method == "editMessageText"
    assert calls[-1].text.count("✅") == 2
    sent = theatre.sent
    assert [call.arguments["message_thread_id"] for call in sent] == [TOPIC.topic_id] * 3
    assert [call.arguments["reply_parameters"]["message_id"] for call in sent] == [31] * 3
    assert "sendMessageDraft" not in theatre.methods


@leaping
async def test_growing_words_do_not_touch_a_board_but_for_the_first() -> None:
    theatre, run = Theatre(), a_run(place=GROUP)
    await theatre.open(run)
    await asyncio.sleep(20)
    await theatre.play(AnswerGrew(1, "claude", "Ray"))
    before = len(theatre.bot.calls)

    for _ in range(20):
        await theatre.play(AnswerGrew(1, "claude", "leigh"))
        await asyncio.sleep(1)

    assert theatre.bot.texts[before - 1].count("✍️") == 1
    assert len(theatre.bot.calls) == before


@leaping
async def test_a_second_run_in_the_same_private_chat_gets_a_board() -> None:
    theatre = Theatre()
    await theatre.open(a_run(1))
    await theatre.open(a_run(2))

    assert theatre.methods == ["sendMessageDraft", "sendMessage"]


@leaping
async def test_another_place_has_a_draft_of_its_own() -> None:
    theatre = Theatre()
    places = [PRIVATE, Place(PRIVATE.chat_id, 7), Place(1002)]
    for number, place in enumerate(places, start=1):
        await theatre.open(a_run(number, place))

    assert theatre.methods == ["sendMessageDraft"] * 3
    assert {call.arguments["draft_id"] for call in theatre.bot.calls} == {1, 2, 3}


@leaping
async def test_a_private_chat_has_its_draft_again_when_the_run_is_over() -> None:
    theatre, first = Theatre(), a_run(1)
    await theatre.open(first)
    await theatre.open(a_run(2))
    await theatre.play(RunClosed(2, Status.DONE))
    await asyncio.sleep(10)
    await theatre.open(a_run(3))
    assert theatre.methods.count("sendMessageDraft") == 1, "the first run still has the draft"

    await theatre.play(*ending(first))
    await theatre.open(a_run(4))
    await asyncio.sleep(5)

    assert theatre.bot.calls[-1].method == "sendMessageDraft"
    assert theatre.bot.calls[-1].arguments["draft_id"] == 4


@leaping
async def test_a_run_that_ended_early_says_why_in_its_place() -> None:
    theatre, run = Theatre(), a_run(place=GROUP)

    await theatre.open(run)
    await theatre.play(RunClosed(1, Status.FAILED, an_end("⚠️ Something went wrong.")))
    await asyncio.sleep(10)

    sentences = [call for call in theatre.bot.calls if call.text == "⚠️ Something went wrong."]
    assert [call.arguments["reply_parameters"]["message_id"] for call in sentences] == [31]
    assert theatre.bot.texts[-1].endswith("Ended early by an error.")


@leaping
async def test_a_run_that_went_on_after_a_restart_uses_the_board_that_stands() -> None:
    theatre = Theatre()

    await theatre.open(a_run(place=GROUP, board_message_id=77), resumed=True)

    (call,) = theatre.bot.calls
    assert (call.method, call.arguments["message_id"]) == ("editMessageText", 77)
    assert "Went on after a restart." in call.text


@leaping
async def test_passing_time_is_shown_often_in_drafts_and_seldom_on_boards() -> None:
    theatre = Theatre()
    theatre.keep_time()
    await theatre.open(a_run(1))
    await theatre.open(a_run(2))

    await asyncio.sleep(60)

    assert theatre.methods.count("sendMessageDraft") == pytest.approx(60 / TICK_S, abs=2)
    assert theatre.methods.count("editMessageText") == pytest.approx(60 / (TICK_S * BOARD_TICKS), abs=1)
    await theatre.close()


@leaping
async def test_no_time_is_shown_when_nothing_runs() -> None:
    theatre = Theatre()
    theatre.keep_time()
    await theatre.open(a_run(place=GROUP))
    await theatre.play(*ending(a_run(place=GROUP)))
    await asyncio.sleep(30)
    before = len(theatre.bot.calls)

    await asyncio.sleep(60)

    assert len(theatre.bot.calls) == before
    await theatre.close()


@leaping
@pytest.mark.parametrize(("place", "quoted"), [(PRIVATE, None), (GROUP, 31), (TOPIC, 31)])
async def test_a_run_alone_quotes_its_question_in_groups_only(place: Place, quoted: int | None) -> None:
    theatre = Theatre()
    await theatre.open(a_run(place=place))
    await theatre.play(AnswerArrived(1, a_message(1, CLAUDE)), *ending(a_run(place=place)))

    assert quoted_by(theatre.sent[-1]) == quoted


@leaping
async def test_runs_side_by_side_quote_their_questions_in_a_private_chat_too() -> None:
    theatre, first, second = Theatre(), a_run(1), a_run(2, question=a_question("Two?", 32))
    elsewhere = a_run(3, place=Place(PRIVATE.chat_id, 9), question=a_question("Three?", 33))
    for run in (first, second, elsewhere):
        await theatre.open(run)
    await theatre.play(AnswerArrived(2, a_message(1, CLAUDE, run_id=2)), *ending(second))
    # Also when the other one is over: what came before stands above it.
    await theatre.play(AnswerArrived(1, a_message(2, CLAUDE)), *ending(first))
    await theatre.play(AnswerArrived(3, a_message(3, CLAUDE, run_id=3)), *ending(elsewhere))
    await theatre.open(a_run(4))
    await theatre.play(AnswerArrived(4, a_message(4, CLAUDE, run_id=4)), *ending(a_run(4)))
    await asyncio.sleep(10)

    answers = [call for call in theatre.sent if call.text.startswith("claude")]
    assert [quoted_by(each) for each in answers] == [32, 31, None, None]


@leaping
async def test_a_run_that_goes_on_in_a_supergroup_leaves_no_trace_in_the_group() -> None:
    theatre, private = Theatre(), a_run(2)
    await theatre.open(a_run(1))
    await theatre.open(a_run(1, place=GROUP))
    await theatre.play(*ending(a_run(1)))

    await theatre.open(private)
    await theatre.play(AnswerArrived(2, a_message(1, CLAUDE, run_id=2)), *ending(private))

    assert quoted_by(theatre.sent[-1]) is None
    assert "sendMessageDraft" in theatre.methods


def quoted_by(sent: Sent) -> int | None:
    """Return the message that a message replies to."""
    given = sent.arguments.get("reply_parameters")
    return None if given is None else given["message_id"]
