"""One piece of an answer on its way: the library's own client against the simulator, strict as Telegram is."""

from __future__ import annotations

import pytest
from telegram.error import ChatMigrated, NetworkError, RetryAfter

from moai.bot.finals import MOST_FAILURES, Final
from moai.bot.render import Entity, Piece
from moai.bot.request import GatewayPage
from moai.core.model import Place
from moai.simulator.faults import BadGateway, Drop, Refuse, ServerError
from moai.simulator.telegram import Simulator
from tests.support.fakes import PRIVATE, RecordingBot, open_bot

TEXT = Piece("Rayleigh", (Entity("bold", 0, 3),))


class Books:
    def __init__(self) -> None:
        self.sent: list[int] = []
        self.gone = 0

    def on_sent(self, message_id: int) -> None:
        self.sent.append(message_id)

    def on_gone(self) -> None:
        self.gone += 1

    def final(self, place: Place, piece: Piece = TEXT, reply_to: int | None = None) -> Final:
        return Final(place, piece, reply_to, self.on_sent, self.on_gone)


async def test_a_piece_arrives_with_its_formatting_and_its_id_is_told() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat, books = sim.private_chat(sim.user("Ann")), Books()

        assert await books.final(Place(chat.id)).send(bot) is None

        (message,) = chat.bot_messages
        assert (message.text, [message.marked(each) for each in message.entities]) == ("Rayleigh", ["Ray"])
        assert (books.sent, books.gone) == ([message.message_id], 0)


async def test_nobody_has_to_listen() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat = sim.private_chat(sim.user("Ann"))

        assert await Final(Place(chat.id), TEXT).send(bot) is None
        chat.block()
        assert await Final(Place(chat.id), TEXT).send(bot) is None

        assert len(chat.bot_messages) == 1


async def test_links_show_no_preview() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat = sim.private_chat(sim.user("Ann"))

        await Final(Place(chat.id), Piece("https://example.org")).send(bot)

        (call,) = sim.calls_of("sendMessage")
        assert call.params["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize("is_deleted", [False, True])
async def test_a_reply_quotes_its_question_and_does_without_one_that_is_gone(is_deleted: bool) -> None:
    async with Simulator(privacy=False) as sim, open_bot(sim) as bot:
        ann = sim.user("Ann")
        group, books = sim.group("Kitchen", ann), Books()
        question_id = 999 if is_deleted else group.says(ann, "Why?").message_id

        assert await books.final(Place(group.id), reply_to=question_id).send(bot) is None

        assert [message.reply_to_id for message in group.bot_messages] == [None if is_deleted else question_id]
        assert len(books.sent) == 1


async def test_an_answer_goes_to_its_topic_and_the_general_one_needs_no_name() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        forum = sim.group("Forum", sim.user("Ann"), forum=True)
        topic = forum.topic("Food")

        await Final(Place(forum.id, topic.topic_id), Piece("in Food")).send(bot)
        await Final(Place(forum.id), Piece("in General")).send(bot)

        assert [message.text for message in topic.bot_messages] == ["in Food"]
        assert [message.text for message in forum.general.bot_messages] == ["in General"]


async def test_refused_entities_give_the_same_text_without_them() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat, books = sim.private_chat(sim.user("Ann")), Books()
        sim.faults.next("sendMessage", Refuse(400, "Bad Request: can't parse entities: byte offset 7"))

        instead = await books.final(Place(chat.id)).send(bot)

        assert instead is not None
        assert instead.piece == Piece("Rayleigh")
        assert books.sent == []
        assert await instead.send(bot) is None
        assert [message.text for message in chat.bot_messages] == ["Rayleigh"]
        assert (len(books.sent), books.gone) == (1, 0)


async def test_plain_text_that_is_refused_is_given_up() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat, books = sim.private_chat(sim.user("Ann")), Books()

        assert await books.final(Place(chat.id), Piece("x" * 4097)).send(bot) is None

        assert (books.sent, books.gone, chat.bot_messages) == ([], 1, ())


@pytest.mark.parametrize("case", ["blocked", "kicked", "unknown", "topic"])
async def test_a_place_that_is_gone_is_told_once_and_not_tried_plain(case: str) -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        ann, books = sim.user("Ann"), Books()
        chat, group = sim.private_chat(ann), sim.group("Kitchen", ann, forum=True)
        chat.block()
        place = {
            "blocked": Place(chat.id),
            "kicked": Place(group.id),
            "unknown": Place(-404),
            "topic": Place(group.id, 404),
        }[case]
        if case == "kicked":
            group.remove_bot()

        assert await books.final(place).send(bot) is None

        assert (books.sent, books.gone) == ([], 1)
        assert len(sim.calls_of("sendMessage")) == 1


async def test_a_group_that_moved_gets_it_at_its_new_id() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        group, books = sim.group("Kitchen", sim.user("Ann"), forum=True), Books()
        topic_id = group.topic("Food").topic_id
        old = Final(Place(-42, topic_id), TEXT, 31, books.on_sent, books.on_gone)
        telling = RecordingBot()
        telling.faults = [ChatMigrated(group.id)]

        instead = await old.send(telling.as_bot)

        assert instead == Final(Place(group.id, topic_id), TEXT, None, books.on_sent, books.on_gone)
        assert instead is not None
        await instead.send(bot)
        assert len(books.sent) == 1


@pytest.mark.parametrize(
    "fault",
    [Drop(), ServerError(), BadGateway(), ServerError(503, "Service Unavailable")],
    ids=["drop", "500", "502 in HTML", "503"],
)
async def test_a_network_that_fails_is_worth_trying_again(fault: Drop | ServerError | BadGateway) -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat, books = sim.private_chat(sim.user("Ann")), Books()
        final = books.final(Place(chat.id))
        sim.faults.next("sendMessage", fault)

        with pytest.raises(NetworkError):
            await final.send(bot)
        assert (books.sent, books.gone) == ([], 0)

        assert await final.send(bot) is None
        assert len(books.sent) == 1


async def test_what_a_gateway_dislikes_is_tried_for_a_while_and_not_for_ever() -> None:
    bot, books = RecordingBot(), Books()
    final = books.final(PRIVATE)
    bot.faults = [GatewayPage("403")] * MOST_FAILURES

    for _ in range(MOST_FAILURES - 1):
        with pytest.raises(GatewayPage):
            await final.send(bot.as_bot)
    assert (books.sent, books.gone) == ([], 0)

    assert await final.send(bot.as_bot) is None
    assert (books.sent, books.gone) == ([], 1)


async def test_a_gateway_that_lets_nothing_through_is_the_line() -> None:
    bot, books = RecordingBot(), Books()
    final = books.final(PRIVATE)
    bot.is_reachable = False
    bot.faults = [GatewayPage("403")] * 3 * MOST_FAILURES

    for _ in range(3 * MOST_FAILURES):
        with pytest.raises(NetworkError):
            await final.send(bot.as_bot)
    bot.is_reachable = True

    assert await final.send(bot.as_bot) is None
    assert (len(books.sent), books.gone) == (1, 0)


async def test_a_flood_limit_is_raised_with_its_wait() -> None:
    async with Simulator() as sim, open_bot(sim) as bot:
        chat, books = sim.private_chat(sim.user("Ann")), Books()
        sim.faults.next("sendMessage", Refuse(429, "Too Many Requests: retry after 3", 3))

        with pytest.raises(RetryAfter):
            await books.final(Place(chat.id)).send(bot)

        assert (books.sent, books.gone) == ([], 0)
