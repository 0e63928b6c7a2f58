"""What a person sees of each Markdown construct: the text with its entities written as ⟨kind|text⟩."""

import pytest

from moai.bot.render import Piece, render_markdown


def seen(piece: Piece) -> str:
    """Write a piece's entities into its text; extras such as an address stand behind the kind."""
    units = piece.text.encode("utf-16-le")
    marks: list[tuple[int, int, str]] = []
    for depth, each in enumerate(piece.entities):
        kind = " ".join(filter(None, (each.type, each.url, each.language)))
        marks.append((each.offset, depth, f"⟨{kind}|"))
        marks.append((each.offset + each.length, -depth - 1, "⟩"))
    at, parts = 0, []
    for offset, _, mark in sorted(marks):
        parts += (units[2 * at : 2 * offset].decode("utf-16-le"), mark)
        at = offset
    return "".join((*parts, units[2 * at :].decode("utf-16-le")))


def lines(*each: str) -> str:
    return "\n".join(each)


CONSTRUCTS = {
    "headings": ("# One\n\ntext\n\n###### Six", "⟨bold|One⟩\n\ntext\n\n⟨bold|Six⟩"),
    "small heading in a list": ("- ##### a\n- b", "• ⟨bold|a⟩\n• b"),
    "heading with code": ("## Use `map` now", "⟨bold|Use⟩ ⟨code|map⟩ ⟨bold|now⟩"),
    "emphasis": ("**b** *i* ~~s~~ ***both***", "⟨bold|b⟩ ⟨italic|i⟩ ⟨strikethrough|s⟩ ⟨italic|⟨bold|both⟩⟩"),
    "emphasis in emphasis": ("**a *b* c**", "⟨bold|a ⟨italic|b⟩ c⟩"),
    "code in bold": ("**run `ls` now**", "⟨bold|run⟩ ⟨code|ls⟩ ⟨bold|now⟩"),
    "emoji before bold": ("😀👩‍👩‍👧 **b**", "😀👩‍👩‍👧 ⟨bold|b⟩"),
    "right to left": ("שלום **עולם**", "שלום ⟨bold|עולם⟩"),
    "names with underscores": ("snake_case_name and __init__.py", "snake_case_name and __init__.py"),
    "bullets": ("* one\n* two", "• one\n• two"),
    "nested lists": (
        lines("- a", "  - b", "    1. c", "    2. d", "- e"),
        lines("• a", "  • b", "    1. c", "    2. d", "• e"),
    ),
    "numbers that restart": ("1. a\n2. b\n\ntext\n\n1. c", "1. a\n2. b\n\ntext\n\n1. c"),
    "numbers that go on": ("4. four\n5. five", "4. four\n5. five"),
    "tasks": ("- [ ] to do\n- [x] done", "☐ to do\n✅ done"),
    "quotation": ("> said **she**\n> twice\n\nthen", "⟨blockquote|said ⟨bold|she⟩\ntwice⟩\n\nthen"),
    "quotation in a quotation": ("> a\n>> b", "⟨blockquote|a\nb⟩"),
    "code in a quotation": ("> so:\n> ```py\n> a = 1\n> ```", "⟨blockquote|so:\n⟨pre py|a = 1⟩⟩"),
    "code block": ("```python\nif x:\n    y()\n```\nend", "⟨pre python|if x:\n    y()⟩\nend"),
    "code block without a language": ("```\n  x\n```", "⟨pre|x⟩"),
    "fence that is never closed": ("so:\n\n```js\nlet a\n\nb", "so:\n\n⟨pre js|let a\n\nb⟩"),
    "fence with more than a language": ('```py title="a.py"\nx\n```', '⟨pre py|py title="a.py"\nx⟩'),
    "fence of tildes": ("~~~ sh -e\nx\n~~~", "⟨pre sh|sh -e\nx⟩"),
    "fence with an escape behind its language": ("```py a\\(b &amp;\nx\n```", "⟨pre py|py a\\(b &amp;\nx⟩"),
    "fence that its list leaves": ("- ```py\n\nx = 1", "• ⟨pre py|py⟩\n\nx = 1"),
    "fence that an inner list leaves": ("1. ```py\n  - x", "1. ⟨pre py|py⟩\n• x"),
    "fence without code in a quotation in a list": ("1. > ```a b", "1. ⟨blockquote|⟨pre a|a b⟩⟩"),
    "fence without code": ("```hello\n```\nend", "⟨pre hello|hello⟩\nend"),
    "fence shown in code": ("````md\n```py a b\nx\n```\n````", "⟨pre md|```py a b\nx\n```⟩"),
    "tabs in code": ("```go\n\tx\n```", "⟨pre go|x⟩"),
    "table": (
        lines("| name | n |", "|---|--:|", "| one | 1 |", "| `two` | 22 |"),
        lines("⟨pre|name | n ", "-----+---", "one  | 1 ", "two  | 22⟩"),
    ),
    "table with empty cells and bars in code": (
        lines("|a|b|c|", "|-|-|-|", "|`x || y`||z|"),
        lines("⟨pre|a      | b | c", "-------+---+--", "x || y |   | z⟩"),
    ),
    "table row with too many cells": (
        lines("|a|b|", "|-|-|", "|x|y|z|"),
        lines("⟨pre|a | b  ", "--+----", "x | y|z⟩"),
    ),
    "table with a formula and a link": (
        lines("|a|b|", "|-|-|", "|$x^2$|[docs](https://d.io)|"),
        lines("⟨pre|a     | b   ", "------+-----", "$x^2$ | docs⟩", "", "⟨text_link https://d.io|docs⟩"),
    ),
    "table in a list": (
        lines("1. a", "", "   |x|y|", "   |-|-|", "   |[d](https://d.io)|2|", "", "2. b"),
        lines("1. a", "⟨pre|x | y", "--+--", "d | 2⟩", "", "⟨text_link https://d.io|d⟩", "2. b"),
    ),
    "bars above a list": ("|a| = \\(b^2\\)\n- c", "|a| = ⟨code|b^2⟩\n• c"),
    "table shown in code": (
        "```\n|a|b|\n|-|-|\n|[l](http://x.y)|b||c|\n```",
        "⟨pre||a|b|\n|-|-|\n|[l](http://x.y)|b||c|⟩",
    ),
    "links": (
        "[a](https://x.y/?a=b<c) <https://auto.link> [m](mailto:a@b.c)",
        "⟨text_link https://x.y/?a=b<c|a⟩ ⟨text_link https://auto.link|https://auto.link⟩ ⟨text_link mailto:a@b.c|m⟩",
    ),
    "links that Telegram would not open": (
        "[a](javascript:x) [b](/docs) [c](#top)",
        "a (javascript:x) b (/docs) c (#top)",
    ),
    "link that is code": ("[`map`](https://x.y)", "⟨text_link https://x.y|map⟩"),
    "link without a text": ("[](https://x.y)", "⟨text_link https://x.y|link⟩"),
    "image": ("![a cat](https://x.y/c.png)", "🖼 ⟨text_link https://x.y/c.png|a cat⟩"),
    "reference": (
        "see [docs][1]\n\n[1]: https://x.y",
        "see ⟨text_link https://x.y|docs⟩\n\n[1]: https://x.y",
    ),
    "footnote": ("so[^1]\n\n[^1]: because", "so[^1]\n\n[^1]: because"),
    "HTML": ("List<int>, <b>b</b><br>\n\n<div>\nx\n</div>", "List<int>, <b>b</b><br>\n\n<div>\nx\n</div>"),
    "HTML in code": (
        "`List<int>` and\n\n```\n<b>\n\\<\n```",
        "⟨code|List<int>⟩ and\n\n⟨pre|<b>\n\\<⟩",
    ),
    "escaped less-than": (r"\<b>", "<b>"),
    "character references": ("&lt;b&gt; &amp; &#1;x", "<b> & x"),
    "two bars twice": ("a || b\nc || d, ||x||", "a || b\nc || d, ||x||"),
    "bars in code": ("`a || b || c`", "⟨code|a || b || c⟩"),
    "inline formula": (r"so \(\frac{a}{b}\) and $\alpha+1$", "so ⟨code|a/b⟩ and ⟨code|α+1⟩"),
    "displayed formula": ("so\n\n\\[\n\\alpha = 1\n\\]\n\nend", "so\n\n⟨pre|α = 1⟩\n\nend"),
    "formula shown in code": ("```latex\n\\[ \\frac{a}{b} \\]\n```", "⟨pre latex|\\[ \\frac{a}{b} \\]⟩"),
    "escaped brackets": (r"\[1\] is a source, \(or so\)", "[1] is a source, (or so)"),
    "formula before a price": (r"\(\pi r^2\) or $5", "⟨code|π r²⟩ or $5"),
    "root of a root": (r"$\sqrt{1+\sqrt{x}}$", "⟨code|√1̅+̅√̅x̅̅̅⟩"),
    "formula cut off": (r"$\frac{abc$", r"$\frac{abc$"),
    "prices": ("$5 to $10, or ~5 or ~6", "$5 to $10, or ~5 or ~6"),
    "rule": ("a\n\n---\n\nb", "a\n\n————————\n\nb"),
    "line breaks": ("a\r\nb\\\nc", "a\nb\nc"),
    "control characters": ("a\x00b\x1b[0m\u202ec", "ab[0mc"),
    "surrogates": ("\ud83d\ude00 \ud83d", "😀 \ufffd"),
    "noncharacters": ("a\ufdd0b\ufdd4", "a\ufffdb\ufffd"),
    "unfinished emphasis": ("**bold and `code", "**bold and `code"),
}


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_a_person_sees(name: str) -> None:
    markdown, expected = CONSTRUCTS[name]
    assert [seen(each) for each in render_markdown(markdown)] == [expected]


def test_code_keeps_its_indentation_behind_text() -> None:
    assert [seen(each) for each in render_markdown("so:\n```go\n\tx\n\t\ty\n```")] == ["so:\n⟨pre go|    x\n        y⟩"]


@pytest.mark.parametrize("nothing", ["", " \n\t", "\u200b\u200d", "\x00", "```\n```", "&nbsp;"])
def test_what_cannot_be_read_makes_no_piece(nothing: str) -> None:
    assert render_markdown(nothing) == ()


def test_deep_markers_stay_in_bounds() -> None:
    (piece,) = render_markdown("- " * 500 + "x")
    assert piece.text.endswith("x")
    assert len(piece.text) < 2_000
