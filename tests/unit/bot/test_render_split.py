"""Where long answers are cut, and that formatting goes on behind the cut."""

import pytest

from moai.bot.render import MAX_ENTITIES, MAX_UNITS, Piece, render_answer, render_markdown, utf16_length
from moai.bot.rendering.segments import HARD_LIMIT, SOFT_LIMIT, segments

SENTENCE = "Ten words make a sentence that is of some length. "


def covered(piece: Piece, kind: str) -> list[str]:
    units = piece.text.encode("utf-16-le")
    return [
        units[2 * each.offset : 2 * (each.offset + each.length)].decode("utf-16-le")
        for each in piece.entities
        if each.type == kind
    ]


def test_cuts_fall_between_paragraphs() -> None:
    paragraph = SENTENCE * 20
    first, second = render_markdown("\n\n".join([paragraph.strip()] * 6))
    assert first.text == "\n\n".join([paragraph.strip()] * 4)
    assert second.text == "\n\n".join([paragraph.strip()] * 2)


def test_else_between_lines() -> None:
    pieces = render_markdown("".join(f"- {number} {SENTENCE}\n" for number in range(200)))
    assert all(line.startswith("• ") for each in pieces for line in each.text.split("\n"))


def test_else_between_sentences() -> None:
    first, second = render_markdown(SENTENCE * 120)
    assert first.text.endswith("length.")
    assert second.text.startswith("Ten words")


def test_else_between_words() -> None:
    pieces = render_markdown("word " * 2000)
    assert {word for each in pieces for word in each.text.split(" ")} == {"word"}


def test_else_between_signs() -> None:
    family = "👩‍👩‍👧"
    pieces = render_markdown("x" + family * 1200)
    assert [each.text for each in pieces] == ["x" + family * 511, family * 512, family * 177]


def test_a_heading_goes_with_what_it_heads() -> None:
    filler = "\n\n".join([(SENTENCE * 20).strip()] * 4)
    _, second = render_markdown(f"{filler}\n\n## Heading\n\n{SENTENCE * 20}")
    assert covered(second, "bold") == ["Heading"]
    assert second.text.startswith("Heading\n")


def test_a_block_of_code_stays_whole_where_it_fits() -> None:
    code = "x = 1\n\n" * 300
    first, second = render_markdown(f"{SENTENCE * 40}\n\n```py\n{code}```\n\nend")
    assert covered(first, "pre") == []
    assert covered(second, "pre") == [code.strip()]


def test_the_blank_lines_of_code_are_no_paragraphs() -> None:
    code = "x = 1\n\n" * 300
    first, second = render_markdown(f"```py\n{code}```\n{SENTENCE * 60}")
    assert covered(first, "pre") == [first.text] == [code.strip()]
    assert covered(second, "pre") == []


def test_long_code_goes_on_as_code_of_its_language_and_keeps_its_indentation() -> None:
    code = "".join(f"def f{number}():\n    return {number}\n" for number in range(400))
    pieces = render_answer("a", "m", f"```python\n{code}```")
    assert len(pieces) > 2
    assert "\n".join(covered(each, "pre")[0] for each in pieces) == code.rstrip("\n")
    assert {each.language for piece in pieces for each in piece.entities if each.type == "pre"} == {"python"}


@pytest.mark.parametrize(
    ("markdown", "kind", "url"),
    [
        (f"**{SENTENCE * 120}end**", "bold", None),
        (f"[{SENTENCE * 120}end](https://x.y)", "text_link", "https://x.y"),
        (f"> {SENTENCE * 120}end", "blockquote", None),
        (f"`{SENTENCE * 120}end`", "code", None),
    ],
)
def test_what_spans_a_cut_goes_on_behind_it(markdown: str, kind: str, url: str | None) -> None:
    pieces = render_markdown(markdown)
    assert len(pieces) == 2
    for piece in pieces:
        (entity,) = piece.entities
        assert (entity.type, entity.url) == (kind, url)
        assert (entity.offset, entity.length) == (0, utf16_length(piece.text))


def test_no_piece_has_more_entities_than_telegram_keeps() -> None:
    pieces = render_answer("a", "m", " ".join(f"**b{number}**" for number in range(450)))
    assert max(len(each.entities) for each in pieces) <= MAX_ENTITIES
    bold = [each for piece in pieces for each in covered(piece, "bold") if each.startswith("b")]
    assert bold == [f"b{number}" for number in range(450)]


def test_pieces_are_full_to_the_last_unit_and_no_further() -> None:
    pieces = render_answer("a", "m", "x" * 20_000)
    assert [utf16_length(each.text) for each in pieces[:-1]] == [
        MAX_UNITS,
        *([utf16_length(pieces[1].text)] * (len(pieces) - 2)),
    ]
    assert MAX_UNITS - 16 < utf16_length(pieces[1].text) <= MAX_UNITS
    assert sum(each.text.count("x") for each in pieces) == 20_000


def test_short_markdown_is_converted_at_once() -> None:
    assert [each.markdown for each in segments("x\n\ny")] == ["x\n\ny"]


def test_long_markdown_is_converted_in_stretches_between_paragraphs() -> None:
    markdown = "- a\n\n  b\n\nc\n\n" * (SOFT_LIMIT // 4)
    stretches = list(segments(markdown))
    assert "".join(each.markdown for each in stretches) == markdown
    assert {each.markdown[0] for each in stretches} <= {"-", "c"}
    assert max(len(each.markdown) for each in stretches) < SOFT_LIMIT + 20


@pytest.mark.parametrize("fence", ["```py", "~~~~ py", "````"])
def test_a_fence_goes_on_in_the_next_stretch(fence: str) -> None:
    code = "```py\nx = 1\n\ny = 2\n" if fence != "```py" else "x = 1\n\ny = 2\n"
    stretches = list(segments(f"{fence}\n{code * (HARD_LIMIT // 10)}"))
    assert len(stretches) > 1
    assert all(each.markdown.startswith(f"{fence}\n") for each in stretches)


def test_stretches_show_no_seam() -> None:
    markdown = "".join(f"Paragraph **{number}** is `one` of many.\n\n" for number in range(1000))
    text = "\n\n".join(each.text for each in render_markdown(markdown))
    assert text == markdown.replace("*", "").replace("`", "").strip()
