"""Groups: what reaches the bot, how it introduces itself, who may use it, and chats that move or end."""

from __future__ import annotations

from moai.simulator.faults import Slow
from moai.simulator.vendors_scripts import Hangs, Says
from tests.support.house import CLAUDE, GPT, TEAM, House

QUESTION = "Why is the sky blue?"
RIGHTS = (
    *("can_change_info", "can_invite_users", "can_pin_messages", "can_send_messages", "can_send_polls"),
    *("can_send_other_messages", "can_add_web_page_previews", "can_manage_topics", "can_send_audios"),
    *("can_send_documents", "can_send_photos", "can_send_videos", "can_send_video_notes", "can_send_voice_notes"),
    *("can_edit_tag", "can_react_to_messages"),
)


async def test_with_privacy_on_commands_and_replies_work_and_mentions_never_arrive(house: House) -> None:
    alice = house.sim.user("Alice")
    group = house.sim.group("Physics", alice)
    group.says(alice, f"@claude {QUESTION}")
    group.says(alice, f"/claude {QUESTION}")
    answer = await group.shows("claude · claude-test")
    group.says(alice, "And at dusk?", reply_to=answer)
    await group.until(lambda group: len(group.bot_messages) == 2)
    assert house.asked(CLAUDE) == len(house.vendors.requests) == 2


async def test_with_privacy_off_mentions_work(house: House) -> None:
    alice = house.sim.user("Alice")
    group = house.sim.supergroup("Physics", alice, privacy=False)
    question = group.says(alice, f"What do you think, @claude? {QUESTION}")
    answer = await group.shows("claude · claude-test")
    assert answer.reply_to_id == question.message_id
    assert len(house.vendors.requests) == 1
    assert "Alice: What do you think, @claude?" in house.vendors.requests[0].texts[-1]


async def test_a_group_is_told_once_what_works_there(house: House) -> None:
    alice = house.sim.user("Alice")
    group = house.sim.group("Physics", alice, with_bot=False)
    group.add_bot()
    hello = await group.shows("Hello!")
    assert all(words in hello.text for words in ("/open", "/claude", "Reply to an answer", "/setprivacy"))
    group.says(alice, "/status")
    status = await group.shows("Project ·")
    assert "/setprivacy" in status.text
    assert len(group.bot_messages) == 2


async def test_a_stranger_who_adds_the_bot_hears_nothing(house: House) -> None:
    await house.stop()
    house.configure(allowed_users=frozenset({1}))
    await house.start()
    group = house.sim.group("Strangers", house.sim.user("Mallory"), with_bot=False)
    group.add_bot()
    await house.sim.heard()
    assert not group.bot_messages


async def test_anonymous_admins_and_channels_have_what_their_group_is_allowed(house: House) -> None:
    alice = house.sim.user("Alice")
    allowed, other = house.sim.supergroup("Allowed", alice), house.sim.supergroup("Other", alice)
    channel = house.sim.channel("News", alice)
    await house.stop()
    house.configure(allowed_users=frozenset(), allowed_chats=frozenset({allowed.id}))
    await house.start()
    for author in (None, channel):
        other.says(author, f"/claude {QUESTION}")
        allowed.says(author, f"/claude {QUESTION}")
    await allowed.until(lambda group: len(group.bot_messages) == 2)
    texts = [each.texts[-1] for each in house.vendors.requests]
    assert [text.partition(":")[0] for text in texts] == ["Allowed", "News"]
    assert not other.bot_messages


async def test_a_group_that_becomes_a_supergroup_keeps_everything(house: House) -> None:
    alice = house.sim.user("Alice")
    group = house.sim.group("Physics", alice)
    await house.stop()
    house.configure(allowed_users=frozenset(), allowed_chats=frozenset({group.id}))
    await house.start()
    group.says(alice, "/project new Optics")
    await group.shows("Optics")
    house.vendors.script(CLAUDE.model, Says("Rayleigh."))
    group.says(alice, f"/claude {QUESTION}")
    await group.shows("Rayleigh.")
    await house.runs_are_over()
    supergroup = group.turns_into_supergroup()
    await house.sim.heard()
    supergroup.says(alice, "/claude And at dusk?")
    await supergroup.shows("claude · ")
    assert "Rayleigh." in str(house.vendors.requests[-1].body)
    await house.restart()
    supergroup.says(alice, "/status")
    assert "Optics" in (await supergroup.shows("Project ·")).text


async def test_a_run_goes_on_in_the_supergroup(house: House) -> None:
    house.vendors.script(CLAUDE.model, Hangs(), Says("Rayleigh."))
    alice = house.sim.user("Alice")
    group = house.sim.group("Physics", alice)
    group.says(alice, f"/claude {QUESTION}")
    await house.vendors.wait_for(lambda each: each.model == CLAUDE.model)
    supergroup = group.turns_into_supergroup()
    await supergroup.shows("Rayleigh.")
    assert not group.bot_messages


async def test_being_removed_stops_the_runs_quietly_and_keeps_the_history(house: House) -> None:
    house.vendors.script(CLAUDE.model, Hangs())
    alice = house.sim.user("Alice")
    group = house.sim.group("Physics", alice)
    group.says(alice, f"/open {QUESTION}")
    await group.shows("gpt · ")
    asked = await house.vendors.wait_for(lambda each: each.model == CLAUDE.model)
    group.remove_bot()
    await house.runs_are_over()
    await house.sim.until(lambda: house.vendors.requests[asked.number].disconnected)
    calls = len(house.sim.calls_of("sendMessage"))
    group.add_bot()
    await group.shows("Hello!")
    assert len(house.sim.calls_of("sendMessage")) == calls + 1
    assert house.rows("select count(*) as held from messages where alias = 'gpt'") == [{"held": 1}]
    group.says(alice, "/gpt go on")
    await house.vendors.wait_for(lambda each: each.model == GPT.model and "go on" in str(each.body))
    assert QUESTION in str(house.vendors.requests[-1].body)


async def test_being_blocked_stops_the_runs_of_that_chat_only(house: House) -> None:
    house.vendors.script(CLAUDE.model, Hangs())
    chats = [house.sim.private_chat(house.sim.user(name)) for name in ("Alice", "Bob")]
    for chat in chats:
        chat.says(f"@claude {QUESTION}")
    await house.sim.until(lambda: house.asked(CLAUDE) == len(chats))
    chats[0].block()

    def standing() -> dict[int, str]:
        return {row["chat_id"]: row["status"] for row in house.rows("select chat_id, status from runs")}

    await house.sim.until(lambda: standing()[chats[0].id] == "stopped")
    assert standing()[chats[1].id] == "running"


async def test_forwarded_commands_are_nobodys_orders(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.forwards("/project delete General", of=house.sim.user("Mallory"))
    chat.says(f"@gpt {QUESTION}")
    await chat.shows("gpt · ")
    assert not any("Delete" in message.text for message in chat.bot_messages)


async def test_mentioning_the_bot_itself_asks_the_team(house: House) -> None:
    alice = house.sim.user("Alice")
    group = house.sim.supergroup("Physics", alice, privacy=False)
    group.says(alice, f"@moai_bot {QUESTION}")
    await group.shows("gemini · ")
    await house.runs_are_over()
    assert [each.texts[-1] for each in house.vendors.requests] == [f"Alice: {QUESTION}"] * len(TEAM)


async def test_two_bots_never_talk_to_each_other(house: House) -> None:
    alice = house.sim.user("Alice")
    group = house.sim.supergroup("Physics", alice, privacy=False)
    robot = {"id": 777, "is_bot": True, "first_name": "Robot"}
    said = {"message_id": 99, "date": 1, "chat": {"id": group.id, "type": "supergroup"}, "from": robot}
    house.sim.push_update(message={**said, "text": f"@claude {QUESTION}"})
    await house.sim.heard()
    group.says(alice, "/help")
    await group.shows("/open")
    assert not house.vendors.requests


async def test_a_question_whose_file_takes_long_follows_its_group(house: House) -> None:
    alice = house.sim.user("Alice")
    group = house.sim.group("Physics", alice)
    house.sim.faults.next("getFile", Slow(0.5))
    group.sends_document(alice, "notes.txt", b"Rayleigh.", "/claude Summarise.", mime_type="text/plain")
    supergroup = group.turns_into_supergroup()
    await supergroup.shows("claude · ")
    await house.runs_are_over()
    assert house.rows("select chat_id, name from projects") == [{"chat_id": supergroup.id, "name": "General"}]
    assert [row["chat_id"] for row in house.rows("select chat_id from runs")] == [supergroup.id]


async def test_a_bot_that_is_restricted_and_removed_stops_its_runs(house: House) -> None:
    house.vendors.script(CLAUDE.model, Hangs())
    alice = house.sim.user("Alice")
    group = house.sim.supergroup("Physics", alice)
    group.says(alice, f"/claude {QUESTION}")
    await house.vendors.wait_for(lambda each: each.model == CLAUDE.model)
    bot = {"id": house.sim.bot.id, "is_bot": True, "first_name": "MoAI"}
    rights = dict.fromkeys(RIGHTS, False) | {"until_date": 0}
    before, after = ({"status": "restricted", "user": bot, "is_member": each, **rights} for each in (True, False))
    chat, person = {"id": group.id, "type": "supergroup"}, {"id": alice.id, "is_bot": False, "first_name": "Alice"}
    change = {"chat": chat, "from": person, "date": 1, "old_chat_member": before, "new_chat_member": after}
    house.sim.push_update(my_chat_member=change)
    await house.runs_are_over()
    assert house.rows("select status from runs") == [{"status": "stopped"}]
