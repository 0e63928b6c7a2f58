"""The pictures of an album become one update, whichever of them has the caption."""

from __future__ import annotations

import pytest

from moai.bot.gathering import MOMENT_S
from tests.support.clock import leaping
from tests.support.parts import ANN, BO, LONG, Parts, Raw, pictured, said


def captions(message: Raw) -> list[str]:
    return [message.get("caption", ""), *(each.get("caption", "") for each in message.get("album", ()))]


@leaping
@pytest.mark.parametrize("asked_at", [0, 1, 2])
async def test_an_album_is_one_update_that_holds_its_caption(asked_at: int) -> None:
    parts = Parts()
    album = [pictured("Why?" if number == asked_at else "", message_id=number) for number in range(3)]
    parts.add(*album)
    assert parts.bundles == [], "more may come"
    await parts.pause(1.1 * MOMENT_S)

    (bundle,) = parts.bundles
    assert bundle.ids == (10, 11, 12)
    assert bundle.raw["update_id"] == 10
    message = bundle.raw["message"]
    assert captions(message) == ["Why?", "", ""]
    assert message["message_id"] == asked_at
    assert [each["message_id"] for each in message["album"]] == [each for each in range(3) if each != asked_at]


@leaping
async def test_every_caption_of_an_album_is_kept() -> None:
    parts = Parts()
    parts.add(pictured(), pictured("first"), pictured("second"))
    await parts.pause(1.1 * MOMENT_S)

    assert captions(parts.bundles[0].raw["message"]) == ["first", "", "second"]


@leaping
async def test_an_album_without_a_caption_is_one_update_too() -> None:
    parts = Parts()
    parts.add(pictured(), pictured())
    await parts.pause(1.1 * MOMENT_S)

    assert parts.ids == [(10, 11)]


@leaping
async def test_a_picture_alone_waits_for_nothing_and_one_of_an_album_of_one_is_as_it_was() -> None:
    parts = Parts()
    alone = said("", caption="Why?", photo=[{"file_id": "x"}])
    parts.add(alone)
    assert parts.ids == [(10,)]

    parts.add(pictured("Why?"))
    await parts.pause(1.1 * MOMENT_S)

    assert parts.bundles[1].raw["message"] == pictured("Why?")


@leaping
async def test_two_albums_in_a_row_are_two() -> None:
    parts = Parts()
    parts.add(pictured("a", album="1"), pictured(album="1"), pictured("b", album="2"), pictured(album="2"))
    assert parts.ids == [(10, 11)]

    await parts.pause(1.1 * MOMENT_S)

    assert parts.ids == [(10, 11), (12, 13)]


@leaping
async def test_the_albums_of_two_people_are_not_mixed() -> None:
    parts = Parts()
    parts.add(pictured("a", by=ANN), pictured("b", by=BO), pictured(by=ANN), pictured(by=BO))
    await parts.pause(1.1 * MOMENT_S)

    assert parts.ids == [(10, 12), (11, 13)]


@leaping
async def test_a_text_after_an_album_ends_it_and_stays_behind_it() -> None:
    parts = Parts()
    parts.add(pictured("a"), pictured(), said("Well?"))

    assert parts.ids == [(10, 11), (12,)]


@leaping
async def test_an_album_after_a_long_text_ends_that() -> None:
    parts = Parts()
    parts.add(said(LONG), pictured("a"), pictured())
    assert parts.ids == [(10,)]

    await parts.pause(1.1 * MOMENT_S)

    assert parts.ids == [(10,), (11, 12)]
