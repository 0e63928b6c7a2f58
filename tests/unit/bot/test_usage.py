"""What people get for /usage: of which time and project, and what else they may write."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram import Chat, Message, MessageEntity, Update, User

from moai.bot.desk import KEY, Context
from moai.bot.handlers.usage import usage
from moai.bot.render import Piece
from moai.core.commands import StartDiscussion
from moai.core.model import Answer, Completion, Place, Terms, Timing, Usage
from moai.core.spending import DailyBudget, Price, Spending
from moai.errors import InvalidInput
from moai.testing import ManualClock, MemoryStores
from tests.support.people import CLAUDE, GPT, GROUP, TEAM, TOPIC, a_question

ANN = User(1001, "Ann", is_bot=False)
DAY_S = 24 * 3600


class UsageChat:
    """A desk on memory, on the 15th of January, and a group before it whose models answer and which asks for usage."""

    def __init__(self, budget: DailyBudget | None = None) -> None:
        self.clock = ManualClock(datetime(2026, 1, 15, 23, 30, tzinfo=UTC))
        self.stores = MemoryStores(self.clock)
        self.spending = Spending({"claude": Price(3, 15)}, budget or DailyBudget(), self.stores.usage, self.clock)
        self.said: list[Piece] = []
        self.desk = SimpleNamespace(
            projects=self.stores.projects, usage=self.stores.usage, spending=self.spending, say=self._say
        )

    async def answers(self, tokens: int, place: Place = GROUP) -> None:
        """Let claude and gpt answer a question, with so many tokens given and said."""
        command = StartDiscussion(place, a_question(message_id=None), "open")
        project = await self.stores.projects.current(place)
        opened = await self.stores.discussions.open_run(command, project, TEAM, Terms())
        assert opened.first_round is not None
        completion = Completion("So.", "m", Usage(tokens, tokens), Timing(0.5, 2.0))
        given = [self.spending.priced(Answer(who, completion)) for who in (CLAUDE, GPT)]
        await self.stores.discussions.add_answers(opened.first_round, given)

    async def writes(self, text: str, place: Place = GROUP) -> str:
        """Write a command and return the answer; raise what the handler raises."""
        chat = Chat(place.chat_id, Chat.SUPERGROUP)
        entities = [MessageEntity(MessageEntity.BOT_COMMAND, 0, len(text.split(maxsplit=1)[0]))]
        topic: dict[str, Any] = {"message_thread_id": place.topic_id, "is_topic_message": place.topic_id is not None}
        message = Message(7, self.clock.now(), chat, text=text, from_user=ANN, entities=entities, **topic)
        await usage(Update(1, message=message), self._context)
        return self.said[-1].text

    @property
    def _context(self) -> Context:
        return cast("Context", SimpleNamespace(bot_data={KEY: self.desk}))

    def _say(self, message: Message, piece: Piece) -> None:
        assert message.text is not None
        self.said.append(piece)


@pytest.mark.parametrize("command", ["/usage", "/usage day", "/usage@moai_bot  DAY "])
async def test_the_day_is_meant_unless_told_otherwise(command: str) -> None:
    chat = UsageChat()
    await chat.answers(1_000)
    chat.clock.advance(DAY_S)
    await chat.answers(20_000)
    await chat.answers(1_000, Place(-1))

    assert await chat.writes(command) == (
        "Today in this chat (UTC)\n"
        "\n"
        "claude · 1 answer · 20,000 tokens in, 20,000 out · 2 s · $0.36\n"
        "gpt · 1 answer · 20,000 tokens in, 20,000 out · 2 s · no price\n"
        "Together · 2 answers · 40,000 tokens in, 40,000 out · 4 s · $0.36, 1 without a price"
    )


async def test_the_month_begins_on_its_first_day() -> None:
    chat = UsageChat()
    await chat.answers(1_000)
    chat.clock.advance(DAY_S)
    await chat.answers(1_000)

    january = await chat.writes("/usage month")
    chat.clock.advance(15 * DAY_S + 1800)
    await chat.answers(5)
    february = await chat.writes("/usage month")

    assert january.startswith("January 2026 in this chat (UTC)\n\nclaude · 2 answers · 2,000 tokens in")
    assert february.startswith("February 2026 in this chat (UTC)\n\nclaude · 1 answer · 5 tokens in")


async def test_the_project_is_the_current_one_of_the_place_and_all_of_its_time() -> None:
    chat = UsageChat()
    await chat.answers(9, GROUP)
    await chat.stores.projects.create(TOPIC, "Kitchen")
    await chat.answers(1_000, TOPIC)
    chat.clock.advance(400 * DAY_S)
    await chat.answers(1_000, TOPIC)

    kitchen = await chat.writes("/usage project", TOPIC)

    assert kitchen.startswith("Project Kitchen\n\nclaude · 2 answers · 2,000 tokens in, 2,000 out · 4 s · $0.036\n")


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("/usage", "Nothing was asked in this chat today (UTC)."),
        ("/usage month", "Nothing was asked in this chat this month (UTC)."),
        ("/usage project", "Nothing was asked in the project “Kitchen” yet."),
    ],
)
async def test_nothing_was_asked(command: str, sentence: str) -> None:
    chat = UsageChat()
    await chat.stores.projects.create(GROUP, "Kitchen")

    assert await chat.writes(command) == sentence


@pytest.mark.parametrize("command", ["/usage", "/usage month", "/usage project"])
async def test_the_budget_that_is_left_is_that_of_the_day(command: str) -> None:
    chat = UsageChat(DailyBudget(2, 100_000))
    await chat.answers(10_000)
    chat.clock.advance(DAY_S)
    await chat.answers(20_000)

    said = await chat.writes(command)

    assert said.endswith("\n\nLeft of this chat's budget for today (UTC): $1.64 of $2.00, 20,000 of 100,000 tokens.")


@pytest.mark.parametrize("word", ["week", "day month", "claude"])
async def test_another_word_is_told_what_can_be_written(word: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await UsageChat().writes(f"/usage {word}")

    assert caught.value.sentence == (
        "I can tell what a day, a month or a project took: write /usage day, /usage month or /usage project."
    )


async def test_an_edited_message_is_not_answered_again() -> None:
    chat = UsageChat()
    message = Message(7, chat.clock.now(), Chat(GROUP.chat_id, Chat.SUPERGROUP), text="/usage")

    await usage(Update(1, edited_message=message), chat._context)

    assert chat.said == []
