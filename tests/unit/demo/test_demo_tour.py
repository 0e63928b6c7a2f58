"""The transcript, and a tour that gets stuck."""

from __future__ import annotations

import httpx
import pytest

from moai.demo.house import TEAM
from moai.demo.tour import PLAYED, STEPS, STOP, STUCK, Step, Transcript, answer_of, tour
from moai.simulator.changes import Change, DraftChanged, MessageSent
from moai.simulator.model import Message, User
from moai.simulator.telegram import Simulator

ALL = "💭 ada · thinking\n💭 ben · thinking\n💭 cleo · thinking"


def question(text: str) -> MessageSent:
    return MessageSent(Message(1001, User(1001, "You"), text=text))


async def transcript_of(*changes: Change) -> str:
    written: list[str] = []
    transcript = Transcript(written.append)
    for change in changes:
        await transcript.tell(change)
    return "".join(written)


async def test_a_draft_is_one_line_for_each_question() -> None:
    drafts = [DraftChanged(1001, None, text) for text in (ALL, ALL + "!", None, ALL)]

    written = await transcript_of(question("Why?"), *drafts, question("How?"), *drafts)

    line = "\n      … ada, ben and cleo are writing side by side\n"
    assert written == f"\nYou   Why?\n{line}\nYou   How?\n{line}"


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        ("✍️ ben · writing", "ben is writing"),
        ("💭 ada · thinking\n✍️ cleo · writing\nI agree with ben.", "ada and cleo are"),
        ("", "somebody is writing"),
    ],
)
async def test_a_draft_names_those_who_write(draft: str, told: str) -> None:
    assert told in await transcript_of(DraftChanged(1001, None, draft))


@pytest.mark.parametrize("alias", TEAM)
def test_a_failure_is_no_answer(alias: str) -> None:
    wanted = answer_of(alias)

    assert not isinstance(wanted, str)
    assert wanted.search(f"{alias} · {TEAM[alias]}\nYes.")
    assert not wanted.search(f"{alias} · {TEAM[alias]}\n⚠️ The model took too long.")
    assert not wanted.search(f"Team\n{alias} · {TEAM[alias]}\nYes.")


async def test_a_step_that_does_not_come_true_ends_the_tour() -> None:
    written: list[str] = []
    complaints: list[str] = []
    steps = (Step("/start", ("Hello",), "a greeting"), *STEPS)

    async with Simulator() as sim:
        chat = sim.private_chat(sim.user("You"))
        code = await tour(sim, chat, steps, written.append, complaints.append, patience_s=0.05)

    assert code == STUCK
    assert complaints == ["moai demo: within 0.05 s, “/start” did not bring a greeting.\n"]
    assert "\nYou   /start\n" in "".join(written)
    assert "/open" not in "".join(written)


@pytest.mark.parametrize(("button", "code"), [(STOP, STUCK), ("▶️ Go on", PLAYED)])
async def test_a_step_lasts_until_no_board_offers_to_stop(button: str, code: int) -> None:
    markup = {"inline_keyboard": [[{"text": button, "callback_data": "d"}]]}

    async with Simulator() as sim, httpx.AsyncClient(trust_env=False) as http:
        chat = sim.private_chat(sim.user("You"))
        chat.says("/start")
        reply = await http.post(
            f"{sim.base_url}/bot{sim.token}/sendMessage",
            json={"chat_id": chat.id, "text": "Round 1 of 3", "reply_markup": markup},
        )
        reply.raise_for_status()
        assert await tour(sim, chat, (Step("/start", (), "nothing"),), str, str, patience_s=0.6) == code
