"""Texts and entities as Telegram keeps them, and what it refuses of them."""

from __future__ import annotations

from typing import Any

import pytest

from moai.simulator.entities import formatted, require_length, require_visible
from moai.simulator.model import Entity, User
from moai.simulator.refusal import ApiError
from moai.simulator.text import FormattedText, utf16_length

ALICE = User(7, "Alice")
BOLD = {"type": "bold", "offset": 0, "length": 4}


def entity(kind: str, offset: int, length: int, **details: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **details}


def kept(text: str, *entities: dict[str, Any]) -> FormattedText:
    return formatted(text, list(entities), {ALICE.id: ALICE})


def refusal(text: str, raw: Any) -> str:
    with pytest.raises(ApiError) as caught:
        formatted(text, raw, {ALICE.id: ALICE})
    assert caught.value.code == 400
    return caught.value.description


def test_lengths_are_in_utf16_units() -> None:
    assert utf16_length("abc") == 3
    assert utf16_length("é😀") == 3


@pytest.mark.parametrize(
    ("given", "becomes"),
    [
        ("  plain \n", "plain"),
        ("a\x00b\tc", "a b c"),
        ("one\r\ntwo", "one\ntwo"),
        ("a\u2028b\u202ec", "abc"),
        ("\u00a0kept\u00a0", "\u00a0kept\u00a0"),
    ],
)
def test_a_text_is_cleaned_and_trimmed(given: str, becomes: str) -> None:
    assert kept(given).text == becomes


def test_entities_move_with_what_is_removed_before_them() -> None:
    result = kept("  a\r\nbold 😀!", entity("bold", 5, 7))
    assert result.text == "a\nbold 😀!"
    assert result.entities == (Entity("bold", 2, 7),)


def test_trimming_stops_at_the_first_entity_and_cuts_the_last() -> None:
    result = kept("   x y  ", entity("bold", 1, 7))
    assert result == FormattedText("  x y", (Entity("bold", 0, 5),))


def test_an_entity_of_blanks_at_the_end_disappears() -> None:
    assert kept("x   ", entity("bold", 2, 2)).entities == ()


def test_lone_surrogates_are_refused() -> None:
    assert refusal("half \ud83d", []) == "Bad Request: strings must be encoded in UTF-8"
    pre = [entity("pre", 0, 1, language="\ud83d")]
    assert refusal("x", pre) == "Bad Request: strings must be encoded in UTF-8"


@pytest.mark.parametrize("blank", ["", "  \n", "\u200b\u00a0", "\u2800", "\x00"])
def test_what_cannot_be_seen_is_refused(blank: str) -> None:
    with pytest.raises(ApiError, match="text must be non-empty"):
        require_visible(kept(blank))


def test_the_limit_counts_utf16_units_after_trimming() -> None:
    require_length(kept(" " + "😀" * 5), 10, "too long")
    with pytest.raises(ApiError, match="too long"):
        require_length(kept("😀" * 5 + "!"), 10, "too long")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("[{", "can't parse entities JSON object"),
        (["bold"], "can't parse MessageEntity: expected an Object"),
        ([{"offset": 0, "length": 1}], "can't parse MessageEntity: Can't find field \"type\""),
        ([{"type": "bold", "length": 1}], "can't parse MessageEntity: Can't find field \"offset\""),
        ([entity("bold", 0, 1) | {"length": "x"}], 'can\'t parse MessageEntity: Field "length" must be a Number'),
        ([entity("shiny", 0, 1)], "can't parse MessageEntity: Unsupported type specified"),
        ([entity("text_link", 0, 1)], "can't parse MessageEntity: Can't find field \"url\""),
        ([entity("text_link", 0, 1, url="localhost")], "entity URL 'localhost' is invalid: Wrong HTTP URL"),
        ([entity("text_link", 0, 1, url="http://[")], "entity URL 'http://[' is invalid: Wrong HTTP URL"),
        ([entity("text_link", 0, 1, url="ftp://a.b")], "entity URL 'ftp://a.b' is invalid: Unsupported URL protocol"),
        ([entity("text_mention", 0, 1, user={"id": 8})], "user not found"),
        ([entity("bold", -1, 1)], "receive an entity with incorrect offset -1"),
        (
            [entity("bold", 0, 9)],
            "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 9",
        ),
        ([entity("bold", 9, 1)], "entity begins after the end of the text at UTF-16 offset 9"),
        ([entity("bold", 3, 2)], "entity begins in a middle of a UTF-16 symbol at byte offset 6"),
        (
            [entity("bold", 0, 3)],
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 6",
        ),
    ],
)
def test_what_is_wrong_with_an_entity_is_said(raw: Any, reason: str) -> None:
    assert refusal("ab😀cd", raw) == f"Bad Request: {reason}"


@pytest.mark.parametrize(
    ("entities", "reason"),
    [
        ([BOLD, entity("italic", 2, 4)], "overlaps a bold entity"),
        ([entity("pre", 0, 6), entity("bold", 2, 2)], "is inside a pre entity"),
        ([entity("code", 0, 6), entity("bold", 0, 2)], "is inside a code entity"),
        ([entity("blockquote", 0, 6), entity("blockquote", 2, 2)], "is inside another quotation"),
        (
            [entity("expandable_blockquote", 0, 6), entity("bold", 1, 5), entity("blockquote", 2, 2)],
            "is inside another quotation",
        ),
    ],
)
def test_nesting_that_telegram_forbids_is_refused(entities: list[dict[str, Any]], reason: str) -> None:
    description = refusal("abcdef", entities)
    assert description.startswith("Bad Request: can't parse entities: ")
    assert reason in description


def test_nesting_that_telegram_allows_is_kept() -> None:
    result = kept(
        "abcdef ghi",
        entity("bold", 0, 6),
        entity("italic", 2, 2),
        entity("blockquote", 0, 10),
        entity("code", 2, 2),
        entity("underline", 7, 3),
    )
    assert [each.type for each in result.entities] == ["blockquote", "bold", "italic", "code", "underline"]


def test_details_are_kept() -> None:
    result = kept(
        "abcdef",
        entity("pre", 0, 1, language="py"),
        entity("text_link", 1, 1, url="https://example.org/x"),
        entity("text_mention", 2, 1, user={"id": ALICE.id}),
        entity("custom_emoji", 3, 1, custom_emoji_id="5"),
        entity("pre", 4, 1),
        entity("text_link", 5, 1, url="tg://user?id=7"),
    )
    pre, link, mention, emoji, plain, own = result.entities
    assert (pre.language, link.url, mention.user, emoji.custom_emoji_id) == ("py", "https://example.org/x", ALICE, "5")
    assert (plain.language, own.url) == (None, "tg://user?id=7")


def test_the_101st_entity_is_ignored() -> None:
    result = kept("x" * 101, *(entity("bold", place, 1) for place in range(101)))
    assert len(result.entities) == 100
    assert result.entities[-1].offset == 99


def test_what_telegram_finds_by_itself_is_found_and_cannot_be_given() -> None:
    result = kept("see example.org", entity("mention", 0, 3), entity("bold", 0, 3))
    assert [(each.type, each.offset) for each in result.entities] == [("bold", 0), ("url", 4)]


def test_nothing_is_found_within_what_is_given() -> None:
    result = kept("run /start now", entity("code", 4, 6))
    assert [each.type for each in result.entities] == ["code"]


def test_entities_of_another_kind_than_a_list_are_passed_over() -> None:
    assert formatted("x", {"type": "bold"}, {}).entities == ()
    assert formatted("x", "", {}).entities == ()
