"""An answer that cannot be rendered arrives plain, and one that cannot be sent holds nobody up."""

from __future__ import annotations

from typing import Any

import pytest

from moai.bot import deliveries, entries
from moai.bot.deliveries import Deliveries
from moai.bot.entries import TRUNCATED_NOTE, pieces_of
from moai.bot.outbox import Outbox
from moai.bot.render import MAX_UNITS, render_plain, utf16_length
from moai.core.model import Failure
from moai.testing import MemoryStores
from tests.support.clock import LoopClock, leaping, settle
from tests.support.fakes import PRIVATE, RecordingBot, a_message, ask, say

MARKDOWN = "Some **bold** words."


def stumble(*_: Any, **__: Any) -> Any:
    raise RecursionError("a bug")


@pytest.fixture
def no_renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "render_answer", stumble)
    monkeypatch.setattr(entries, "render_failure", stumble)


@pytest.mark.usefixtures("no_renderer")
def test_an_answer_that_cannot_be_rendered_is_plain(caplog: pytest.LogCaptureFixture) -> None:
    message = a_message(text=MARKDOWN)

    (piece,) = pieces_of(message)

    assert piece.text == f"{message.participant.alias} · {message.participant.model}\n{MARKDOWN}"
    assert piece.entities == ()
    assert f"message {message.id} could not be rendered, sending it plain" in caplog.text
    assert MARKDOWN not in caplog.text


@pytest.mark.usefixtures("no_renderer")
def test_a_plain_answer_keeps_its_failure_and_its_note() -> None:
    (failed,) = pieces_of(a_message(text="Half an ans", failure=Failure("CutOff", "The connection broke.")))
    (cut,) = pieces_of(a_message(text="Ray", truncated=True))

    assert failed.text.endswith("\n⚠️ The connection broke.\n\nHalf an ans")
    assert cut.text.endswith(f"\nRay\n\n{TRUNCATED_NOTE}")


def test_a_plain_answer_is_cleaned_and_split_without_a_word_lost() -> None:
    words = [f"*w{number}*" for number in range(3000)]

    pieces = render_plain("claude", "claude-x", "\0" + " ".join(words))

    assert len(pieces) > 2
    assert all(utf16_length(each.text) <= MAX_UNITS and not each.entities for each in pieces)
    assert [each.text.partition("\n")[0] for each in pieces[1:]] == [
        f"claude ({number}/{len(pieces)})" for number in range(2, len(pieces) + 1)
    ]
    assert " ".join(each.text.partition("\n")[2] for each in pieces).split() == words


def test_a_plain_answer_of_nothing_is_its_header() -> None:
    assert [each.text for each in render_plain("claude", "claude-x", "")] == ["claude · claude-x"]


def test_one_message_that_cannot_be_sent_at_a_start_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pieces_of_most = deliveries.pieces_of
    monkeypatch.setattr(
        deliveries, "pieces_of", lambda each: stumble() if each.text == "first" else pieces_of_most(each)
    )

    @leaping
    async def run() -> None:
        bot, stores = RecordingBot(), MemoryStores(LoopClock())
        books = Deliveries(Outbox(bot.as_bot, LoopClock()), stores.deliveries)
        for number, text in enumerate(("first", "second")):
            await say(stores, await ask(stores, PRIVATE, question_message_id=number), text)

        await books.deliver_left_over()
        await settle()

        assert [text.splitlines()[-1] for text in bot.texts] == ["second"]
        assert [each.message.text for each in await stores.deliveries.undelivered()] == ["first"]

    run()

    assert "could not be sent" in caplog.text
    assert "RecursionError: a bug" in caplog.text
