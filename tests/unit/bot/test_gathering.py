"""The parts of a long paste become one update; nothing else is ever glued together."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moai.bot.gathering import MESSAGE_UNITS, MOMENT_S, MOST_PARTS, PART_UNITS
from moai.simulator.pasting import cut
from tests.support.clock import leaping
from tests.support.parts import ANN, BO, LONG, Parts, said

FULL = "x" * MESSAGE_UNITS
OPENS_TOPIC = {"message_id": 7, "forum_topic_created": {"name": "Trip"}}
FORWARDED: Any = {"forward_origin": {"type": "user", "sender_user": {"id": 5}}}


def _reply(answered: Any) -> dict[str, Any]:
    return {"reply_to_message": answered} if answered else {}


@leaping
async def test_what_is_short_is_passed_on_at_once_and_as_it_is() -> None:
    parts = Parts()
    message = said("Why?", entities=[])

    parts.add(message, said("x" * (PART_UNITS - 1)))

    assert parts.bundles[0].raw == {"update_id": 10, "message": message}
    assert parts.ids == [(10,), (11,)]


@leaping
async def test_a_long_text_waits_a_moment_for_its_next_part_and_no_longer() -> None:
    parts = Parts()
    parts.add(said(LONG))
    await parts.pause(MOMENT_S * 0.9)
    assert parts.bundles == []

    await parts.pause(MOMENT_S * 0.2)

    assert [bundle.raw for bundle in parts.bundles] == [{"update_id": 10, "message": said(LONG)}]


@leaping
async def test_the_parts_of_a_paste_are_one_update_with_the_ids_of_all() -> None:
    parts = Parts()
    first = said(f"/open {LONG}", entities=[{"type": "bot_command", "offset": 0, "length": 5}], message_id=31)
    parts.add(first, said(LONG, message_id=32), said("The end.", message_id=33))

    (bundle,) = parts.bundles
    assert bundle.ids == (10, 11, 12)
    assert bundle.raw == {"update_id": 10, "message": {**first, "text": f"/open {LONG}\n{LONG}\nThe end."}}


@leaping
async def test_the_last_part_is_not_waited_for_longer() -> None:
    parts = Parts()
    parts.add(said(LONG), said("The end."))

    assert parts.ids == [(10, 11)]


@leaping
async def test_a_text_that_was_cut_in_the_middle_of_a_word_is_whole_again() -> None:
    parts = Parts()
    parts.add(said(FULL), said(FULL), said("y"))

    assert parts.texts == [FULL + FULL + "y"]


@leaping
@pytest.mark.parametrize("units", [MESSAGE_UNITS - 1, MESSAGE_UNITS // 2, PART_UNITS])
async def test_a_text_that_was_cut_between_words_keeps_them_apart(units: int) -> None:
    parts = Parts()
    parts.add(said("x" * units), said("y"))

    assert parts.texts == ["x" * units + "\ny"]


@leaping
async def test_astral_characters_are_counted_as_telegram_counts_them() -> None:
    parts = Parts()
    parts.add(said("🗿" * (MESSAGE_UNITS // 2)), said("🗿"))
    parts.add(said("x" + "🗿" * (MESSAGE_UNITS // 2 - 1)), said("🗿"))
    parts.add(said("🗿" * (PART_UNITS // 2 - 1)))

    half = MESSAGE_UNITS // 2
    assert parts.texts == ["🗿" * (half + 1), "x" + "🗿" * half, "🗿" * (PART_UNITS // 2 - 1)]


@leaping
async def test_each_part_has_its_moment() -> None:
    parts = Parts()
    for _ in range(5):
        parts.add(said(LONG))
        await parts.pause(MOMENT_S * 0.9)
    assert parts.bundles == []

    await parts.pause(MOMENT_S)

    assert parts.ids == [(10, 11, 12, 13, 14)]


@leaping
async def test_what_comes_later_than_a_moment_is_a_message_of_its_own() -> None:
    parts = Parts()
    parts.add(said(LONG))
    await parts.pause(MOMENT_S * 1.1)
    parts.add(said("And why is it red?"))

    assert parts.texts == [LONG, "And why is it red?"]


@leaping
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (said(LONG, by=ANN), said("end", by=BO)),
        (said(LONG, chat=-5001), said("end", chat=-5002)),
        (said(LONG), said("end", message_thread_id=7, is_topic_message=True)),
        (said(LONG, message_thread_id=8), said("end", message_thread_id=7)),
        (said(LONG, sender_chat={"id": -9}), said("end", sender_chat={"id": -10})),
        (said(LONG, sender_chat={"id": -9}), said("end")),
    ],
    ids=["person", "chat", "topic", "other topic", "channel", "channel and person"],
)
async def test_what_others_say_elsewhere_is_not_taken_for_a_part(first: Any, second: Any) -> None:
    parts = Parts()
    parts.add(first, second)
    assert parts.texts == ["end"], "and it does not wait"

    await parts.pause(MOMENT_S * 1.1)

    assert parts.texts == ["end", LONG]


@leaping
async def test_two_people_who_paste_at_once_are_each_whole() -> None:
    parts = Parts()
    parts.add(said(f"A {LONG}", by=ANN), said(f"B {LONG}", by=BO), said("a", by=ANN), said("b", by=BO))

    assert parts.texts == [f"A {LONG}\na", f"B {LONG}\nb"]
    assert parts.ids == [(10, 12), (11, 13)]


@leaping
@pytest.mark.parametrize(
    "ending",
    [
        said("/stop"),
        said("end", reply_to_message={"message_id": 5}),
        said("end", **FORWARDED),
        said("", sticker={"file_id": "x"}),
        said("", caption="end", photo=[{"file_id": "x"}]),
        said("", new_chat_members=[{"id": 5}]),
    ],
    ids=["command", "reply", "forward", "sticker", "picture", "service"],
)
async def test_another_kind_of_message_ends_a_paste_and_stays_behind_it(ending: Any) -> None:
    parts = Parts()
    parts.add(said(LONG), ending)

    assert parts.texts == [LONG, ending["text"]]
    assert parts.ids == [(10,), (11,)]


@leaping
async def test_what_is_forwarded_is_no_beginning() -> None:
    parts = Parts()
    parts.add(said(LONG, **FORWARDED), said("What do you think of it?"))

    assert parts.texts == [LONG, "What do you think of it?"]


@leaping
@pytest.mark.parametrize("second", [None, {"message_id": 5}, OPENS_TOPIC], ids=["first only", "each", "in a topic"])
async def test_a_reply_may_be_a_paste(second: Any) -> None:
    parts = Parts()
    parts.add(said(LONG, reply_to_message={"message_id": 5}), said("end", **_reply(second)))

    (bundle,) = parts.bundles
    assert bundle.raw["message"]["reply_to_message"] == {"message_id": 5}
    assert parts.texts == [f"{LONG}\nend"]


@leaping
async def test_a_reply_to_something_else_is_none_of_its_parts() -> None:
    parts = Parts()
    parts.add(said(LONG, **_reply({"message_id": 5})), said("end", **_reply({"message_id": 6})))

    assert parts.texts == [LONG, "end"]


@leaping
async def test_a_paste_in_a_topic_is_whole_though_all_there_answers_what_opened_it() -> None:
    parts = Parts()
    topic = {"message_thread_id": 7, "is_topic_message": True, **_reply(OPENS_TOPIC)}
    parts.add(said(LONG, **topic), said(LONG, **topic), said("end", **topic))

    assert parts.ids == [(10, 11, 12)]


@leaping
async def test_a_paste_has_a_limit() -> None:
    parts = Parts()
    parts.add(*[said(LONG)] * (MOST_PARTS + 1))
    assert [len(ids) for ids in parts.ids] == [MOST_PARTS]

    await parts.pause(MOMENT_S * 1.1)

    assert [len(ids) for ids in parts.ids] == [MOST_PARTS, 1]


@leaping
async def test_other_updates_pass_at_once_and_end_nothing() -> None:
    parts = Parts()
    parts.add(said(LONG))
    parts.add_raw(callback_query={"id": "1"})
    parts.add_raw(my_chat_member={"chat": {"id": -5001}})
    parts.add_raw(message="garbage")
    parts.add_raw(message={"chat": "garbage", "from": 5, "text": 7})
    assert parts.ids == [(11,), (12,), (13,), (14,)]

    parts.add(said("end"))

    assert parts.ids[4:] == [(10, 15)]


@settings(max_examples=60)
@given(st.lists(st.integers(1, 2_000), min_size=1, max_size=5), st.sampled_from(["\n", " ", "\n\n"]))
def test_a_paste_is_one_question_wherever_the_apps_cut_it(lengths: list[int], gap: str) -> None:
    words = [f"{number}:".ljust(length, "x") for number, length in zip(range(12_000), cycle(lengths), strict=False)]
    pasted = gap.join(words)[:20_000]

    @leaping
    async def paste() -> None:
        parts = Parts()
        parts.add(*map(said, cut(pasted)))
        await parts.pause(2 * MOMENT_S)

        assert len(parts.bundles) == 1
        assert "".join(parts.texts[0].split()) == "".join(pasted.split())

    paste()
