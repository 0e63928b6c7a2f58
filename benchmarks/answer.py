"""What every model answers in a benchmark: Markdown as people get it, in chunks whose first and last are known."""

from __future__ import annotations

from functools import cache

END = "∎"
"""The last sign of every answer: where it stands in a chat, the answer stands there whole."""

_BODY = """ it, the sky is **blue** because air scatters short waves more than long ones.

1. *Sunlight* holds every colour, and air is made of molecules far smaller than a wave of any of them.
2. Scattering by such small things grows with the **fourth power** of the frequency: `I ~ 1 / wavelength ** 4`.
3. Blue at 450 nm is scattered about **4.4 times** as much as red at 650 nm, so it comes from everywhere.

```python
def scattered(wavelength_nm: float) -> float:
    return (650 / wavelength_nm) ** 4
```

Violet is scattered more still, but there is less of it in sunlight, the upper air keeps some of it, and our eyes are \
not very good at it. At sunset the way through the air is long, most of the blue is gone, and what is left is *red*. \
See [Rayleigh scattering](https://en.wikipedia.org/wiki/Rayleigh_scattering) for where the law comes from.

- On the **Moon** there is no air, and the sky is black by day.
- On **Mars** there is dust, and the sky is the colour of *butterscotch*.

"""


def opening_of(model: str) -> str:
    """Return the words that a model's answer begins with, and no other's."""
    return f"As {model} sees"


@cache
def parts_of(model: str, chunks: int) -> tuple[str, ...]:
    """Return a model's answer in as many parts of about the same length."""
    text = f"{opening_of(model)}{_BODY}{END}"
    size = -(-len(text) // chunks)
    return tuple(text[start : start + size] for start in range(0, len(text), size))
