"""/discuss: who speaks when, who sees what, how stances are told, and when it ends; through the front door."""

from __future__ import annotations

import pytest

from moai.settings import ModelSpec
from moai.simulator.chats import PrivateChat
from moai.simulator.vendors_scripts import Fails, Hangs, Says
from tests.support.house import CLAUDE, GEMINI, GPT, TEAM, House
from tests.support.table import QUESTION, asked_in_order, has_steps, has_turns, shown_to, texts_of, turn

NOTHING_YET = "There is no discussion here yet: begin one with a question behind /open, /discuss or /panel."


def private_chat(house: House) -> PrivateChat:
    return house.sim.private_chat(house.sim.user("Alice"))


async def test_models_speak_in_turn_and_another_one_begins_each_round(house: House) -> None:
    has_turns(house, 3)
    chat = private_chat(house)
    chat.says(f"/discuss {QUESTION}")
    await house.runs_are_over()
    assert asked_in_order(house) == [
        *("claude", "gpt", "gemini"),
        *("gpt", "gemini", "claude"),
        *("gemini", "claude", "gpt"),
    ]
    await chat.shows("That was the last round.")
    assert [texts_of(chat, spec.alias) for spec in TEAM] == [
        [f"{spec.alias}-{number}." for number in (1, 2, 3)] for spec in TEAM
    ]


async def test_each_sees_all_that_was_said_before_it(house: House) -> None:
    has_turns(house, 2)
    private_chat(house).says(f"/discuss 2 {QUESTION}")
    await house.runs_are_over()
    claude, gpt, gemini = (shown_to(house, spec) for spec in TEAM)
    assert QUESTION in claude[0]
    assert "claude-1" not in claude[0]
    assert "<said by=" not in claude[0]
    assert '<said by="claude">\nclaude-1.' in gpt[0]
    assert "gemini-1" not in gpt[0]
    assert gemini[0].index("claude-1.") < gemini[0].index("gpt-1.")
    # The second round: gpt, gemini, claude.
    assert gpt[1].index("gpt-1.") < gpt[1].index("gemini-1.") < gpt[1].index("[Round 2 begins.]")
    assert "claude-2." not in gpt[1]
    assert claude[1].index("gpt-2.") < claude[1].index("gemini-2.")


async def test_stances_reach_the_others_and_never_the_chat(house: House) -> None:
    has_turns(house, 1)
    chat = private_chat(house)
    chat.says(f"/discuss 1 {QUESTION}")
    await house.runs_are_over()
    assert "STANCE: disagree — my own view" in shown_to(house, GPT)[0]
    await chat.shows("That was the last round.")
    assert all("STANCE" not in each.text for each in chat.bot_messages)
    stored = house.rows("select text, stance, position from messages where kind = 'answer' order by id limit 1")
    assert stored == [{"text": "claude-1.", "stance": "disagree", "position": "my own view"}]


async def test_a_stance_never_flashes_up_in_a_draft(house: House) -> None:
    words = "A long and thoughtful answer.\n\n**STANCE: agree"
    has_turns(house, 1)
    has_steps(house, CLAUDE, Says(words, chunks=len(words), every_s=0.02), Hangs())
    has_steps(house, GPT, Hangs(after=words))
    chat = private_chat(house)
    chat.says(f"/discuss 1 {QUESTION}")
    await chat.until(lambda chat: "✍️ gpt" in (chat.draft or "") and "thoughtful answer." in (chat.draft or ""))
    chat.says("/stop")
    await chat.shows("Stopped before its end.")
    await house.runs_are_over()
    drafts = [call.params["text"] for call in house.sim.calls_of("sendMessageDraft")]
    assert not any("STAN" in each or "*" in each for each in (*drafts, *(each.text for each in chat.bot_messages)))


async def test_agreement_ends_the_discussion(house: House) -> None:
    has_steps(house, CLAUDE, turn("Rent.", "disagree"), turn("Buy, then.", "agree", "buy", moved_by="gpt"))
    has_steps(house, GPT, turn("Buy.", "agree", "buy"))
    has_steps(house, GEMINI, turn("Buy too.", "agree", "buy"))
    chat = private_chat(house)
    chat.says(f"/discuss 5 {QUESTION}")
    line = (await chat.shows("Everybody agrees")).text
    await house.runs_are_over()
    assert len(house.vendors.requests) == 6
    assert "claude moved from disagree to agree, because of gpt" in line


async def test_a_round_in_which_nothing_moved_ends_it_with_a_button_to_go_on(house: House) -> None:
    for spec in TEAM:
        has_steps(house, spec, turn("No.", "disagree"))
    chat = private_chat(house)
    chat.says(f"/discuss 5 {QUESTION}")
    notice = await chat.shows("Nobody changed sides")
    await house.runs_are_over()
    assert len(house.vendors.requests) == 6
    await chat.press(notice, "▶️ Go on")
    await house.runs_are_over(count=2)
    assert len(house.vendors.requests) == 9
    assert house.rows("select count(*) as held from discussions") == [{"held": 1}]
    # A fourth speaker would begin, were there one: the rotation goes on as well.
    assert asked_in_order(house)[6:] == ["gemini", "claude", "gpt"]


async def test_a_garbled_stance_counts_as_undecided(house: House) -> None:
    has_steps(house, CLAUDE, "Rent.\n\n**STANCE:** perhaps, who knows")
    has_steps(house, GPT, "Rent.\n\n> Stance - I fully AGREE: renting")
    has_steps(house, GEMINI, "Rent, I said.")
    chat = private_chat(house)
    chat.says(f"/discuss 1 {QUESTION}")
    line = (await chat.shows("That was the last round.")).text
    await house.runs_are_over()
    assert "undecided: claude, gemini" in line.replace(" (“perhaps, who knows”)", "")
    assert all("STANCE" not in each.text.upper() for each in chat.bot_messages if each.text.startswith("claude · "))


async def test_an_open_round_is_the_round_of_drafts(house: House) -> None:
    for spec in TEAM:
        has_steps(house, spec, f"Draft of {spec.alias}.", turn(f"{spec.alias}-1."))
    chat = private_chat(house)
    chat.says(f"/open {QUESTION}")
    await house.runs_are_over()
    chat.says("/discuss 1")
    await house.runs_are_over(count=2)
    first = shown_to(house, CLAUDE)[1]
    assert all(f"Draft of {spec.alias}." in first for spec in TEAM)
    assert len(house.vendors.requests) == 6
    assert house.rows("select count(*) as held from discussions") == [{"held": 1}]


async def test_drafts_are_asked_for_in_words(house: House) -> None:
    for spec in TEAM:
        has_steps(house, spec, f"Draft of {spec.alias}.", turn(f"{spec.alias}-1."))
    private_chat(house).says(f"/discuss 2 drafts {QUESTION}")
    await house.runs_are_over()
    assert [QUESTION in each and "Draft of" not in each for each in (shown_to(house, spec)[0] for spec in TEAM)] == [
        True,
        True,
        True,
    ]
    assert asked_in_order(house)[3:] == ["gpt", "gemini", "claude"]
    assert all(f"Draft of {spec.alias}." in shown_to(house, GPT)[1] for spec in TEAM)


async def test_ten_rounds_by_five_with_one_that_fails_every_other_time_end_cleanly(house: House) -> None:
    five = (*TEAM, ModelSpec("gpt_b", "openai", "gpt-b"), ModelSpec("claude_b", "anthropic", "claude-b"))
    await house.stop()
    house.configure(team=five)
    await house.start()
    has_turns(house, 10, team=five)
    has_steps(house, GPT, *(Fails(500) if number % 2 else Says(turn(f"gpt-{number}.")) for number in range(10)))
    private_chat(house).says(f"/discuss 10 {QUESTION}")
    await house.runs_are_over(timeout_s=30)
    stored = house.rows(
        "select number, alias, failure_code, count(*) as held from messages join rounds on rounds.id = round_id"
        " where messages.kind = 'answer' group by number, alias"
    )
    assert len(stored) == 50
    assert {each["held"] for each in stored} == {1}
    assert [each["alias"] for each in stored if each["failure_code"]] == ["gpt"] * 5
    assert house.rows("select distinct status from rounds") == [{"status": "done"}]


async def test_a_model_in_the_middle_of_its_turn_is_asked_again_after_a_crash(house: House) -> None:
    has_turns(house, 2)
    has_steps(house, GPT, turn("gpt-1."), Says(turn("Never heard."), chunks=9, every_s=30), turn("gpt-2."))
    chat = private_chat(house)
    chat.says(f"/discuss 2 {QUESTION}")
    await chat.until(lambda chat: len(house.vendors.requests) == 4)
    await house.restart()
    await chat.shows("gpt-2.")
    await chat.shows("That was the last round.")
    await house.runs_are_over()
    assert asked_in_order(house) == ["claude", "gpt", "gemini", "gpt", "gpt", "gemini", "claude"]
    assert [len(texts_of(chat, spec.alias)) for spec in TEAM] == [2, 2, 2]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/discuss", NOTHING_YET),
        ("/panel 2", NOTHING_YET),
        ("/consensus", NOTHING_YET),
        ("/next", NOTHING_YET),
        ("/discuss 11 Why?", "between 1 and 10 rounds"),
        ("/discuss 0 Why?", "between 1 and 10 rounds"),
        ("/stop", "Nothing is under way here."),
    ],
)
async def test_what_cannot_be_done_is_told(house: House, words: str, answer: str) -> None:
    chat = private_chat(house)
    chat.says(words)
    await chat.shows(answer)
    assert not house.vendors.requests


async def test_one_model_makes_no_discussion(house: House) -> None:
    chat = private_chat(house)
    chat.says("/project models claude")
    await chat.shows("On the team")
    chat.says(f"/discuss {QUESTION}")
    await chat.shows("A discussion needs two models at least")
    assert not house.vendors.requests
