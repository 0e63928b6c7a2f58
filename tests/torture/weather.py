"""What goes wrong at Telegram, at random: errors, lost connections, silence, refusals, before or after a call."""

from __future__ import annotations

import asyncio
from random import Random

from moai.simulator.faults import BadGateway, Drop, Fault, Refuse, ServerError, Slow
from moai.simulator.telegram import Simulator

METHODS = ("sendMessage", "editMessageText", "sendMessageDraft", "getUpdates")
WEIGHTS = (7, 3, 1, 1)
MOST_DUE = 3
"""Faults that wait for their calls at the most."""


class Weather:
    """Lets a call go wrong every now and then, `per_s` times a second."""

    def __init__(self, sim: Simulator, chance: Random, per_s: float) -> None:
        self._sim = sim
        self._chance = chance
        self._per_s = per_s

    async def rages(self) -> None:
        """Do so until cancelled; then nothing goes wrong any more."""
        try:
            while True:
                await asyncio.sleep(self._chance.expovariate(self._per_s))
                method = self._chance.choices(METHODS, WEIGHTS)[0]
                fault = _fault(self._chance, method)
                if self._sim.faults.due < MOST_DUE:
                    self._sim.faults.next(method, fault)
        finally:
            self._sim.faults.clear()


def _fault(chance: Random, method: str) -> Fault:
    after = chance.random() < 0.4
    refused = Refuse(429, "Too Many Requests: retry after 1", 1)
    slow = Slow(chance.uniform(0.1, 2), after)
    if method == "getUpdates":
        return chance.choice((Drop(after), ServerError(after=after), BadGateway(after)))
    return chance.choice(
        (Drop(after), ServerError(after=after), BadGateway(after), ServerError(504), slow, slow, refused)
    )
