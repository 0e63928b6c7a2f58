"""The chats and the people in them, who ask one question after the other; hears no answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from moai.simulator.chats import Group, PrivateChat
from moai.simulator.model import Message
from moai.simulator.telegram import Simulator
from tests.torture.dice import dice
from tests.torture.evidence import Asked
from tests.torture.questions import Kind, Question, draw

PAIR_RATE = 0.2
"""How often two are asked at once, where the first is one for which nobody has to wait."""


class Person:
    """Somebody with a chat of their own, private or a group, who asks until it is time to go home."""

    def __init__(self, sim: Simulator, seed: int, number: int, longest_pause_s: float) -> None:
        self.number = number
        self.asked: list[Asked] = []
        self._chance = dice(seed, "person", number)
        self._longest_pause_s = longest_pause_s
        self._user = sim.user(f"Person {number}")
        makers: tuple[Callable[[], PrivateChat | Group], ...] = (
            lambda: sim.private_chat(self._user),
            lambda: sim.group(f"Group {number}", self._user),
            lambda: sim.private_chat(self._user),
            lambda: sim.supergroup(f"Supergroup {number}", self._user),
        )
        self.chat = makers[number % len(makers)]()

    async def asks(self, is_over: Callable[[tuple[int, int]], bool], home: asyncio.Event) -> None:
        """Ask, wait for the end of what came of it, and ask again."""
        while not await self._rests(home):
            question = draw(self._chance, self.number, len(self.asked))
            self._ask(question)
            if question.kind is Kind.OPEN and self._chance.random() < PAIR_RATE:
                self._ask(replace(question, number=len(self.asked)))
            if question.stop_after_s is not None:
                await asyncio.sleep(question.stop_after_s)
                self._say("/stop")
            while not all(is_over((each.chat_id, each.message_id)) for each in self.asked):
                await asyncio.sleep(0.05)

    async def _rests(self, home: asyncio.Event) -> bool:
        """Wait for a while; return whether it is time to go home."""
        try:
            async with asyncio.timeout(self._chance.uniform(0, self._longest_pause_s)):
                await home.wait()
        except TimeoutError:
            return False
        return True

    def _ask(self, question: Question) -> None:
        message = self._say(question.text)
        self.asked.append(Asked(question, message.chat_id, message.message_id, question.stop_after_s is not None))

    def _say(self, text: str) -> Message:
        return self.chat.says(text) if isinstance(self.chat, PrivateChat) else self.chat.says(self._user, text)
