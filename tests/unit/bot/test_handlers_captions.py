"""Files with captions are questions and their commands are orders; what is passed on is nobody's order."""

from __future__ import annotations

import pytest

from moai.bot.gathering import PART_UNITS
from moai.bot.texts import WHAT_ABOUT_IT
from moai.core.model import Attachment
from moai.simulator.files import NewDocument, NewPhoto
from moai.simulator.telegram import Simulator
from tests.support.desk import Staff, open_desk

JPEG = b"\xff\xd8\xff" + bytes(range(200))
NOTES = NewDocument("notes.txt", b"Rayleigh, then Mie.", "text/plain")


def attached(staff: Staff) -> tuple[Attachment, ...]:
    """Return what was attached to the newest question."""
    return staff.runs[-1].question.attachments


@pytest.mark.parametrize(
    ("caption", "aliases", "question"),
    [
        ("/open What is this?", ("claude", "gpt"), "What is this?"),
        ("/OPEN@moai_bot What is this?", ("claude", "gpt"), "What is this?"),
        ("/ask gpt What is this?", ("gpt",), "What is this?"),
        ("/gpt What is this?", ("gpt",), "What is this?"),
        ("@gpt What is this?", ("gpt",), "What is this?"),
        ("What is this, @gpt?", ("gpt",), "What is this, @gpt?"),
        ("@all What is this?", ("claude", "gpt"), "What is this?"),
    ],
)
@pytest.mark.parametrize("is_private", [True, False], ids=["private", "group"])
async def test_a_caption_asks_as_a_text_does(
    caption: str, aliases: tuple[str, ...], question: str, is_private: bool
) -> None:
    async with Simulator(privacy=False) as sim, open_desk(sim) as staff:
        ann = sim.user("Ann")
        chat, group = sim.private_chat(ann), sim.group("Kitchen", ann)
        sent = chat.sends(NewPhoto(JPEG), caption) if is_private else group.sends(ann, NewPhoto(JPEG), caption)

        await staff.until(lambda: all(staff.asked(alias) for alias in aliases))

        (run,) = staff.runs
        assert tuple(each.alias for each in run.participants) == aliases
        assert run.question.text == question
        assert attached(staff) == (Attachment(f"photo-{sent.message_id}.jpg", "image/jpeg", data=JPEG),)


async def test_a_caption_without_an_address_asks_all_in_private_and_nobody_in_a_group() -> None:
    async with Simulator(privacy=False) as sim, open_desk(sim) as staff:
        ann = sim.user("Ann")
        chat, group = sim.private_chat(ann), sim.group("Kitchen", ann)
        group.sends(ann, NOTES, "What is this?")
        group.sends(ann, NOTES)
        chat.sends(NOTES, "What is this?")

        await chat.shows("gpt · ")
        await sim.heard()

        (run,) = staff.runs
        assert run.place.chat_id == chat.id
        assert attached(staff) == (Attachment("notes.txt", "text/plain", text="Rayleigh, then Mie."),)
        assert group.bot_messages == ()


@pytest.mark.parametrize("caption", ["", "/open", "@claude"])
async def test_a_file_without_a_question_is_asked_about(caption: str) -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.sends(NOTES, caption)

        await chat.shows(WHAT_ABOUT_IT)

        assert staff.runs == ()


async def test_a_question_in_reply_to_a_file_is_about_that_file() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        ann, bo = sim.user("Ann"), sim.user("Bo")
        group = sim.group("Kitchen", ann, bo)
        sent = group.sends(bo, NOTES, "my notes")
        group.says(ann, "/claude What are they about?", reply_to=sent)

        await group.shows("claude · ")

        assert attached(staff) == (Attachment("notes.txt", "text/plain", text="Rayleigh, then Mie."),)
        quote = staff.runs[-1].question.quote
        assert quote is not None
        assert (quote.author, quote.text) == ("Bo", "my notes")


@pytest.mark.parametrize("caption", ["/weather Rome", "/weather@other_bot Rome", "/open@other_bot Why?"])
async def test_a_command_in_a_caption_that_is_another_bots_is_not_answered_in_a_group(caption: str) -> None:
    async with Simulator(privacy=False) as sim, open_desk(sim) as staff:
        ann = sim.user("Ann")
        group = sim.group("Kitchen", ann)
        group.sends(ann, NOTES, caption)
        group.says(ann, "/help")

        answer = await group.shows("/status")

        assert group.bot_messages == (answer,)
        assert staff.runs == ()


async def test_an_unknown_command_in_a_caption_is_told_in_private() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.sends(NOTES, "/opne What is this?")

        await chat.shows("I do not know /opne. Did you mean /open?")

        assert staff.runs == ()


@pytest.mark.parametrize(
    "text", ["/open Why?", "/claude Why?", "/weather", "@claude Why?", "@claud Why?", "@all Why?", "Why?"]
)
async def test_what_is_forwarded_is_nobodys_order_in_a_group(text: str) -> None:
    async with Simulator(privacy=False) as sim, open_desk(sim) as staff:
        ann = sim.user("Ann")
        group = sim.group("Kitchen", ann)
        group.forwards(ann, text, of="Somebody")
        group.says(ann, "/help")

        answer = await group.shows("/status")

        assert group.bot_messages == (answer,)
        assert staff.runs == ()


@pytest.mark.parametrize("text", ["/help", "/claude Why?", "@claude Why?", "@durov wrote: why?", "Why?"])
async def test_what_is_forwarded_in_private_is_put_to_the_team_as_it_is(text: str) -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.forwards(text, of="Somebody")

        await chat.shows("claude · ")
        await chat.shows("gpt · ")

        (run,) = staff.runs
        assert (run.question.text, len(run.participants)) == (text, 2)


async def test_a_forwarded_file_with_a_command_is_no_order_either() -> None:
    async with Simulator(privacy=False) as sim, open_desk(sim) as staff:
        ann, bo = sim.user("Ann"), sim.user("Bo")
        group, elsewhere = sim.group("Kitchen", ann), sim.group("Garden", bo, with_bot=False)
        group.forwards(ann, elsewhere.sends(bo, NOTES, "/claude What is this?"))
        group.says(ann, "/help")

        answer = await group.shows("/status")

        assert group.bot_messages == (answer,)
        assert staff.runs == ()


async def test_the_parts_of_a_paste_are_one_question() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.pastes("word " * (2 * PART_UNITS))

        await chat.shows("Your question has 19,999 characters and at most 200 fit.")
        await sim.heard()

        assert len(chat.bot_messages) == 1, "one question, one refusal"
        assert staff.runs == ()


async def test_an_album_is_one_question_whichever_picture_has_the_caption() -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        ann = sim.user("Ann")
        chat = sim.private_chat(ann)
        author, place = {"id": ann.id, "is_bot": False, "first_name": "Ann"}, {"id": chat.id, "type": "private"}
        album = chat.sends_album([JPEG + bytes([number]) for number in range(3)])
        await chat.shows(WHAT_ABOUT_IT)
        for number, sent in enumerate(album):
            assert sent.file
            size = {"file_id": sent.file.file_id, "file_unique_id": f"u{number}", "width": 9, "height": 9}
            caption = {"caption": "What have they in common?"} if number == 1 else {}
            message = {"message_id": 90 + number, "date": 1, "chat": place, "from": author, "photo": [size], **caption}
            sim.push_update(message={**message, "media_group_id": "7"})

        await chat.shows("gpt · ")

        (run,) = staff.runs
        assert run.question.text == "What have they in common?"
        assert [each.name for each in attached(staff)] == ["photo-90.jpg", "photo-91.jpg", "photo-92.jpg"]
        assert [each.data for each in attached(staff)] == [JPEG + bytes([number]) for number in range(3)]
