"""How long a model's first words take from the vendor into a live draft, or into its answer where that is sooner."""

from __future__ import annotations

import statistics

from benchmarks.answer import opening_of
from benchmarks.reading import Reading
from benchmarks.scale import Scale
from benchmarks.stand import QUESTION, TEAM, Stand, open_stand

FIRST_AFTER_S = 0.4
EVERY_S = 0.04
APART_S = 0.15
"""Seconds between the first words of one model and of the next; they do not begin together in life either."""


async def first_words(scale: Scale) -> list[Reading]:
    """Ask the team in one private chat after the other, and see when each model's first words are shown."""
    async with open_stand() as stand:
        chats = list(range(1, scale.questions + 2))
        await stand.settle_in(chats)
        delays = {model.name: number * APART_S for number, model in enumerate(TEAM)}
        await stand.vendors.ask("pace", chunks=20, first_after_s=FIRST_AFTER_S, every_s=EVERY_S, delays=delays)
        waits = [await _waits_ms(stand, chat) for chat in chats][1:]
    firsts = [each[0] for each in waits]
    every = [wait for each in waits for wait in each]
    return [
        Reading("first words of a team: from the vendor to the draft, median", statistics.median(firsts), "ms", 120),
        Reading("first words of a team: from the vendor to the draft, worst", max(firsts), "ms"),
        Reading("first words of each of its three: from there to there, median", statistics.median(every), "ms", 120),
        Reading("first words of each of its three: from there to there, worst", max(every), "ms"),
    ]


async def _waits_ms(stand: Stand, chat: int) -> list[float]:
    asked = await stand.chats.say([chat], QUESTION)
    shown = {}
    for model in TEAM:
        ((shown[model.name], *_),) = await stand.chats.words([chat], asked, opening_of(model.name))
    await stand.chats.answers([chat], len(TEAM), asked)
    began = {model: first_at for model, _, first_at, _ in await stand.vendors.ask("answered", since=asked)}
    return [(shown[model.name] - began[model.name]) * 1000 for model in TEAM]
