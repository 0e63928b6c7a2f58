"""How much of a discussion a model is shown: an estimate of tokens, and which turns fit; pure."""

from __future__ import annotations

from collections.abc import Sequence

from moai.core.prompts import Role, Turn

ASCII_PER_TOKEN = 3.5
OTHERS_PER_TOKEN = 1.2
"""Characters of English or code, and of other scripts, to a token: on the cautious side of vendors' tokenizers."""
TURN_TOKENS = 4
IMAGE_TOKENS = 1_600
"""What a picture costs at the most where vendors tell (docs.anthropic.com, "Vision")."""
PICTURES_BYTES = 12 * 1024 * 1024
"""All pictures of one request: written in base64 they have to fit a vendor's limit of 20 MB."""
ROOM = 0.75
"""The share of a budget that is kept when something has to go, so that the beginning moves seldom, in large steps."""


def estimate(text: str) -> int:
    """Return about how many tokens a text has, without any vendor's tokenizer."""
    ascii_only = len(text.encode("ascii", "ignore"))
    return int(ascii_only / ASCII_PER_TOKEN + (len(text) - ascii_only) / OTHERS_PER_TOKEN)


def size_of(turn: Turn) -> int:
    """Return about how many tokens a turn has."""
    return TURN_TOKENS + estimate(turn.text) + IMAGE_TOKENS * len(turn.images)


def left_out(turns: Sequence[Turn], tokens: int) -> int:
    """Return how many of the oldest turns do not fit; never the last, and what stays begins with a user's turn.

    The answer for some turns is found by going through them as they were said. So it is the same for the same
    beginning however the discussion goes on, and what is shown only grows at its end (vendors cache by prefix)
    until a step is due.
    """
    sizes = [size_of(turn) for turn in turns]
    start, held = 0, 0
    for index, size in enumerate(sizes):
        held += size
        if held <= tokens:
            continue
        while start < index and held > tokens * ROOM:
            held -= sizes[start]
            start += 1
    if start:
        # Vendors want a user's turn first.
        while start < len(turns) - 1 and turns[start].role is not Role.USER:
            start += 1
    return start


def unpictured(turns: Sequence[Turn]) -> int:
    """Return before which turn pictures are only named, since all of them together would be too large.

    The newest turn keeps its own. Found by going through the turns as they were said, as for `left_out`.
    """
    sizes = [sum(len(image.data) for image in turn.images) for turn in turns]
    start, held = 0, 0
    for index, size in enumerate(sizes):
        held += size
        while start < index and held > PICTURES_BYTES:
            held -= sizes[start]
            start += 1
    return start


def with_pictures_named(turn: Turn) -> Turn:
    """Return a turn with a line in the place of each of its pictures."""
    if not turn.images:
        return turn
    names = "\n".join(f"[picture {image.name}: shown before, and left out here]" for image in turn.images)
    return Turn(turn.role, "\n\n".join(each for each in (names, turn.text) if each))
