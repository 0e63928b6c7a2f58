"""What the vendors do with a request: mostly answer, in words that tell which request they are the answer to."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from moai.simulator.vendors import VendorRequest
from moai.simulator.vendors_scripts import CutsOff, Fails, Hangs, HangsUp, Overloads, Says, Step
from tests.support.house import TEAM, House
from tests.torture.dice import dice
from tests.torture.questions import Kind, token_in

SIGN = re.compile(r"\ba(\d+)z(\d+)\b")
"""What every line of an answer begins with: the number of its request, and of the line."""

LINES_OF_A_LONG_ONE = 110
"""Lines that make an answer of several messages."""
FAULT_RATE = 0.12


class Voices:
    """The team's vendors; they fail while it is stormy."""

    def __init__(self, house: House, seed: int, on_asked: Callable[[], None]) -> None:
        self.is_stormy = True
        self._seed = seed
        self._on_asked = on_asked
        for spec in TEAM:
            house.vendors.script(spec.model, self._reply)

    def _reply(self, request: VendorRequest) -> Step:
        self._on_asked()
        token = token_in("\n".join(request.texts))
        chance = dice(self._seed, "voice", token, request.model, request.number)
        if self.is_stormy and chance.random() < FAULT_RATE:
            return _fault(chance, _line(request, 0, token))
        lines = LINES_OF_A_LONG_ONE if chance.random() < 0.04 else chance.randint(1, 4)
        text = "\n\n".join(_line(request, number, token) for number in range(lines))
        if token.endswith(Kind.DISCUSS):
            text += f"\n\nSTANCE: {chance.choice(('disagree', 'undecided'))} — my own view"
        pause_s = chance.uniform(0, 0.15)
        return Says(text, chunks=chance.randint(1, 5), first_after_s=pause_s, every_s=pause_s / 4)


def _line(request: VendorRequest, number: int, token: str) -> str:
    return f"a{request.number}z{number} answers {token} with words that take some room in the chat."


def _fault(chance: Random, words: str) -> Step:
    after = chance.choice(("", words))
    faults: tuple[Step, ...] = (
        Fails(500),
        Fails(503),
        Fails(429, headers={"Retry-After": "0"}),
        HangsUp(),
        CutsOff(after),
        CutsOff(after, cleanly=True),
        Overloads(after),
        Hangs(after),
    )
    return chance.choice(faults)
