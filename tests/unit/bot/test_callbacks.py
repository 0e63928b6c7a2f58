"""Presses of buttons: each is answered once, whatever its data and whatever goes wrong."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import CallbackQuery, Update
from telegram.error import BadRequest

from moai.bot.callbacks import ANSWER_UNITS, CALLBACKS, UNREACHABLE, pressed
from moai.bot.keyboards import MAX_DATA_BYTES, OLD_BUTTON
from moai.bot.menu_data import Action, Delete, Keep, Select, SetModel, ShowPage, action_of, data_of
from moai.bot.render import utf16_length
from moai.errors import InvalidInput, StorageError
from tests.support.menus import ANN, ProjectsChat

IDS = st.integers(0, 10**18 - 1)
ALIASES = st.from_regex("[a-z0-9_]{1,32}", fullmatch=True)
ACTIONS = st.one_of(
    st.builds(ShowPage, IDS),
    st.builds(Select, IDS, IDS),
    st.builds(SetModel, IDS, ALIASES, st.booleans()),
    st.builds(Delete, IDS, IDS),
    st.builds(Keep, IDS),
)
NOT_OURS = [
    *("", "p", "p:", ":", "x:1", "p:sel", "p:sel:17", "p:sel:17:0:1", "p:sel:-1:0", "p:sel:17:x", "p:sel::"),
    *("p:sel:017:0", "p:sel:٣:0", "p:sel:99999999999999999999:0", "p:sel: 17:0", "P:sel:17:0", "p:SEL:17:0"),
    *("p:on:17", "p:on:17:Claude", "p:on:17:", "p:on:17:a:b", f"p:on:17:{'a' * 33}", "p:del:17", "p:keep:", "p:page:"),
    *("p:page:1\n", "p:drop:17:claude", "p:sel:17:0\0", "p:sel:1e3:0"),
]


@given(ACTIONS)
def test_what_a_button_stands_for_comes_back_from_its_data(action: Action) -> None:
    data = data_of(action)

    assert action_of(data) == action
    assert len(data.encode()) <= MAX_DATA_BYTES
    assert data.partition(":")[0] in CALLBACKS


@pytest.mark.parametrize("data", NOT_OURS, ids=repr)
def test_data_that_is_not_ours_stands_for_nothing(data: str) -> None:
    assert action_of(data) is None


@given(st.one_of(st.text(), ACTIONS.map(data_of).flatmap(lambda data: st.text().map(lambda end: data + end))))
def test_whatever_stands_for_something_is_as_we_write_it(data: str) -> None:
    action = action_of(data)

    assert action is None or data_of(action) == data


@pytest.mark.parametrize("data", [None, *NOT_OURS], ids=repr)
async def test_a_button_of_another_time_is_answered_and_changes_nothing(data: str | None) -> None:
    chat = ProjectsChat()

    await chat.presses_data(data)

    assert chat.answers == [(OLD_BUTTON, True)]
    assert (chat.screen.finals, chat.screen.edits) == ([], 0)


async def test_a_button_under_a_message_that_is_gone_is_answered_and_changes_nothing() -> None:
    chat = ProjectsChat()
    await chat.makes("Trip")

    await chat.presses_data("p:sel:1:0", is_accessible=False)

    assert chat.answers == [(UNREACHABLE, True)]
    assert await chat.current_name() == "Trip"


async def test_a_button_without_a_message_is_answered() -> None:
    chat = ProjectsChat()

    await chat.presses_query(CallbackQuery("77", ANN, "1", data="p:sel:1:0"))

    assert chat.answers == [(UNREACHABLE, True)]


async def test_what_is_done_is_told_in_passing_and_what_is_not_in_a_window() -> None:
    chat = ProjectsChat()
    await chat.makes("Trip")

    await chat.presses_data("p:sel:1:0")
    await chat.presses_data("p:sel:404:0")

    assert [is_alert for _, is_alert in chat.answers] == [False, True]


@pytest.mark.parametrize("error", [StorageError("The database is busy."), InvalidInput("Not so.")])
async def test_what_cannot_be_done_is_answered_with_its_sentence(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = ProjectsChat()
    monkeypatch.setattr(chat.stores.projects, "select", _raising(error))

    await chat.presses_data("p:sel:1:0")

    assert chat.answers == [(str(error), True)]


async def test_a_bug_is_raised_and_the_press_is_answered_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = ProjectsChat()
    monkeypatch.setattr(chat.stores.projects, "select", _raising(ZeroDivisionError()))

    with pytest.raises(ZeroDivisionError):
        await chat.presses_data("p:sel:1:0")

    assert chat.answers == [("", False)]


async def test_an_answer_is_never_longer_than_telegram_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = ProjectsChat()
    monkeypatch.setattr(chat.stores.projects, "select", _raising(InvalidInput("🗿" * 300)))

    answer = await chat.presses_data("p:sel:1:0")

    assert (utf16_length(answer), set(answer)) == (ANSWER_UNITS, {"🗿"})


async def test_a_press_that_is_too_old_to_be_answered_is_done(caplog: pytest.LogCaptureFixture) -> None:
    chat = ProjectsChat()
    await chat.makes("Trip")
    chat.answer_error = BadRequest("Query is too old and response timeout expired or query id is invalid")

    with caplog.at_level(logging.INFO):
        await chat.presses_data("p:sel:1:0")

    assert await chat.current_name() == "General"
    assert [(each.levelname, "too old" in each.message) for each in caplog.records] == [("INFO", True)]
    assert len(chat.answers) == 1


async def test_what_is_no_press_is_left_alone() -> None:
    chat = ProjectsChat()

    await pressed(Update(1), chat._context)

    assert chat.answers == []


def _raising(error: Exception):  # noqa: ANN202 - a stand-in for any method of a store
    async def method(*_: object, **__: object) -> None:
        raise error

    return method
