"""Offline voices that stream at a human pace, so that the bot can be tried without a key; owns no model."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from zlib import crc32

from moai.core.model import Completion, Participant, Prompt, Role, Timing, Usage
from moai.core.ports import OnText
from moai.errors import UnknownModel, VendorReply
from moai.providers.demo_voices import VOICES, Voice
from moai.providers.text import mend

_QUOTE_LENGTH = 120
_HEARD = re.compile(r'<said by="([^"\n]+)">')
_WORDS = re.compile(r"\S+\s*|\s+")


class DemoAIClient:
    """An AIClient that speaks prepared words; `tempo` 1 is human, 2 takes twice as long, 0 never waits."""

    def __init__(self, participant: Participant, *, tempo: float = 1.0, voices: Mapping[str, Voice] = VOICES) -> None:
        self._participant = participant
        self._tempo = tempo
        self._voices = voices

    @property
    def participant(self) -> Participant:
        """Who this is at the table."""
        return self._participant

    async def complete(self, prompt: Prompt) -> Completion:
        """Return the whole answer; raise UnknownModel."""
        return await self.stream(prompt, lambda _text: None)

    async def stream(self, prompt: Prompt, on_text: OnText) -> Completion:
        """Return the whole answer, handing its words to `on_text` as they come; raise UnknownModel."""
        clock = asyncio.get_running_loop().time
        started_at = clock()
        voice = self._voice()
        text = compose(voice, prompt)
        await asyncio.sleep(voice.thinks_s * self._tempo)
        first_token_s = clock() - started_at
        words = _WORDS.findall(text)
        await self._speak(words, voice.speaks_s / len(words), on_text)
        return Completion(
            text=text,
            model=self._participant.model,
            usage=Usage(sum(len(turn.text.split()) for turn in prompt.turns), len(words)),
            timing=Timing(first_token_s, clock() - started_at),
        )

    async def _speak(self, words: list[str], pause_s: float, on_text: Callable[[str], None]) -> None:
        for word in words:
            on_text(word)
            await asyncio.sleep(pause_s * self._tempo)

    def _voice(self) -> Voice:
        model = self._participant.model
        if model in self._voices:
            return self._voices[model]
        names = ", ".join(self._voices)
        reply = VendorReply(self._participant.provider, model)
        raise UnknownModel(f"There is no demo voice called {model}; the voices are {names}.", reply=reply)


def compose(voice: Voice, prompt: Prompt) -> str:
    """Return what the voice says to the prompt: always the same to the same prompt.

    The one place that decides which of a voice's words fit an occasion.
    """
    question = _quoted(prompt)
    opinion = voice.opinions[crc32(question.encode()) % len(voice.opinions)].format(question=question)
    return "\n\n".join((*_asides(prompt, question), opinion))


def _asides(prompt: Prompt, question: str) -> Iterator[str]:
    """Yield what the voice has noticed beside the question: what came before it, who spoke, and pictures."""
    if len(prompt.turns) > 1:
        yield f"I have read what was said before; the newest question is “{question}”."
    heard = _HEARD.search("\n".join(turn.text for turn in prompt.turns))
    if heard:
        yield f"I have seen what {mend(heard[1])} said."
    names = [" ".join(mend(image.name).split()) for turn in prompt.turns for image in turn.images]
    if names:
        yield f"I was handed {', '.join(names)}, though a demo voice has no eyes."


def _quoted(prompt: Prompt) -> str:
    """Return the last question on one line, short enough to quote."""
    asked = next((turn.text for turn in reversed(prompt.turns) if turn.role is Role.USER), "")
    line = " ".join(mend(asked).split()) or "nothing at all"
    if len(line) <= _QUOTE_LENGTH:
        return line
    return line[:_QUOTE_LENGTH].rsplit(" ", 1)[0].rstrip(",;:.") + " …"
