"""The figures drawn as bars against their marks, as SVG; knows no figure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from benchmarks.reading import TOO_FAR, Reading

WIDTH, ROW, TOP = 1000, 34, 64
BARS, MARK = 560, 160
"""Where the bars begin, and how many pixels from there the mark is."""
LONGEST = MARK * 2.5
ROOM_FOR_VALUE = 60
KEPT, MISSED, FAR = "#2e7d5b", "#c98a1b", "#b3402e"

_STYLE = (
    "text{font:14px system-ui,'DejaVu Sans',sans-serif;fill:#222}.small{font-size:12px;fill:#666}.title{font-size:18px}"
)

_HALO = ' style="paint-order:stroke;stroke:#fff;stroke-width:4px"'


def picture_of(readings: Sequence[Reading], caption: str) -> str:
    """Return a picture of the figures that have marks; a bar that ends before the line keeps its own."""
    marked = [each for each in readings if each.mark is not None]
    height = TOP + ROW * len(marked) + 24
    line = BARS + MARK
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            f"<style>{_STYLE}</style>",
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
            _text(16, 28, "What MoAI takes, against what was promised", "title"),
            _text(16, 48, caption, "small"),
            _text(line + 6, 48, "the mark", "small"),
            f'<path d="M{line} {TOP - 24}V{height - 16}" stroke="#222" stroke-dasharray="4 3"/>',
            *(_row(each, TOP + ROW * number) for number, each in enumerate(marked)),
            "</svg>\n",
        )
    )


def _row(reading: Reading, top: int) -> str:
    strain = reading.strain or 0.0
    length = min(strain * MARK, LONGEST)
    colour = KEPT if reading.is_kept else FAR if strain > TOO_FAR else MISSED
    value = f"{reading.value:.3g} {reading.unit}"
    # Beside the bar where there is room, in it where there is none.
    is_inside = length > LONGEST - ROOM_FOR_VALUE
    at, fill = (BARS + 8, ' style="fill:#fff"') if is_inside else (BARS + length + 6, _HALO)
    return "".join(
        (
            _text(16, top + 14, reading.name, ""),
            _text(16, top + 28, reading.promise, "small"),
            f'<rect x="{BARS}" y="{top + 4}" width="{max(length, 1):.1f}" height="22" rx="2" fill="{colour}"/>',
            f'<text x="{at:.1f}" y="{top + 20}"{fill}>{escape(value)}</text>',
        )
    )


def _text(x: float, y: float, words: str, role: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" class="{role}">{escape(words)}</text>'
