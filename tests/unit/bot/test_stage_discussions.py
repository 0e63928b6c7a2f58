"""What a chat sees of a discussion: a board with buttons, a draft of whoever speaks, and every turn in its order."""

from __future__ import annotations

import asyncio

import pytest
from telegram.error import BadRequest

from moai.bot.run_buttons import after, go_on, stop_button, while_running
from moai.core.events import (
    AnswerArrived,
    AnswerGrew,
    Event,
    ModelFailed,
    ModelsAsked,
    RoundClosed,
    RoundStarted,
    RunChanged,
    RunClosed,
    RunStarted,
)
from moai.core.findings import Side, Stance
from moai.core.model import Failure, Message, Participant, Place, RoundKind, Run, Status, Terms
from tests.support.clock import leaping
from tests.support.people import CLAUDE, GPT, GROUP, PRIVATE, TOPIC, a_message, a_run
from tests.support.theatre import Theatre, a_notice, a_round, an_end, buttons_of, data_in

LONG = "\n\n".join(f"Paragraph {number}. " + "x" * 500 for number in range(30))
TURNS, RANKING = RoundKind.TURNS, RoundKind.RANKING


def a_discussion(place: Place = PRIVATE, number: int = 1, **changes: object) -> Run:
    return a_run(number, place, **{"mode": "discuss", "participants": (CLAUDE, GPT), "terms": Terms(3), **changes})


def a_turn(number: int, who: Participant, text: str = "Tea.", kind: RoundKind = TURNS, **changes: object) -> Message:
    stance = Stance(Side.AGREE) if kind is TURNS else None
    return a_message(number, who, text, round_kind=kind, stance=stance, **changes)


async def open_discussion(theatre: Theatre, run: Run, kind: RoundKind = TURNS) -> None:
    theatre.stage.publish(RunStarted(run))
    theatre.stage.publish(RoundStarted(run.id, a_round(1, kind, run.id), ("claude", "gpt")))
    await theatre.play(ModelsAsked(run.id, ("claude",)))


@leaping
async def test_a_private_discussion_has_a_board_with_buttons_and_a_draft_of_who_speaks() -> None:
    theatre = Theatre()
    await open_discussion(theatre, a_discussion())
    await theatre.play(AnswerGrew(1, "claude", "Te"))

    board, drafts = theatre.bot.calls[0], [call for call in theatre.bot.calls if call.method == "sendMessageDraft"]
    assert (board.method, buttons_of(board)) == ("sendMessage", data_in(while_running(1)))
    assert board.text.splitlines()[2:] == ["Round 1 of 3", "💭 claude · thinking · 0 s", "⏳ gpt · waiting"]
    assert drafts[0].text == "💭 claude · thinking · 0 s"
    assert drafts[-1].text == "✍️ claude · writing · 0 s\nTe"
    assert drafts[-1].arguments["draft_id"] == 1
    assert drafts[-1].arguments["can_stop"] is True


@leaping
async def test_the_board_follows_to_the_end_and_has_other_buttons_then() -> None:
    theatre = Theatre()
    await open_discussion(theatre, a_discussion())
    await theatre.play(AnswerArrived(1, a_turn(1, CLAUDE)), ModelsAsked(1, ("gpt",)), for_s=10)
    await theatre.play(AnswerArrived(1, a_turn(2, GPT)), for_s=10)
    await theatre.play(RoundClosed(1, a_round(1, TURNS), a_notice()), RunClosed(1, Status.DONE), for_s=10)

    edits = [call for call in theatre.bot.calls if call.method == "editMessageText"]
    assert {call.arguments["message_id"] for call in edits} == {1001}
    assert [buttons_of(call) for call in edits[:-1]] == [data_in(while_running(1))] * (len(edits) - 1)
    assert buttons_of(edits[-1]) == data_in(after(1))
    assert edits[-1].text.splitlines()[3:7] == [
        "✅ claude · agrees · 0 s",
        "✅ gpt · agrees · 0 s",
        "",
        "Round 1 · agree: claude",
    ]
    assert [call.text.splitlines()[0].split(" · ")[0] for call in theatre.sent[1:]] == ["claude", "gpt", "Round 1"]


@leaping
@pytest.mark.parametrize("place", [GROUP, TOPIC])
async def test_a_group_has_the_board_only(place: Place) -> None:
    theatre = Theatre()
    await open_discussion(theatre, a_discussion(place, participants=(CLAUDE,)))
    await theatre.play(AnswerGrew(1, "claude", "Te"), for_s=10)

    assert set(theatre.methods) == {"sendMessage", "editMessageText"}
    assert theatre.bot.calls[0].arguments["reply_parameters"]["message_id"] == 31


@leaping
async def test_a_discussion_beside_a_drafted_run_has_its_board_alone() -> None:
    theatre = Theatre()
    await theatre.open(a_run(1))
    before = len(theatre.bot.calls)
    await open_discussion(theatre, a_discussion(number=2))

    assert theatre.methods[before:] == ["sendMessage"]


@leaping
async def test_a_private_chat_that_takes_no_draft_keeps_the_board() -> None:
    theatre = Theatre()
    theatre.bot.faults = [None, BadRequest("TEXTDRAFT_PEER_INVALID")]
    await open_discussion(theatre, a_discussion())
    await asyncio.sleep(10)
    await theatre.play(AnswerGrew(1, "claude", "Te"), for_s=10)

    assert theatre.methods == ["sendMessage", "sendMessageDraft", "editMessageText"]


@leaping
async def test_a_private_chat_that_takes_no_board_keeps_the_draft() -> None:
    theatre = Theatre()
    theatre.bot.faults = [BadRequest("no board")]
    await open_discussion(theatre, a_discussion())
    await theatre.play(AnswerGrew(1, "claude", "Te"), for_s=10)

    assert theatre.methods == ["sendMessage", "sendMessageDraft", "sendMessageDraft"]
    assert theatre.bot.texts[-1].endswith("Te")


@leaping
async def test_a_private_chat_that_takes_neither_sees_typing() -> None:
    theatre = Theatre()
    theatre.bot.faults = [BadRequest("no board"), BadRequest("no draft")]
    await open_discussion(theatre, a_discussion())
    await asyncio.sleep(1)

    assert theatre.methods == ["sendMessage", "sendMessageDraft", "sendChatAction"]


@leaping
async def test_a_short_turn_and_a_notice_stay_behind_a_long_one() -> None:
    theatre = Theatre()
    await open_discussion(theatre, a_discussion(GROUP))
    for event in (
        AnswerArrived(1, a_turn(1, CLAUDE, LONG)),
        AnswerArrived(1, a_turn(2, GPT, "Short.")),
        RoundClosed(1, a_round(1, TURNS), a_notice(is_last=True)),
        RunClosed(1, Status.FAILED, an_end("⚠️ Too much.")),
    ):
        theatre.stage.publish(event)
    await asyncio.sleep(300)

    firsts = [call.text.split(" ")[0].strip() for call in theatre.sent[1:]]
    assert set(firsts[:-3]) == {"claude"}
    assert len(firsts) > 6
    assert firsts[-3:] == ["gpt", "Round", "⚠️"]
    assert buttons_of(theatre.sent[-2]) == data_in(after(1))
    assert buttons_of(theatre.sent[-1]) == data_in(go_on(1))
    assert not any(buttons_of(call) for call in theatre.sent[1:-2])


@leaping
async def test_a_whole_ranking_is_on_the_board_only_and_a_failed_one_is_told() -> None:
    theatre = Theatre()
    await open_discussion(theatre, a_discussion(GROUP, mode="panel"), RANKING)
    ranking = a_turn(1, CLAUDE, "RANKING: B > A", RANKING, ranking=("gpt",))
    failed = a_turn(2, GPT, "RANK", RANKING, failure=Failure("TimedOut", "Too slow."))
    await theatre.play(AnswerArrived(1, ranking), ModelFailed(1, failed), for_s=10)

    board, told = theatre.sent
    assert told.text == "gpt · gpt-x\n⚠️ Too slow."
    assert [line.rpartition(" · ")[0] for line in theatre.bot.texts[-1].splitlines()[2:5]] == [
        "",
        "✅ claude · done",
        "⚠️ gpt · failed",
    ]
    assert board.text.splitlines()[2] == "Ranking"


@leaping
async def test_words_that_are_not_for_the_chat_show_only_that_somebody_writes() -> None:
    theatre = Theatre()
    await theatre.open(a_run(mode="consensus", participants=(CLAUDE, GPT)), aliases=("claude",))
    await theatre.play(RoundStarted(1, a_round(1, RoundKind.CONSENSUS), ("claude",)), ModelsAsked(1, ("claude",)))
    await asyncio.sleep(5)
    await theatre.play(AnswerGrew(1, "claude", ""))

    assert set(theatre.methods) == {"sendMessageDraft"}, "a consensus by itself is drafted as every single round is"
    assert theatre.bot.texts[-1] == "✍️ claude · writing the consensus · 5 s"


@leaping
async def test_a_change_is_shown_on_the_board() -> None:
    theatre, longer = Theatre(), a_discussion(terms=Terms(5, wraps_up=True))
    await open_discussion(theatre, a_discussion())
    await asyncio.sleep(10)
    await theatre.play(RunChanged(longer, calls=12), for_s=5)

    edits = [call.text for call in theatre.bot.calls if call.method == "editMessageText"]
    assert "Round 1 of 5" in edits[-1]
    assert edits[-1].endswith("Up to 12 calls\nA consensus is written after this round.")


@leaping
async def test_a_change_of_a_run_that_has_just_ended_is_no_mishap(caplog: pytest.LogCaptureFixture) -> None:
    theatre = Theatre()
    await theatre.play(RunChanged(a_discussion()))

    assert theatre.bot.calls == []
    assert caplog.records == []


@leaping
@pytest.mark.parametrize("status", [Status.STOPPED, Status.FAILED, Status.DONE])
@pytest.mark.parametrize("place", [GROUP, PRIVATE])
async def test_a_board_that_stands_loses_its_button_though_its_run_never_went_on(place: Place, status: Status) -> None:
    theatre, run = Theatre(), a_run(place=place, board_message_id=77)
    theatre.stage.publish(RunStarted(run))
    await theatre.play(RunClosed(1, status), for_s=5)

    (edit,) = theatre.bot.calls
    assert (edit.method, edit.arguments["message_id"], buttons_of(edit)) == ("editMessageText", 77, [])


@leaping
async def test_a_run_of_one_round_has_a_stop_button_until_it_is_stopped() -> None:
    theatre = Theatre()
    await theatre.open(a_run(place=GROUP))
    await theatre.play(RunClosed(1, Status.STOPPED), for_s=10)

    assert [buttons_of(call) for call in theatre.bot.calls] == [data_in(stop_button(1)), []]


@leaping
async def test_a_stop_while_the_board_is_being_posted_takes_its_buttons_along() -> None:
    theatre = Theatre()
    theatre.bot.gate.clear()
    await open_discussion(theatre, a_discussion(GROUP))
    await theatre.play(RunClosed(1, Status.STOPPED))
    theatre.bot.gate.set()
    await asyncio.sleep(10)

    assert [buttons_of(call) for call in theatre.bot.calls] == [data_in(while_running(1)), data_in(after(1))]


@leaping
async def test_after_a_restart_the_board_that_stands_shows_the_whole_round() -> None:
    theatre, run = Theatre(), a_discussion(board_message_id=77)
    events: tuple[Event, ...] = (
        RunStarted(run, resumed=True, said=(a_turn(1, CLAUDE),)),
        RoundStarted(1, a_round(1, TURNS), ("gpt",)),
        ModelsAsked(1, ("gpt",)),
    )
    for event in events:
        theatre.stage.publish(event)
    await asyncio.sleep(1)

    board, draft = theatre.bot.calls
    assert (board.method, board.arguments["message_id"]) == ("editMessageText", 77)
    assert board.text.splitlines()[3:5] == ["✅ claude · agrees · 0 s", "💭 gpt · thinking · 0 s"]
    assert draft.text == "💭 gpt · thinking · 0 s"


@leaping
async def test_an_end_that_could_not_be_stored_is_told_all_the_same() -> None:
    theatre = Theatre()
    await open_discussion(theatre, a_discussion())
    await theatre.play(RunClosed(1, Status.FAILED, unstored="⚠️ The disk is full, see DATABASE\\_URL."), for_s=5)

    (told,) = [call for call in theatre.sent if call.text.startswith("⚠️ ")]
    assert told.text == "⚠️ The disk is full, see DATABASE_URL."
    assert buttons_of(told) == []
