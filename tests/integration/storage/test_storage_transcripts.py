"""What was said in a discussion, read back from a real file."""

from __future__ import annotations

from dataclasses import replace

from storage_world import ANN, GROUP, ONE_ROUND, TEAM, Stores, question

from moai.core.commands import AskModels, StartDiscussion
from moai.core.model import Attachment, Person, Remark

PICTURES = tuple(Attachment(f"{number}.png", "image/png", data=bytes([number])) for number in range(12))


async def test_a_transcript_holds_the_run_and_the_whole_discussion(stores: Stores) -> None:
    first = await stores.open(message_id=31)
    said_first = await stores.say(first.first_round, "first")
    second = await stores.ask(message_id=32)
    late = await stores.say(first.first_round, "late", seat=1)
    said_second = await stores.say(second.first_round, "second", seat=1)
    await stores.open()

    transcript = await stores.discussions.transcript(second.run.id)

    assert transcript.entries == (first.question, said_first, second.question, late, said_second)
    assert (transcript.run, transcript.rounds, transcript.answers) == (
        second.run,
        (second.first_round,),
        (said_second,),
    )
    assert (await stores.discussions.transcript(first.run.id)).entries == transcript.entries
    assert (await stores.discussions.transcript(first.run.id)).answers == (said_first, late)


async def test_what_was_attached_comes_back_in_its_order(stores: Stores) -> None:
    project = await stores.projects.current(GROUP)
    asked = replace(question(31), attachments=PICTURES)
    first = await stores.discussions.open_run(StartDiscussion(GROUP, asked, "open"), project, TEAM, ONE_ROUND)
    again = replace(question(32), attachments=PICTURES[3:5])
    second = await stores.discussions.open_run(AskModels(GROUP, again, None), project, TEAM, ONE_ROUND)

    transcript = await stores.discussions.transcript(second.run.id)

    assert transcript.entries == (first.question, second.question)
    assert transcript.run.question.attachments == PICTURES[3:5]
    latest = await stores.discussions.latest(GROUP, project.id)
    assert latest == replace(second.run, question=question(32))


async def test_what_people_say_in_mid_run_stands_between_the_answers(stores: Stores) -> None:
    opened = await stores.open(message_id=31)
    before = await stores.say(opened.first_round)
    remark = await stores.discussions.add_remark(opened.run.id, Remark("Hm.", Person(None, "Bob"), 32))
    after = await stores.say(opened.first_round, seat=1)

    transcript = await stores.discussions.transcript(opened.run.id)

    assert transcript.entries == (opened.question, before, remark, after)
    assert transcript.run.question.author == ANN
