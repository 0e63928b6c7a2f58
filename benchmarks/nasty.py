"""Markdown that is hard to render, as much of it as is wanted; renders nothing."""

from __future__ import annotations

_MIXED = """## {n}. Everything at once, **bold *and italic* and `code`**

A paragraph with a [link](https://example.org/a_(b)?q={n}&r=*x*), ~~struck~~ words, __more__ of ***them***, snake_case,
2 * 3 * 4 = 24, List<int> and <b>HTML</b>, a || b || c, $x^2 + \\frac{{1}}{{{n}}}$, "quotes", a 👩‍👩‍👧‍👦 family, 日本語
and a very_long_name_with_many_underscores_in_it.

1. one
   - nested *one* with `code {n}`
     > quoted **in a list**
2. two [broken](link and *unclosed **marks

| name | value | more |
|:-----|------:|------|
| `a|b` | {n} | **bold** |
| wide 漢字 | 2 | <i>x</i> |

```python
def f_{n}(x: int) -> str:
    return f"*{{x}}* | `{{x!r}}`"  # **not bold**
```

> a quotation
>> inside another, with `code`

- [x] done
- [ ] to do ![picture](https://example.org/{n}.png)

---

"""

SHAPES = {
    "stars": "*a **b ",
    "brackets": "[a](b [",
    "ticks": "`a ``b ",
    "underscores": "_a __b_ ",
    "lines of stars": "*a **b\n",
    "lines of brackets": "[a](b [\n",
    "lines of ticks": "`a ``b\n",
    "lines of underscores": "_a __b_\n",
    "quotations": "> a\n>> b\n\n",
    "tables": "| a | b |\n|---|---|\n| *c* | `d` |\n\n",
    "lists": "- a\n  1. b\n     - [ ] c\n",
    "markers": "> - > - > - > - > - > - > - > - > - a\n",
    "fences": "```py a\nb\n```\n",
    "formulas": "$x^2$ \\(\\frac{a}{b}\\) \\[c\n",
    "prices": "$5 ~6 \\~~7~\n",
    "headings": "# a **b** `c`\n",
    "links": "[a](https://b.c) ![d](e)\n",
}
"""Pieces of which a text is made that parsers are slow at, each by itself."""


def nasty(characters: int) -> str:
    """Return so many characters of Markdown with everything in it."""
    block = len(_MIXED)
    return "".join(_MIXED.format(n=number) for number in range(characters // block + 2))[:characters]


def monotonous(piece: str, characters: int) -> str:
    """Return so many characters of one piece over and over."""
    return (piece * (characters // len(piece) + 1))[:characters]
