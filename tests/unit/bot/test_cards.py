"""Drafts, boards and typing as Telegram gets them: the library's own client against the simulator."""

from __future__ import annotations

import pytest
from telegram.error import BadRequest, TelegramError

from moai.bot.cards import BoardCard, Card, DraftCard, TypingCard
from moai.bot.keyboards import Button, Keyboard, Menu
from moai.bot.render import Entity, Piece
from moai.core.model import Place
from moai.simulator.chats import Group
from moai.simulator.faults import Refuse
from moai.simulator.telegram import Simulator
from tests.support.fakes import PRIVATE, RecordingBot, open_bot
from tests.support.lanes import show


class Shown:
    """What a card draws, and what it is told."""

    def __init__(self, piece: Piece | None) -> None:
        self.piece = piece
        self.keyboard: Keyboard = ()
        self.refusals: list[bool] = []
        self.is_over = False
        self.posted: list[int] = []
        self.overs = 0

    def draw(self) -> Piece | None:
        return self.piece

    def draw_menu(self) -> Menu | None:
        return Menu(self.piece, self.keyboard) if self.piece else None

    def on_refused(self, *, gone: bool) -> None:
        self.refusals.append(gone)

    def on_posted(self, message_id: int) -> None:
        self.posted.append(message_id)

    def on_over(self) -> None:
        self.overs += 1

    def board(self, place: Place, message_id: int | None = None, reply_to: int | None = None) -> BoardCard:
        return BoardCard(
            place,
            self.draw_menu,
            self.on_refused,
            self.on_posted,
            is_over=lambda: self.is_over,
            on_over=self.on_over,
            message_id=message_id,
            reply_to=reply_to,
        )

    def draft(self, place: Place) -> DraftCard:
        return DraftCard(place, 7, self.draw, self.on_refused)


def a_piece(text: str) -> Piece:
    return Piece(text, (Entity("bold", 0, 3),))


async def test_a_draft_shows_its_newest_state_and_sends_no_message() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat = sim.private_chat(sim.user("Ann"))
        shown = Shown(a_piece("Ray"))
        card = shown.draft(Place(chat.id))
        await show(card, bot)
        assert (chat.draft, [each.type for each in chat.draft_entities]) == ("Ray", ["bold"])

        shown.piece = a_piece("Rayleigh")
        await show(card, bot)

        assert chat.draft == "Rayleigh"
        assert chat.bot_messages == ()
        assert {call.params["draft_id"] for call in sim.calls_of("sendMessageDraft")} == {7}
        assert {call.params["can_stop"] for call in sim.calls_of("sendMessageDraft")} == {True}


async def test_a_draft_with_nothing_to_show_calls_nobody() -> None:
    bot = RecordingBot()

    await show(Shown(None).draft(PRIVATE), bot.as_bot)

    assert bot.calls == []


async def test_a_group_refuses_a_draft() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        group = sim.group("Kitchen", sim.user("Ann"))

        with pytest.raises(BadRequest):
            await show(Shown(a_piece("Ray")).draft(Place(group.id)), bot)


async def test_a_board_is_posted_once_as_a_quiet_reply_and_edited_from_then_on() -> None:
    async with Simulator(privacy=False) as sim, open_bot(sim) as bot:
        ann = sim.user("Ann")
        group = sim.group("Kitchen", ann)
        question = group.says(ann, "Why?")
        shown = Shown(a_piece("thinking"))
        card = shown.board(Place(group.id), reply_to=question.message_id)

        await show(card, bot)
        shown.piece = a_piece("writing")
        await show(card, bot)

        (board,) = group.bot_messages
        assert (board.history, board.reply_to_id) == (("thinking", "writing"), question.message_id)
        assert shown.posted == [board.message_id]
        assert sim.calls_of("sendMessage")[0].params["disable_notification"]


async def test_a_board_that_looks_the_same_is_not_edited() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        group = sim.group("Kitchen", sim.user("Ann"))
        card = Shown(a_piece("thinking")).board(Place(group.id))

        for _ in range(3):
            await show(card, bot)

        assert len(sim.calls_of("sendMessage")) == 1
        assert sim.calls_of("editMessageText") == ()


async def test_a_board_is_edited_where_only_its_buttons_are_new_and_loses_them() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat, shown = sim.private_chat(sim.user("Ann")), Shown(a_piece("thinking"))
        shown.keyboard = ((Button("Stop", "d:stop:1"),),)
        card = shown.board(Place(chat.id))
        await show(card, bot)
        (board,) = chat.bot_messages
        assert board.buttons == ("Stop",)

        shown.keyboard = ((Button("Go on", "d:go:1"), Button("Export", "d:exp:1")),)
        await show(card, bot)
        (board,) = chat.bot_messages
        assert board.buttons == ("Go on", "Export")

        shown.keyboard = ()
        await show(card, bot)

        (board,) = chat.bot_messages
        assert (board.text, board.buttons) == ("thinking", ())


async def test_a_board_with_nothing_to_show_calls_nobody() -> None:
    bot = RecordingBot()

    await show(Shown(None).board(PRIVATE), bot.as_bot)

    assert bot.calls == []


async def test_a_board_that_stood_before_a_restart_is_edited() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        group = sim.group("Kitchen", sim.user("Ann"))
        before = Shown(a_piece("thinking"))
        await show(before.board(Place(group.id)), bot)
        after = Shown(a_piece("went on"))

        await show(after.board(Place(group.id), message_id=before.posted[0]), bot)

        assert [message.text for message in group.bot_messages] == ["went on"]
        assert after.posted == []


async def test_a_board_that_failed_to_show_is_shown_again() -> None:
    bot, shown = RecordingBot(), Shown(a_piece("thinking"))
    bot.faults = [BadRequest("anything")]
    card = shown.board(PRIVATE)

    with pytest.raises(TelegramError):
        await show(card, bot.as_bot)
    await show(card, bot.as_bot)

    assert bot.methods == ["sendMessage", "sendMessage"]
    assert len(shown.posted) == 1


async def test_a_board_goes_to_its_topic() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        ann = sim.user("Ann")
        forum = sim.group("Forum", ann, forum=True)
        topic = forum.topic("Food")

        await show(Shown(a_piece("thinking")).board(Place(forum.id, topic.topic_id)), bot)
        await show(Shown(a_piece("general")).board(Place(forum.id)), bot)

        assert [message.text for message in topic.bot_messages] == ["thinking"]
        assert [message.text for message in forum.general.bot_messages] == ["general"]


async def test_typing_is_shown_only_while_it_is_wanted() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat, wanted = sim.private_chat(sim.user("Ann")), [True]
        card = TypingCard(Place(chat.id), lambda: wanted[0], Shown(None).on_refused)
        await show(card, bot)
        wanted[0] = False
        await show(card, bot)

        (call,) = sim.calls_of("sendChatAction")
        assert (call.params["action"], call.status) == ("typing", 200)


async def test_typing_in_a_forum_names_the_topic() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        forum: Group = sim.group("Forum", sim.user("Ann"), forum=True)
        topic_id = forum.topic("Food").topic_id

        await show(TypingCard(Place(forum.id, topic_id), lambda: True, Shown(None).on_refused), bot)

        (call,) = sim.calls_of("sendChatAction")
        assert (int(call.params["message_thread_id"]), call.status) == (topic_id, 200)


async def test_a_board_is_not_posted_when_the_run_is_over_but_brought_up_to_date() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat = sim.private_chat(sim.user("Ann"))
        late, shown = Shown(a_piece("late")), Shown(a_piece("thinking"))
        late.is_over = True
        await show(late.board(Place(chat.id)), bot)
        board = shown.board(Place(chat.id))
        await show(board, bot)
        shown.is_over, shown.piece = True, a_piece("done")
        await show(board, bot)

        assert [message.text for message in chat.bot_messages] == ["done"]


async def test_a_board_tells_that_it_shows_the_end_also_where_it_did_already() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat = sim.private_chat(sim.user("Ann"))
        before, after = Shown(a_piece("thinking")), Shown(a_piece("done"))
        board = before.board(Place(chat.id))
        await show(board, bot)
        before.piece = a_piece("done")
        await show(board, bot)
        assert before.overs == 0
        after.is_over = True
        sim.faults.next("editMessageText", Refuse(400, "Bad Request: message to edit not found"))
        with pytest.raises(BadRequest):
            await show(after.board(Place(chat.id), before.posted[0]), bot)
        assert after.overs == 0

        # Another process shows what stands there already: Telegram refuses that as no change.
        await show(after.board(Place(chat.id), before.posted[0]), bot)

        assert after.overs == 1
        assert [call.status for call in sim.calls_of("editMessageText")] == [200, 0, 400]


def test_only_a_board_that_does_not_stand_yet_is_not_to_be_repeated() -> None:
    shown = Shown(None)
    typing = TypingCard(PRIVATE, lambda: True, shown.on_refused)
    cards: list[Card] = [shown.board(PRIVATE), shown.board(PRIVATE, 77), shown.draft(PRIVATE), typing]

    assert [card.is_repeatable for card in cards] == [False, True, True, True]

    for card in cards:
        card.refused(gone=False)
    assert shown.refusals == [False] * 4
