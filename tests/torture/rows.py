"""What must be true of the rows: one run per question, one answer per model and round, nothing left open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.torture.evidence import Asked, Evidence
from tests.torture.questions import ROUNDS, Kind
from tests.torture.voices import SIGN


def judge(evidence: Evidence) -> Iterator[str]:
    """Yield what is wrong."""
    yield from evidence.faults
    yield from _left_open(evidence)
    known = {(each.chat_id, each.message_id) for each in evidence.asked}
    yield from (f"a run of no question: {key}" for key in evidence.runs if key not in known)
    for each in evidence.asked:
        yield from (f"{each.question.token}: {fault}" for fault in _of_question(evidence, each))


def _left_open(evidence: Evidence) -> Iterator[str]:
    for name, column in (("runs", "closed_at"), ("rounds", "closed_at"), ("messages", "delivery_closed_at")):
        for row in evidence.tables[name]:
            if row[column] is None:
                yield f"row {row['id']} of {name} was never closed"
    for row in evidence.tables["updates"]:
        if row["handled_at"] is None:
            yield f"update {row['update_id']} was not handled: {row['payload']}"
    chats = Counter(row["chat_id"] for row in evidence.tables["projects"])
    yield from (f"chat {chat_id} has {held} projects" for chat_id, held in chats.items() if held > 1)
    used = {row["discussion_id"] for row in evidence.tables["runs"]}
    yield from (f"discussion {row['id']} has no run" for row in evidence.tables["discussions"] if row["id"] not in used)


def _of_question(evidence: Evidence, asked: Asked) -> Iterator[str]:
    runs = evidence.runs[asked.chat_id, asked.message_id]
    if len(runs) != 1:
        yield f"{len(runs)} runs"
        return
    run, question = runs[0], asked.question
    answers = [row for row in evidence.said[run["id"]] if row["kind"] == "answer"]
    rounds = {row["id"]: row for row in evidence.rounds[run["id"]]}
    heard = Counter((rounds[row["round_id"]]["number"], row["alias"]) for row in answers)
    yield from (
        f"{who} answered {times} times in round {number}" for (number, who), times in heard.items() if times > 1
    )
    if question.stop_after_s is not None and asked.is_stopped:
        if run["status"] not in ("done", "stopped"):
            yield f"stopped, it is {run['status']}"
        return
    if run["status"] != "done":
        yield f"it is {run['status']}"
    expected = {
        (number, alias)
        for number in range(1, _rounds(answers, rounds, question.kind) + 1)
        for alias in question.aliases
    }
    if set(heard) != expected:
        yield f"answers {sorted(heard)} instead of {sorted(expected)}"
    yield from _notices(evidence, run, rounds, question.kind)
    yield from _asked_in_vain(evidence, question.token, answers)


def _rounds(answers: list[dict[str, Any]], rounds: dict[int, dict[str, Any]], kind: Kind) -> int:
    """Return how many rounds there should be: a discussion in which nobody could speak ends."""
    first = [row for row in answers if rounds[row["round_id"]]["number"] == 1]
    return ROUNDS if kind is Kind.DISCUSS and not all(row["failure_code"] for row in first) else 1


def _notices(evidence: Evidence, run: dict[str, Any], rounds: dict[int, dict[str, Any]], kind: Kind) -> Iterator[str]:
    told = Counter(row["round_id"] for row in evidence.said[run["id"]] if row["kind"] == "notice")
    due = set(rounds) if kind is Kind.DISCUSS else set()
    if set(told) != due or any(times > 1 for times in told.values()):
        yield f"notices of the rounds {dict(told)} instead of one for each of {sorted(due)}"


def _asked_in_vain(evidence: Evidence, token: str, answers: list[dict[str, Any]]) -> Iterator[str]:
    """Yield who was asked again after its last answer was stored."""
    requests = evidence.requests_of.get(token, {})
    for alias in {row["alias"] for row in answers}:
        last = [row for row in answers if row["alias"] == alias][-1]
        signs = SIGN.findall(last["text"])
        if signs and last["failure_code"] is None and requests.get(alias, 0) > int(signs[0][0]):
            yield f"{alias} was asked in request {requests[alias]} though its answer {signs[0][0]} was stored"
