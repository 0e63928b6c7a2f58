"""The demo's voices: offline, each its own, and honest about it."""

from __future__ import annotations

import asyncio

import pytest

from moai.core.model import Participant
from moai.core.prompts import Image, Prompt, Role, Turn
from moai.errors import UnknownModel
from moai.providers.demo import DemoAIClient, compose
from moai.providers.demo_voices import VOICES


def asking(question: str) -> Prompt:
    return Prompt("system", (Turn(Role.USER, question),))


def client(voice: str, tempo: float = 0) -> DemoAIClient:
    return DemoAIClient(Participant("it", "demo", voice), tempo=tempo)


@pytest.mark.parametrize("voice", VOICES)
async def test_each_voice_speaks_in_words(voice: str) -> None:
    heard: list[str] = []

    completion = await client(voice).stream(asking("Shall we move?"), heard.append)

    assert completion.text == "".join(heard)
    assert len(heard) > 50
    assert completion.model == client(voice).participant.model == voice
    assert completion.usage.input_tokens == 3
    assert 0 <= (completion.timing.first_token_s or 0) <= completion.timing.total_s


async def test_voices_differ_and_repeat_themselves() -> None:
    answers = [await client(voice).complete(asking("Shall we move?")) for voice in VOICES]
    again = [await client(voice).complete(asking("Shall we move?")) for voice in VOICES]

    texts = [answer.text for answer in answers]
    assert len(VOICES) >= 3
    assert len({*texts}) == len(VOICES)
    assert texts == [answer.text for answer in again]


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("opinion", [0, 1])
def test_every_answer_quotes_and_says_what_it_is(voice: str, opinion: int) -> None:
    text = VOICES[voice].opinions[opinion].format(question="Shall we {move}?")

    assert "“Shall we {move}?”" in text
    assert voice in text
    assert "demo" in text
    assert "no real model" in text or "the model is not" in text or "without a real model" in text
    assert "**" in text
    assert "\n- " in text or "\n1. " in text


@pytest.mark.parametrize("voice", VOICES.values(), ids=list(VOICES))
def test_every_answer_takes_a_human_time(voice: object) -> None:
    assert 3 <= voice.thinks_s + voice.speaks_s <= 6  # type: ignore[attr-defined]


def test_both_answers_of_a_voice_are_given() -> None:
    told = {compose(VOICES["optimist"], asking(f"Question {number}")).split("\n")[2] for number in range(20)}

    assert len(told) == 2


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("a\n  b", "“a b”"),
        ("word " * 100, "word …”"),
        ("x" * 500, "x …”"),
        ("{0} {question} \ud83d", "“{0} {question} \ufffd”"),
        ("", "“nothing at all”"),
    ],
)
def test_any_question_can_be_quoted(question: str, quoted: str) -> None:
    text = compose(VOICES["skeptic"], asking(question))

    assert quoted in text
    assert len(text) < 1000


def test_a_prompt_without_turns() -> None:
    assert "nothing at all" in compose(VOICES["engineer"], Prompt("", ()))


async def test_an_unknown_voice_names_the_known_ones() -> None:
    with pytest.raises(UnknownModel, match="called bard; the voices are optimist, skeptic, engineer"):
        await client("bard").complete(asking("Hello?"))


async def test_speaking_can_be_stopped() -> None:
    spoke = asyncio.Event()

    async with asyncio.TaskGroup() as group:
        speaking = group.create_task(client("optimist", tempo=0.001).stream(asking("Hello?"), lambda _: spoke.set()))
        await spoke.wait()
        speaking.cancel()

    assert speaking.cancelled()


# --- what a voice notices ---

PICTURES = (Image("sky.jpg", "image/jpeg", b"s"), Image("map\n.png", "image/png", b"m"))


def test_pictures_are_named() -> None:
    text = compose(VOICES["optimist"], Prompt("", (Turn(Role.USER, "Look at these.", PICTURES),)))

    assert "sky.jpg, map .png" in text
    assert "no eyes" in text
    assert "“Look at these.”" in text


def test_the_newest_question_is_told_where_others_came_before() -> None:
    turns = (Turn(Role.USER, "Why?"), Turn(Role.ASSISTANT, "So."), Turn(Role.USER, "And then?"))

    text = compose(VOICES["skeptic"], Prompt("", turns))

    assert "the newest question is “And then?”" in text
    assert "Why?" not in text
    assert "newest" not in compose(VOICES["skeptic"], asking("And then?"))


ADA = '<said by="ada">\nYes.\n</said>'


def test_another_speaker_is_mentioned() -> None:
    turns = (Turn(Role.USER, '<said by="ben">\nNo.\n</said>'), Turn(Role.USER, "Is ben right?"))

    text = compose(VOICES["engineer"], Prompt("", turns))

    assert "what ben said" in text
    assert "what ada and ben said" in compose(VOICES["engineer"], Prompt("", (Turn(Role.USER, ADA), *turns)))
    assert text.endswith(compose(VOICES["engineer"], asking("Is ben right?")))
