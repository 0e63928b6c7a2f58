"""One /open, from the words in a private chat through three wire formats and back."""

from __future__ import annotations

from moai.simulator.vendors_scripts import CutsOff, Fails, Hangs, Says
from tests.support.house import CLAUDE, GEMINI, GPT, TEAM, House

QUESTION = "Why is the sky blue?"


async def test_every_model_answers_whole_and_formatted(house: House) -> None:
    for spec in TEAM:
        house.vendors.script(spec.model, Says(f"**{spec.alias}** says:\n\n- one\n- `two`\n", chunks=4))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    for spec in TEAM:
        message = await chat.shows(f"{spec.alias} says:")
        assert message.text.startswith(f"{spec.alias} · {spec.model}\n")
        assert "• one" in message.text
        assert {message.marked(each) for each in message.entities if each.type == "code"} == {"two"}
        assert spec.alias in {message.marked(each) for each in message.entities if each.type == "bold"}
    assert len(chat.bot_messages) == len(TEAM)


async def test_a_model_is_told_the_topic_and_the_others(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    asked = await house.vendors.wait_for(lambda request: request.model == CLAUDE.model)
    assert "Topic: General" in str(asked.body["system"])
    assert "Other participants: gpt, gemini" in str(asked.body["system"])
    assert QUESTION in str(asked.body["messages"])


async def test_rows_hold_all_of_it(house: House) -> None:
    house.vendors.script(GPT.model, Fails(402))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    asked = chat.says(f"/open {QUESTION}")
    await house.sim.until(lambda: len(chat.bot_messages) == len(TEAM))
    await house.runs_are_over()
    await house.stop()
    (discussion,), (run,) = house.rows("select * from discussions"), house.rows("select * from runs")
    assert (discussion["chat_id"], run["discussion_id"]) == (chat.id, discussion["id"])
    assert (run["mode"], run["status"], run["question_message_id"]) == ("open", "done", asked.message_id)
    assert house.rows("select text from messages where kind = 'question'") == [{"text": QUESTION}]
    assert [each["status"] for each in house.rows("select * from rounds")] == ["done"]
    rows = {row["alias"]: row for row in house.rows("select * from messages where kind = 'answer'")}
    assert rows["claude"]["text"] == rows["gemini"]["text"] == QUESTION
    assert rows["claude"]["input_tokens"] > 0
    assert rows["claude"]["output_tokens"] > 0
    assert 0 < rows["claude"]["first_token_s"] <= rows["claude"]["total_s"]
    assert (rows["gpt"]["failure_code"], rows["gpt"]["text"]) == ("OutOfCredit", "")
    delivered = {row["telegram_message_id"] for row in house.rows("select * from deliveries")}
    assert delivered == {message.message_id for message in chat.bot_messages}


async def test_a_failing_and_a_hanging_model_delay_nobody(house: House) -> None:
    house.vendors.script(CLAUDE.model, Fails(500))
    house.vendors.script(GPT.model, Hangs())
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    assert (await chat.shows("claude · ")).text.endswith("⚠️ Anthropic has a fault of its own. Try again in a moment.")
    assert QUESTION in (await chat.shows("gemini · ")).text
    await chat.until(lambda chat: "thinking" in (chat.draft or ""))
    assert "gpt" in (chat.draft or "")
    assert len(chat.bot_messages) == 2


async def test_an_answer_that_breaks_off_is_kept_and_marked(house: House) -> None:
    house.vendors.script(GEMINI.model, CutsOff(after="Because of Ray"))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    message = await chat.shows("gemini · ")
    assert "⚠️" in message.text
    assert "Because of Ray" in message.text


async def test_an_answer_cut_at_the_models_limit_says_so(house: House) -> None:
    house.vendors.script(GEMINI.model, Says("Because of Ray", truncated=True))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    assert "limit of length" in (await chat.shows("gemini · ")).text


async def test_a_private_chat_sees_the_team_growing_in_one_draft(house: House) -> None:
    house.vendors.script(CLAUDE.model, Hangs(after="Rayleigh"))
    house.vendors.script(GPT.model, Hangs(after="Scattering"))
    house.vendors.script(GEMINI.model, Hangs())
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    await chat.until(lambda chat: all(word in (chat.draft or "") for word in ("Rayleigh", "Scattering", "thinking")))
    assert not chat.bot_messages


async def test_plain_text_in_a_private_chat_is_a_question(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(QUESTION)
    for spec in TEAM:
        assert QUESTION in (await chat.shows(f"{spec.alias} · ")).text


async def test_an_edited_question_is_not_asked_again(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    question = chat.says(f"/open {QUESTION}")
    await house.sim.until(lambda: len(chat.bot_messages) == len(TEAM))
    chat.edits(question, "/open Why is the sea blue?")
    await house.sim.heard()
    await house.runs_are_over()
    assert [house.asked(spec) for spec in TEAM] == [1, 1, 1]


async def test_a_long_answer_comes_in_pieces_and_code_stays_code(house: House) -> None:
    code = "\n".join(f"print({number})" for number in range(900))
    house.vendors.script(CLAUDE.model, Says(f"Here it is:\n\n```python\n{code}\n```\n\nThat is **all**.", chunks=50))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/open Count to 900 in Python.")
    last = await chat.shows("That is all.")
    pieces = [each for each in chat.bot_messages if each.text.startswith("claude")]
    assert len(pieces) > 2
    assert pieces[-1] == last
    assert all(len(each.text.encode("utf-16-le")) // 2 <= 4096 for each in pieces)
    blocks = [each.marked(entity) for each in pieces for entity in each.entities if entity.type == "pre"]
    assert "\n".join(block.strip("\n") for block in blocks) == code
    assert {entity.language for each in pieces for entity in each.entities if entity.type == "pre"} == {"python"}


async def test_secrets_are_in_no_log_at_any_level(house: House) -> None:
    await house.stop()
    house.configure(log_level="DEBUG")
    await house.start()
    house.vendors.script(GPT.model, Fails(401))
    house.vendors.script(CLAUDE.model, Fails(400, message=f"Your key {house.vendors.keys['anthropic']} is odd."))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    await house.sim.until(lambda: len(chat.bot_messages) == len(TEAM))
    await house.stop()
    log = house.log.getvalue()
    assert "DEBUG" in log
    shown = "".join(message.text for message in chat.bot_messages)
    for secret in house.settings.secrets:
        assert secret not in log
        assert secret not in shown
