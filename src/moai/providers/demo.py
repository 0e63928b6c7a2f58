"""Offline voices that stream at a human pace, so that the bot can be tried without a key; owns no model."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from zlib import crc32

from moai.core.model import Completion, Participant, Timing, Usage
from moai.core.ports import OnText
from moai.core.prompts import Prompt
from moai.errors import UnknownModel, VendorReply
from moai.providers.demo_closing import consensus, ranking
from moai.providers.demo_debate import Debate
from moai.providers.demo_scenes import Occasion, Scene
from moai.providers.demo_voices import VOICES, Voice
from moai.providers.text import mend

_WORDS_OF_AN_ANSWER = 70
_SOMEBODYS = "another answer"
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
        text = compose(voice, prompt, self._participant.alias)
        await asyncio.sleep(voice.thinks_s * self._tempo)
        first_token_s = clock() - started_at
        words = _WORDS.findall(text)
        await self._speak(words, voice.speaks_s / max(len(words), _WORDS_OF_AN_ANSWER), on_text)
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


def compose(voice: Voice, prompt: Prompt, alias: str = "") -> str:
    """Return what the voice, who is `alias` at the table, says to the prompt: always the same to the same prompt.

    The one place that decides which of a voice's words fit an occasion.
    """
    scene = Scene(prompt)
    match scene.occasion:
        case Occasion.CONSENSUS:
            return consensus(scene, alias)
        case Occasion.RANKING:
            return ranking(scene, likes_short=voice.likes_short)
        case Occasion.DEBATE:
            return _turn(voice.debate, scene)
    question = scene.question
    opinion = voice.opinions[crc32(question.encode()) % len(voice.opinions)].format(question=question)
    return "\n\n".join((*_asides(prompt, scene), opinion))


def _turn(debate: Debate, scene: Scene) -> str:
    """Return the voice's next turn, with its stance as the last line."""
    speech = debate.opening
    if scene.heard:
        speech = (*debate.rounds, debate.later)[min(scene.turns_taken, len(debate.rounds))]
    other = scene.heard[-1] if scene.heard else ""
    moved = f" (moved by {other})" if speech.is_moved else ""
    # A label means nothing to anybody but the voice that was shown it.
    words = speech.text.format(question=scene.question, other=_SOMEBODYS if other.isupper() else other)
    if words.startswith(_SOMEBODYS):
        words = words[0].upper() + words[1:]
    return f"{words}\n\nSTANCE: {speech.side} — {speech.position}{moved}"


def _asides(prompt: Prompt, scene: Scene) -> Iterator[str]:
    """Yield what the voice has noticed beside the question: what came before it, who spoke, and pictures."""
    if len(prompt.turns) > 1:
        yield f"I have read what was said before; the newest question is “{scene.question}”."
    if scene.seen:
        yield f"I have seen what {_listed(scene.seen)} said."
    names = [" ".join(mend(image.name).split()) for turn in prompt.turns for image in turn.images]
    if names:
        yield f"I was handed {', '.join(names)}, though a demo voice has no eyes."


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
