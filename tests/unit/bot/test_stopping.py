"""What a press of a draft's Stop button says, and that nothing that is not one is taken for it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update

from moai.bot.stopping import KIND, StoppedDraft, stopped_generation
from moai.core.model import Place
from moai.simulator.telegram import Simulator
from tests.support.fakes import open_bot
from tests.support.post import an_update

CHAT = {"id": 1001, "type": "private", "first_name": "Ann"}


def stopped(payload: Any) -> StoppedDraft | None:
    update = Update.de_json({"update_id": 10, KIND: payload})
    # Updates are stored as JSON before they are read.
    again = Update.de_json(json.loads(json.dumps(update.to_dict())))
    assert stopped_generation(again) == stopped_generation(update)
    return stopped_generation(update)


def test_a_press_names_the_draft_and_its_place() -> None:
    assert stopped({"chat": CHAT, "draft_id": 5}) == StoppedDraft(Place(1001), 5)
    assert stopped({"chat": CHAT, "draft_id": 5, "message_thread_id": 7}) == StoppedDraft(Place(1001, 7), 5)
    assert stopped({"chat": CHAT, "draft_id": -(2**62), "from_the_future": {}}) == StoppedDraft(Place(1001), -(2**62))


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"chat": CHAT},
        {"draft_id": 5},
        {"chat": 1001, "draft_id": 5},
        {"chat": {"id": "1001"}, "draft_id": 5},
        {"chat": {"id": True}, "draft_id": 5},
        {"chat": {"id": 0}, "draft_id": 5},
        {"chat": CHAT, "draft_id": "5"},
        {"chat": CHAT, "draft_id": 5.0},
        {"chat": CHAT, "draft_id": 0},
        {"chat": CHAT, "draft_id": None},
        {"chat": CHAT, "draft_id": 5, "message_thread_id": "7"},
        {"chat": CHAT, "draft_id": 5, "message_thread_id": False},
        [],
        "stop",
        None,
    ],
    ids=str,
)
def test_a_payload_that_is_broken_is_nothing(payload: Any) -> None:
    assert stopped(payload) is None


def test_other_updates_are_nothing() -> None:
    assert stopped_generation(Update.de_json(an_update(10))) is None
    assert (
        stopped_generation(Update.de_json({"update_id": 10, "from_the_future": {"chat": CHAT, "draft_id": 5}})) is None
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.dictionaries(st.sampled_from(["chat", "draft_id", "message_thread_id", "x"]), JSON)


@settings(max_examples=100, deadline=None)
@given(payload=JSON | FIELDS | st.fixed_dictionaries({"chat": st.just(CHAT), "draft_id": st.integers()}))
def test_whatever_comes_is_read_or_nothing(payload: Any) -> None:
    found = stopped(payload)

    if found is not None:
        assert (payload["chat"]["id"], payload["draft_id"]) == (found.place.chat_id, found.draft_id)
        assert payload.get("message_thread_id") == found.place.topic_id


@pytest.mark.parametrize("in_topic", [False, True])
async def test_telegrams_own_words_are_understood(in_topic: bool) -> None:
    async with Simulator(private_topics=True) as sim, open_bot(sim) as bot:
        chat = sim.private_chat(sim.user("Ann"))
        talk = chat.topic("Sky") if in_topic else chat
        place = Place(chat.id, talk.topic_id)
        await bot.send_message_draft(
            chat.id, 5, "The sk", message_thread_id=place.topic_id, api_kwargs={"can_stop": True}
        )

        talk.presses_stop()
        *_, update = await bot.get_updates(allowed_updates=[KIND])

        assert stopped_generation(update) == StoppedDraft(place, 5)
