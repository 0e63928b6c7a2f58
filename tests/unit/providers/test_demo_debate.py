"""The demo's voices in a discussion: they hear each other, move, agree in the end, rank, and write a consensus."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from moai.core.consensus import SCHEMA, read_consensus
from moai.core.findings import Side
from moai.core.model import Attachment, Person, Quote, Remark
from moai.core.prompts import Prompt, Role, Turn
from moai.core.quoting import asked
from moai.core.ranking import read_ranking
from moai.core.stance import read_stance
from moai.core.wording import CONSENSUS_WANTED, DISCUSS_RULES, GO_ON, PANEL_RULES, RANKING_WANTED, ROUND_BEGINS
from moai.providers.demo import compose
from moai.providers.demo_voices import VOICES

TEAM = {"ada": "optimist", "ben": "skeptic", "cleo": "engineer"}
QUESTION = "Shall we {move}?"
STANCE = re.compile(r"\n\nSTANCE: (agree|disagree|undecided) — ([^\n(]+?)(?: \(moved by (\w+)\))?\Z")

Said = tuple[str, str]


def user(text: str) -> Turn:
    return Turn(Role.USER, text)


def quoted(alias: str, text: str) -> Turn:
    return user(f'<said by="{alias}">\n{text}\n</said>')


def prompt_of(alias: str, rounds: list[list[Said]], *before: Turn) -> Prompt:
    """Return what a voice sees in its turn, as MoAI puts it together."""
    turns = [*before]
    for number, said in enumerate(rounds, 1):
        if number > 1:
            turns.append(user(ROUND_BEGINS.format(number=number)))
        turns += [Turn(Role.ASSISTANT, text) if who == alias else quoted(who, text) for who, text in said]
    if turns[-1].role is Role.ASSISTANT:
        turns.append(user(GO_ON))
    return Prompt("system", tuple(turns))


def discussion(rounds: int, *before: Turn) -> list[list[Said]]:
    """Let the team discuss, another one first in each round."""
    said: list[list[Said]] = []
    for number in range(rounds):
        said.append([])
        for alias in (*list(TEAM)[number % 3 :], *list(TEAM)[: number % 3]):
            text = compose(VOICES[TEAM[alias]], prompt_of(alias, said, *before), alias)
            said[-1].append((alias, text))
    return said


ASKED = user(f"{QUESTION}\n\n{DISCUSS_RULES}")
DRAFTS = tuple(quoted(alias, f"My draft: {voice}.") for alias, voice in TEAM.items())
BEGINNINGS = {"new": (ASKED,), "continued": (user(QUESTION), *DRAFTS, user(DISCUSS_RULES))}


@pytest.mark.parametrize("before", BEGINNINGS.values(), ids=BEGINNINGS)
def test_a_discussion_converges(before: tuple[Turn, ...]) -> None:
    stances = [{alias: STANCE.search(text) for alias, text in round_} for round_ in discussion(4, *before)]

    sides = [{alias: found[1] for alias, found in each.items() if found} for each in stances]
    assert sides[0] == {"ada": "agree", "ben": "disagree", "cleo": "undecided"}
    assert sides[1] == {"ada": "agree", "ben": "disagree", "cleo": "agree"}
    assert sides[2] == sides[3] == dict.fromkeys(TEAM, "agree")
    moved = [{alias: found[3] for alias, found in each.items() if found and found[3]} for each in stances]
    assert (moved[0], moved[1]["cleo"], moved[2]["ben"], moved[3]) == ({}, "ben", "ada", {})


def test_turns_are_short_vary_and_name_another_voice() -> None:
    said = discussion(5, ASKED)

    for number, round_ in enumerate(said):
        for place, (alias, text) in enumerate(round_):
            words = STANCE.sub("", text)
            assert len(words.split()) < 75
            assert "{" not in words.replace(QUESTION, "")
            others = [other for other in TEAM if other != alias and re.search(rf"\b{other}\b", words)]
            assert bool(others) is ((number, place) != (0, 0))
    assert len({text for round_ in said[:4] for _, text in round_}) == 12
    assert said == discussion(5, ASKED)
    assert said[0][0][1].startswith(f"“{QUESTION}”")


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("taken", range(4))
def test_sentences_of_a_panel_begin_with_a_capital(voice: str, taken: int) -> None:
    turns = (*[Turn(Role.ASSISTANT, "So.\n\nSTANCE: agree — so")] * taken, quoted("A", "No."))

    text = compose(VOICES[voice], Prompt("", (user(f"{QUESTION}\n\n{PANEL_RULES}"), *turns)))

    assert "nother answer" in text
    assert not re.search(r"(?:\A|[.!?*]\s+)another", text)


def test_a_label_is_not_told_to_the_chat() -> None:
    turns = (
        user(f"{QUESTION}\n\n{PANEL_RULES}"),
        Turn(Role.ASSISTANT, "Draft."),
        quoted("A", "No."),
        quoted("B", "Yes."),
    )

    text = compose(VOICES["skeptic"], Prompt("", turns), "ben")

    assert "another answer" in text
    assert not re.search(r"\b[AB]\b", text.partition("STANCE")[0])
    assert "STANCE: disagree — " in text


def test_the_first_answer_of_a_panel_has_no_stance() -> None:
    text = compose(VOICES["skeptic"], Prompt("", (user(f"{QUESTION}\n\n{PANEL_RULES}"),)), "ben")

    assert f"“{QUESTION}”" in text
    assert "STANCE" not in text
    assert "demo" in text


def test_a_panel_that_goes_on_asks_what_was_asked_before() -> None:
    before = (ASKED, Turn(Role.ASSISTANT, "Half a"))

    text = compose(VOICES["optimist"], Prompt("", (*before, user(PANEL_RULES))), "ada")

    assert f"the newest question is “{QUESTION}”" in text
    assert "nothing at all" not in text


@pytest.mark.parametrize("nth", range(3))
def test_a_question_after_a_discussion_is_none_of_its_turns(nth: int) -> None:
    last = ("Is ben right?", 'This is about:\n<said by="ben">\nNo.\n</said>\n\nIs ben right?', "[x] or [y]")[nth]
    before = prompt_of("ada", discussion(2, ASKED), ASKED)

    text = compose(VOICES["optimist"], Prompt("", (*before.turns, user(last))), "ada")

    assert "STANCE" not in text
    assert "demo" in text


def test_a_question_between_brackets_is_one() -> None:
    said = consensus_of("ada", user("[RFC] Shall we merge [it now]"), quoted("ben", "Hm."))

    assert "“[RFC] Shall we merge [it now]” is worth" in str(said)
    assert "moderator" not in str(said)


ABOUT_A_POINT = Remark("Let us settle that.", Person(7, "Ann"), quote=Quote("the consensus", "How long?"))


def test_a_point_of_the_consensus_is_neither_the_question_nor_a_person() -> None:
    point = asked(ABOUT_A_POINT, names_author=False, rules=DISCUSS_RULES)
    assert point is not None

    said = consensus_of("ada", user(QUESTION), quoted("ben", "Hm."), point, quoted("cleo", "Two days."))

    assert f"“{QUESTION}” is worth" in str(said)
    assert "the consensus" not in str(said)
    assert "This is about" not in str(said)


def test_a_question_about_a_quotation_is_quoted_without_it() -> None:
    brought = (Attachment("a.txt", "text/plain", text="Long."), Attachment("b.txt", "text/plain"))
    point = asked(replace(ABOUT_A_POINT, attachments=brought), names_author=False, rules=DISCUSS_RULES)
    assert point is not None

    opening = compose(VOICES["skeptic"], Prompt("", (point,)), "ben")
    answer = compose(VOICES["skeptic"], Prompt("", (replace(point, text=point.text.removesuffix(DISCUSS_RULES)),)))

    assert opening.startswith("“Let us settle that.”: ")
    assert answer.startswith("I have seen what the consensus said.\n\n")
    assert "“Let us settle that.”" in answer
    assert "Long." not in answer


def test_what_others_say_makes_no_rules() -> None:
    turns = (user(QUESTION), quoted("ben", "Words.\n\nSTANCE: agree — so"), user(GO_ON))

    assert "STANCE" not in compose(VOICES["optimist"], Prompt("", turns), "ada")


# --- the end ---


@pytest.mark.parametrize(("voice", "line"), [("skeptic", "RANKING: C > A"), ("optimist", "RANKING: A > C")])
def test_a_ranking_names_every_label_once(voice: str, line: str) -> None:
    wanted = RANKING_WANTED.format(labels="A, C", example="C > A")
    turns = (user(QUESTION), quoted("A", "A long answer."), quoted("B", "?"), quoted("C", "Yes."), user(wanted))

    text = compose(VOICES[voice], Prompt("", turns), "ben")

    assert text.splitlines()[-1] == line
    assert text.count("**A**") == text.count("**C**") == 1
    assert "**B**" not in text


@pytest.mark.parametrize(("example", "line"), [("…", "RANKING: A"), ("B > A", "RANKING: A")])
def test_a_ranking_of_what_was_heard(example: str, line: str) -> None:
    turns = (quoted("A", "Yes."), user(RANKING_WANTED.format(labels="A", example=example)))

    assert compose(VOICES["engineer"], Prompt("", turns)).endswith(line)


def test_a_ranking_of_nothing() -> None:
    text = compose(VOICES["engineer"], Prompt("", (user(RANKING_WANTED.format(labels="", example="A > B")),)))

    assert text == "There is nothing to rank."


def consensus_of(alias: str, *turns: Turn) -> dict[str, object]:
    prompt = Prompt("", (*turns, user(CONSENSUS_WANTED)), schema=SCHEMA)
    return dict(json.loads(compose(VOICES[TEAM[alias]], prompt, alias)))


@pytest.mark.parametrize("alias", TEAM)
def test_a_consensus_tells_who_disagreed(alias: str) -> None:
    said = consensus_of(alias, *prompt_of(alias, discussion(3, ASKED), ASKED).turns)

    assert {*said} == {"agreements", "disagreements", "recommendation", "open_questions"}
    (point,) = said["disagreements"]  # type: ignore[misc]
    assert {*point} == {"point", "positions", "minority_argument"}
    minority, majority = point["positions"]
    assert minority["who"] == ["ben"]
    assert {*majority["who"]} == {"ada", "cleo"}
    assert QUESTION in str(said["agreements"])


def test_a_consensus_after_another_one_leaves_the_moderator_out() -> None:
    said = consensus_of("ada", user(QUESTION), quoted("ben", "Hm."), quoted("ben, as the moderator", "All agree."))

    assert "moderator" not in str(said)
    assert "['ben']" in str(said)


def test_a_consensus_with_oneself() -> None:
    said = consensus_of("ada", user(QUESTION))

    assert "{'who': ['ada']" in str(said)


# --- as MoAI reads it ---


def test_moai_reads_the_stances() -> None:
    names = {alias: alias for alias in TEAM}
    read = [[read_stance(text, names) for _, text in round_] for round_ in discussion(3, ASKED)]

    assert not any("STANCE" in words for round_ in read for words, _ in round_)
    sides = [[stance.side for _, stance in round_ if stance] for round_ in read]
    assert sides[0] == [Side.AGREE, Side.DISAGREE, Side.UNDECIDED]
    assert sides[2] == [Side.AGREE] * 3
    assert [stance.moved_by for _, stance in read[1] if stance] == [(), ("ben",), ("cleo",)]


def test_moai_reads_the_ranking() -> None:
    wanted = RANKING_WANTED.format(labels="A, B", example="B > A")
    turns = (user(QUESTION), quoted("A", "A long answer."), quoted("B", "Yes."), user(wanted))

    text = compose(VOICES["skeptic"], Prompt("", turns), "ben")

    assert read_ranking(text, {"A": "ada", "B": "cleo"}) == ("cleo", "ada")


def test_moai_reads_the_consensus() -> None:
    turns = prompt_of("ada", discussion(3, ASKED), ASKED).turns

    read = read_consensus(
        compose(VOICES["optimist"], Prompt("", (*turns, user(CONSENSUS_WANTED)), schema=SCHEMA), "ada")
    )

    assert read is not None
    assert len(read.agreements) == 2
    assert [each.aliases for each in read.disagreements[0].positions] == [("ben",), ("cleo", "ada")]
    assert read.disagreements[0].minority_argument
    assert read.recommendation
    assert read.open_questions
