"""What the wire formats send: turns, pictures, marks of the cache, and what is left out after a complaint."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from moai.core.prompts import Image, Prompt, Role, Turn
from moai.providers import anthropic, gemini, openai
from moai.providers.wire import Target, without

TARGET = Target("it", "org/model:free", "https://api.test", "sk-secret", 100)
PROMPT = Prompt("Be brief.", (Turn(Role.USER, "One?"), Turn(Role.ASSISTANT, "Yes."), Turn(Role.USER, "Two?")))
RAGGED = Prompt(" ", (Turn(Role.USER, "a"), Turn(Role.USER, " "), Turn(Role.USER, "b")))
SKY = Image("sky.jpg", "image/jpeg", b"sky")
MAP = Image("map.png", "image/png", b"map")
SHOWN = Prompt("", (Turn(Role.USER, "Look.", (SKY, MAP)), Turn(Role.USER, "", (SKY,)), Turn(Role.USER, "And?")))

MARK = {"cache_control": {"type": "ephemeral"}}


def test_openai_payload() -> None:
    assert openai.payload(TARGET, PROMPT) == {
        "model": "org/model:free",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "One?"},
            {"role": "assistant", "content": "Yes."},
            {"role": "user", "content": "Two?"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    assert openai.payload(TARGET, Prompt("", PROMPT.turns[:1]))["messages"] == [{"role": "user", "content": "One?"}]
    assert openai.payload(TARGET, RAGGED)["messages"][1:] == [{"role": "user", "content": "a\n\nb"}]


def test_anthropic_payload() -> None:
    assert anthropic.payload(TARGET, PROMPT) == {
        "model": "org/model:free",
        "max_tokens": 100,
        "system": [{"type": "text", "text": "Be brief.", **MARK}],
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "One?", **MARK}]},
            {"role": "assistant", "content": [{"type": "text", "text": "Yes.", **MARK}]},
            {"role": "user", "content": [{"type": "text", "text": "Two?", **MARK}]},
        ],
        "stream": True,
    }
    ragged = anthropic.payload(TARGET, RAGGED)
    assert "system" not in ragged
    assert ragged["messages"] == [
        {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b", **MARK}]}
    ]


def test_gemini_payload() -> None:
    assert gemini.payload(TARGET, PROMPT) == {
        "contents": [
            {"role": "user", "parts": [{"text": "One?"}]},
            {"role": "model", "parts": [{"text": "Yes."}]},
            {"role": "user", "parts": [{"text": "Two?"}]},
        ],
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
    }
    assert gemini.payload(TARGET, RAGGED) == {"contents": [{"role": "user", "parts": [{"text": "a"}, {"text": "b"}]}]}


def test_pictures_stand_before_the_text_of_their_turn() -> None:
    sky, card = "c2t5", "bWFw"

    (asked,) = openai.payload(TARGET, SHOWN)["messages"]
    assert asked["content"] == [
        {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{sky}"}},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{card}"}},
        {"type": "text", "text": "Look."},
        {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{sky}"}},
        {"type": "text", "text": "And?"},
    ]
    (asked,) = anthropic.payload(TARGET, SHOWN)["messages"]
    assert asked["content"] == [
        {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": sky}},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": card}},
        {"type": "text", "text": "Look."},
        {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": sky}},
        {"type": "text", "text": "And?", **MARK},
    ]
    (asked,) = gemini.payload(TARGET, SHOWN)["contents"]
    assert asked["parts"] == [
        {"inlineData": {"mimeType": "image/jpeg", "data": sky}},
        {"inlineData": {"mimeType": "image/png", "data": card}},
        {"text": "Look."},
        {"inlineData": {"mimeType": "image/jpeg", "data": sky}},
        {"text": "And?"},
    ]


def test_only_messages_with_pictures_are_parts() -> None:
    turns = (Turn(Role.USER, "Look.", (SKY,)), Turn(Role.ASSISTANT, "Blue."), Turn(Role.USER, "Why?"))

    messages = openai.payload(TARGET, Prompt("", turns))["messages"]

    assert [type(message["content"]) for message in messages] == [list, str, str]


# --- a discussion that grows ---

QUESTIONS = 6


def talk(answers: int) -> Prompt:
    """Return what a model is asked after so many answers of its own, with another's answer before each question."""
    turns = [Turn(Role.USER, "Question 0?", (SKY,))]
    for number in range(1, answers + 1):
        turns.append(Turn(Role.ASSISTANT, f"Answer {number}."))
        turns += [Turn(Role.USER, f"gpt: {number}"), Turn(Role.USER, f"Question {number}?")]
    return Prompt("You are claude.", tuple(turns))


def without_marks(value: Any) -> Any:
    if isinstance(value, list):
        return [without_marks(item) for item in value]
    if isinstance(value, dict):
        return {name: without_marks(item) for name, item in value.items() if name != "cache_control"}
    return value


def blocks(wire: ModuleType, prompt: Prompt) -> list[Any]:
    """Return every block of a request in order, each with its role."""
    payload = wire.payload(TARGET, prompt)
    messages = payload.get("messages") or payload["contents"]
    return [(each["role"], block) for each in messages for block in each.get("content") or each["parts"]]


@pytest.mark.parametrize("wire", [anthropic, gemini])
@pytest.mark.parametrize("more", [talk(2).turns, (*talk(1).turns, Turn(Role.USER, "Another asks.", (MAP,)))])
def test_what_was_sent_before_stands_unchanged(wire: ModuleType, more: tuple[Turn, ...]) -> None:
    before, after = blocks(wire, talk(1)), blocks(wire, Prompt("You are claude.", more))

    assert len(after) > len(before)
    assert without_marks([block for _, block in after[: len(before)]]) == without_marks([block for _, block in before])
    assert [role for role, _ in after[: len(before)]] == [role for role, _ in before]


def test_the_cache_is_marked_where_the_previous_request_ended() -> None:
    for answers in range(1, QUESTIONS):
        before, after = (blocks(anthropic, talk(number)) for number in (answers - 1, answers))
        marked = [index for index, (_, block) in enumerate(after) if "cache_control" in block]

        assert {len(before) - 1, len(after) - 1} <= {*marked}
        assert len(marked) <= 3
        assert "cache_control" in anthropic.payload(TARGET, talk(answers))["system"][-1]


# --- complaints ---


def test_what_is_left_out_after_a_complaint() -> None:
    sent = openai.payload(TARGET, PROMPT)
    assert openai.amended(sent, "Unknown parameter: 'stream_options'.") == without(sent, "stream_options")
    assert openai.amended(sent, "Unknown parameter: 'messages'.") is None
    assert openai.amended({"model": "m"}, "stream_options again") is None
    assert anthropic.amended({"max_tokens": 9}, "max_tokens: 9 > 4, which is too many") == {"max_tokens": 4}
    assert anthropic.amended({"max_tokens": 9}, "messages: too long") is None
    assert gemini.amended({}, "anything") is None


def test_the_marks_of_the_cache_are_left_out_after_a_complaint() -> None:
    sent = anthropic.payload(TARGET, SHOWN)
    complaint = "messages.0.content.0.text.cache_control: Extra inputs are not permitted"

    amended = anthropic.amended(sent, complaint)

    assert amended == without_marks(sent) != sent
    assert anthropic.amended(amended or {}, complaint) is None
