"""What holds for every string: pieces that Telegram takes as they are, with every word of the answer in order."""

import re
from collections.abc import Sequence

from hypothesis import example, given, settings
from hypothesis import strategies as st

from moai.bot.render import (
    MAX_ENTITIES,
    MAX_UNITS,
    Entity,
    Piece,
    render_answer,
    render_failure,
    render_markdown,
    utf16_length,
)

KINDS = {"bold", "italic", "strikethrough", "text_link", "code", "pre", "blockquote", "expandable_blockquote"}
BLOCKS = {"pre", "blockquote", "expandable_blockquote"}
WORD = re.compile(r"w\d+x")

NASTY = [
    *("**", "*", "_", "__", "~~", "~", "`", "``", "```", "***", "|", "||", "~~~", "#", "#####", "---", ",", "\\<"),
    *("[", "]", "(", ")", "![", "](http://x.y/z)", "](/rel)", "](javascript:x)", "[^1]", "[^1]: ", "[a]: "),
    *("<b>", "</b>", "<div>", "<br>", "<!--", "-->", "<tg-spoiler>", "</tg-spoiler>", "<http://a.b>"),
    *("&amp;", "&#1;", "&lt;", "😀", "👩\u200d👩\u200d👧", "שלום", "e\u0301", "\x00", "\x1b", "\u202e", "\u2028"),
    *("\ud83d", "\ude00", "\ufdd0", "\ufdd4", "\ufddc", "\ufdde"),
]
BLOCK_NASTY = [
    *("\n", "\n\n", "\r\n", "\t", "    ", " ", "\n> ", "\n>> ", "\n- ", "\n  - ", "\n    - ", "\n1. ", "\n2) "),
    *("\n- [ ] ", "\n- [x] ", "\n# ", "\n##### ", "\n```\n", "\n```py\n", "\n~~~\n", "\n```a b,c\n", "\n- ```py\n"),
    *("\n| a | b |\n|---|---|\n", "\n|", "|\n", "\n---\n", "\n===\n", "\n[a]: http://q.r/s\n", "\n<div>\n"),
]
FORMULAS = ["$", "$$", "\\(", "\\)", "\\[", "\\]", "\\frac{a}{b}", "\\", "^", "{", "}", "=", "\\begin{cases}"]
FRAGMENTS = st.sampled_from([*NASTY, *BLOCK_NASTY])


def markdown_of(fragments: Sequence[str | None]) -> str:
    """Put a numbered word in the place of each None."""
    return "".join(each if each is not None else f"w{nth}x " for nth, each in enumerate(fragments))


def words_in(pieces: Sequence[Piece]) -> list[str]:
    """Return the words in order; a block's language counts as standing before it."""
    found: list[str] = []
    for piece in pieces:
        units, at = piece.text.encode("utf-16-le"), 0
        for entity in piece.entities:
            if entity.language:
                found += WORD.findall(units[2 * at : 2 * entity.offset].decode("utf-16-le"))
                found += WORD.findall(entity.language)
                at = entity.offset
        found += WORD.findall(units[2 * at :].decode("utf-16-le"))
    return found


def assert_sendable(piece: Piece) -> None:
    assert 0 < utf16_length(piece.text) <= MAX_UNITS
    assert piece.text == piece.text.strip()
    assert not re.search("[\x00-\x08\x0b-\x1f\u2028-\u202e\ufdd0-\ufdef\ud800-\udfff]", piece.text)
    assert len(piece.entities) <= MAX_ENTITIES
    around: list[Entity] = []
    for entity in piece.entities:
        assert_exact(piece.text, entity)
        while around and around[-1].offset + around[-1].length <= entity.offset:
            around.pop()
        for outer in around:
            assert_nested(outer, entity)
        around.append(entity)


def assert_exact(text: str, entity: Entity) -> None:
    assert entity.type in KINDS
    assert (entity.url is not None) == (entity.type == "text_link")
    assert entity.length > 0
    units = text.encode("utf-16-le")[2 * entity.offset : 2 * (entity.offset + entity.length)]
    inner = units.decode("utf-16-le")
    assert len(units) == 2 * entity.length
    assert inner.strip()
    assert not inner[-1].isspace()
    assert not (inner.partition("\n")[0] if entity.type in BLOCKS else inner[0]).isspace()


def assert_nested(outer: Entity, inner: Entity) -> None:
    assert outer.offset <= inner.offset
    assert inner.offset + inner.length <= outer.offset + outer.length
    assert outer.type != inner.type
    assert outer.type not in {"pre", "code"}
    assert inner.type not in {"pre", "code"} or "blockquote" in outer.type
    assert not ("blockquote" in outer.type and "blockquote" in inner.type)


def assert_whole(markdown: str, words: list[str]) -> None:
    for pieces in (
        render_markdown(markdown),
        render_answer("claude", "m-1", markdown, note="the end"),
        render_failure("claude", "m-1", "It failed.", markdown),
    ):
        for piece in pieces:
            assert_sendable(piece)
        left = iter(words_in(pieces))
        lost = [each for each in words if each not in left]
        assert lost == []


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.none(), FRAGMENTS), max_size=60))
@example(["\n- ```py\n", None])
@example(["|", "||", None, "\n| a | b |\n|---|---|\n", "||", None, "|", None, "|", None])
@example(["\u0010" * 3, "[", None, None, "\n[a]: http://q.r/s\n"])
@example([None, "\n2) ```](/rel)[\n  - "])
@example(["\n> ````` ", None, "\n\n", None])
def test_no_word_is_lost_and_every_piece_can_be_sent(fragments: list[str | None]) -> None:
    markdown = markdown_of(fragments)
    assert_whole(markdown, WORD.findall(markdown))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.none(), FRAGMENTS), min_size=5, max_size=30), st.integers(50, 120))
def test_nothing_changes_when_it_is_long(fragments: list[str | None], times: int) -> None:
    markdown = markdown_of(fragments * times)
    assert_whole(markdown, WORD.findall(markdown))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.just("words "), FRAGMENTS, st.sampled_from(FORMULAS)), max_size=60).map("".join))
def test_formulas_may_be_broken_too(markdown: str) -> None:
    for piece in render_answer("claude", "m-1", markdown):
        assert_sendable(piece)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters()), st.text(st.characters()), st.text(st.characters()))
def test_any_text_can_be_rendered(name: str, markdown: str, note: str) -> None:
    for piece in (*render_answer(f"a{name}", name, markdown, note=note), *render_failure("a", name, note, markdown)):
        assert_sendable(piece)


def test_a_word_longer_than_a_message_is_cut_between_characters() -> None:
    word = "".join(chr(0x4E00 + nth % 5000) for nth in range(10_000))
    pieces = render_markdown(word)
    assert "".join(each.text for each in pieces) == word
    assert len(pieces) == 3


def test_a_megabyte_without_a_line_break_comes_out_plain() -> None:
    markdown = "**b** " * 170_000
    pieces = render_markdown(markdown)
    assert " ".join(each.text for each in pieces) == markdown.strip()
    assert not any(each.entities for each in pieces)
