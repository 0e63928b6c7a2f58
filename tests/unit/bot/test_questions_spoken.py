"""Voice messages as questions: written down where there is somebody who can, and told where there is not."""

from __future__ import annotations

import pytest

from moai.bot.texts import NO_TRANSCRIPTION
from moai.errors import Overloaded
from moai.simulator.files import NewAudio, NewVoice
from moai.simulator.telegram import Simulator
from tests.support.desk import MAX_QUESTION_CHARS, open_desk

VOICE = NewVoice(b"OggS why")


class Stenographer:
    """A Transcriber that says what it is told, and remembers what it heard."""

    def __init__(self, words: str | Exception = " Why is the sky blue?\n") -> None:
        self.heard: list[tuple[str, str, bytes]] = []
        self._words = words

    async def transcribe(self, name: str, media_type: str, audio: bytes) -> str:
        self.heard.append((name, media_type, audio))
        if isinstance(self._words, Exception):
            raise self._words
        return self._words


async def test_what_is_said_is_shown_and_put_to_the_team() -> None:
    stenographer = Stenographer()
    async with Simulator() as sim, open_desk(sim, transcriber=stenographer) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        sent = chat.sends(VOICE)

        await chat.shows("🎙 “Why is the sky blue?”")
        await chat.shows("gpt · ")

        (run,) = staff.runs
        assert (run.question.text, run.question.attachments) == ("Why is the sky blue?", ())
        assert run.question.message_id == sent.message_id
        assert stenographer.heard == [(f"voice-{sent.message_id}.ogg", "audio/ogg", b"OggS why")]


async def test_a_sound_file_is_heard_too_and_a_caption_stands_before_it() -> None:
    async with Simulator() as sim, open_desk(sim, transcriber=Stenographer()) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.sends(NewAudio("memo.mp3", b"ID3"), "@gpt Please answer this:")

        await chat.shows("gpt · ")

        (run,) = staff.runs
        assert run.question.text == "Please answer this:\n\nWhy is the sky blue?"
        assert [each.alias for each in run.participants] == ["gpt"]


async def test_a_question_may_be_about_a_voice_message() -> None:
    async with Simulator() as sim, open_desk(sim, transcriber=Stenographer("It is green.")) as staff:
        ann, bo = sim.user("Ann"), sim.user("Bo")
        group = sim.group("Kitchen", ann, bo)
        group.says(ann, "/claude Is that right?", reply_to=group.sends(bo, VOICE))

        await group.shows("claude · ")

        assert staff.runs[0].question.text == "Is that right?\n\nIt is green."


async def test_a_voice_message_in_a_group_is_for_the_people_there() -> None:
    stenographer = Stenographer()
    async with Simulator(privacy=False) as sim, open_desk(sim, transcriber=stenographer) as staff:
        ann = sim.user("Ann")
        group = sim.group("Kitchen", ann)
        group.sends(ann, VOICE)
        group.says(ann, "/help")

        await group.shows("/status")

        assert stenographer.heard == []
        assert staff.runs == ()


@pytest.mark.parametrize("caption", ["", "What do I say?", "/claude What do I say?"])
async def test_without_a_transcriber_it_is_told_what_to_do(caption: str) -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.sends(VOICE, caption)

        await chat.shows(NO_TRANSCRIPTION)

        assert staff.runs == ()
        assert sim.calls_of("getFile") == ()


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("", "What is the question?"),
        ("x" * (MAX_QUESTION_CHARS + 1), "has 201 characters and at most 200 fit"),
        (Overloaded(), "The vendor is overloaded"),
        (ZeroDivisionError("a bug"), "Something went wrong inside MoAI"),
    ],
    ids=["silence", "a speech", "overloaded", "a bug"],
)
async def test_what_cannot_be_used_is_told_and_nobody_asked(words: str | Exception, answer: str) -> None:
    async with Simulator() as sim, open_desk(sim, transcriber=Stenographer(words)) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.sends(VOICE)

        await chat.shows(answer)
        chat.says("/help")
        await chat.shows("/status")

        assert staff.runs == ()
        assert await staff.stores.inbox.unfinished() == ()


async def test_names_that_a_recording_begins_with_are_no_part_of_the_question() -> None:
    async with Simulator() as sim, open_desk(sim, transcriber=Stenographer("@claude why is the sky blue?")) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.sends(VOICE)

        await chat.shows("claude · ")

        assert staff.runs[0].question.text == "why is the sky blue?"
