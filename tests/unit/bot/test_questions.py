"""A message as a question: what it answers, what it brings, and what is said about it."""

from __future__ import annotations

import pytest
from telegram import ForumTopicCreated, Message, TextQuote

from moai.bot.questions import quote_of
from moai.core.context import PICTURES_BYTES
from moai.core.model import Project, Quote
from moai.core.records import Origin
from moai.simulator.faults import ServerError, Slow
from moai.simulator.files import NewDocument
from moai.simulator.telegram import Simulator
from tests.support.desk import MAX_DOCUMENT_CHARS, open_desk
from tests.support.people import GROUP
from tests.support.people import a_message as an_answer
from tests.support.written import BOT, a_message
from tests.support.written import GROUP as KITCHEN

JPEG = b"\xff\xd8\xff"
ORIGIN = Origin(an_answer(text="Rayleigh, and *only* Rayleigh."), Project(1, -5001, "General"), GROUP)
MARKED = TextQuote("only", position=14, is_manual=True)


@pytest.mark.parametrize(
    ("answered", "marked", "origin", "quote"),
    [
        (None, None, None, None),
        (a_message("It is green."), None, None, Quote("Ann Lee", "It is green.")),
        (a_message(caption="my notes"), None, None, Quote("Ann Lee", "my notes")),
        (a_message("It is green."), TextQuote("green", 6), None, Quote("Ann Lee", "green")),
        (a_message(), None, None, None),
        (a_message("claude · claude-x\nRayleigh", from_user=BOT), None, ORIGIN, Quote("claude", ORIGIN.message.text)),
        (a_message("claude · claude-x\nRayleigh", from_user=BOT), MARKED, ORIGIN, Quote("claude", "only")),
        (a_message("Hello!", from_user=BOT), None, None, None),
        (a_message("We", sender_chat=KITCHEN), None, None, Quote("Kitchen", "We")),
        (a_message(forum_topic_created=ForumTopicCreated("Trip", 1)), None, None, None),
    ],
    ids=[
        *("nothing", "text", "caption", "part", "no words", "answer", "part of an answer", "the bot itself"),
        *("anonymous", "topic"),
    ],
)
def test_a_question_quotes_what_it_answers(
    answered: Message | None, marked: TextQuote | None, origin: Origin | None, quote: Quote | None
) -> None:
    assert quote_of(a_message("Why?", reply_to_message=answered, quote=marked), origin, BOT.id) == quote


async def test_an_answer_of_another_project_is_told_where_it_belongs() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.says("/claude Why?")
        answer = await chat.shows("claude · ")
        chat.says("/project new Trip to Rome")
        await chat.shows("Trip to Rome")
        asked = chat.says("Are you sure?", reply_to=answer)
        await chat.shows("That belongs to the project “General”: choose it with /projects first", after=asked)

        assert len(staff.runs) == 1
        chat.says("/project select General")
        await chat.shows("General", after=asked)
        chat.says("Are you sure?", reply_to=answer)
        await staff.until(lambda: len(staff.runs) == 2)


async def test_an_answer_of_another_topic_is_no_models_words_here() -> None:
    async with Simulator(privacy=False) as sim, open_desk(sim) as staff:
        ann = sim.user("Ann")
        forum = sim.supergroup("Kitchen", ann, forum=True)
        trip, food = forum.topic("Trip"), forum.topic("Food")
        trip.says(ann, "/claude Why?")
        answer = await trip.shows("claude · ")

        food.says(ann, "Are you sure?", reply_to=answer)
        food.says(ann, "/claude Is that right?", reply_to=answer)
        await food.shows("claude · ")

        assert [run.question.text for run in staff.runs] == ["Why?", "Is that right?"]


async def test_a_question_in_a_topic_quotes_nothing_of_what_opened_it() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        ann = sim.user("Ann")
        topic = sim.supergroup("Kitchen", ann, forum=True).topic("Trip")
        topic.says(ann, "/claude Why?")
        await topic.shows("claude · ")

        assert staff.runs[0].question.quote is None
        assert staff.runs[0].place.topic_id == topic.topic_id


@pytest.mark.parametrize(
    ("count", "answer"),
    [
        (3, "claude · "),
        (4, "The pictures have 14 MB together, and at most 12 MB fit into one question. Send fewer of them."),
    ],
)
async def test_pictures_that_are_too_large_together_are_told(count: int, answer: str) -> None:
    size = 1024 * 1024 * 7 // 2
    fits = count * size <= PICTURES_BYTES
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.sends_album([JPEG + bytes(size - len(JPEG))] * count, "What is this?")

        await chat.shows(answer)

        assert bool(staff.runs) is fits


async def test_a_document_that_is_cut_is_told_and_asked_about() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.sends(NewDocument("notes.txt", b"x" * 5_000, "text/plain"), "What is this?")

        await chat.shows("“notes.txt” has 5,000 characters; the models are shown the first 1,000.")
        await chat.shows("claude · ")

        (attachment,) = staff.runs[0].question.attachments
        assert len(attachment.text) <= MAX_DOCUMENT_CHARS


@pytest.mark.parametrize(
    ("file", "answer"),
    [
        (NewDocument("film.mkv", bytes(range(256)) * 4, "video/x-matroska"), "film.mkv"),
        (NewDocument("book.pdf", b"no pdf at all", "application/pdf"), "book.pdf"),
        (NewDocument("all.zip", b"x", size=21 * 1024 * 1024), "“all.zip” has 21 MB, and Telegram gives at most 20 MB"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
async def test_a_file_that_cannot_be_read_is_told_and_nobody_asked(file: NewDocument, answer: str) -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        sent = chat.sends(file, "What is this?")

        told = await chat.shows(answer, after=sent)
        await sim.heard()

        assert chat.bot_messages == (told,)
        assert staff.runs == ()
        assert await staff.stores.inbox.unfinished() == ()


async def test_a_file_that_cannot_be_fetched_is_told_and_may_be_sent_again() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        sim.faults.next("getFile", ServerError())
        chat.sends(NewDocument("notes.txt", b"x"), "What is this?")
        await chat.shows("“notes.txt” could not be fetched from Telegram: please try again.")

        chat.sends(NewDocument("notes.txt", b"x"), "What is this?")
        await chat.shows("claude · ")

        assert len(staff.runs) == 1


async def test_the_chat_goes_on_while_a_file_is_being_fetched() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        sim.faults.next("getFile", Slow(30))
        chat.sends(NewDocument("notes.txt", b"x"), "What is this?")
        chat.says("/help")

        await chat.shows("/status")

        assert staff.runs == ()
        assert len(await staff.stores.inbox.unfinished()) == 1
