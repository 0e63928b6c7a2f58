"""The pure functions of the wire formats: where they post, and what each kind of event says."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.core.model import Usage
from moai.providers import anthropic, gemini, openai
from moai.providers.wire import NOTHING, End, Piece, Target

TARGET = Target("it", "org/model:free", "https://api.test", "sk-secret", 100)


def test_where_each_posts() -> None:
    assert openai.url(TARGET) == "https://api.test/chat/completions"
    assert anthropic.url(TARGET) == "https://api.test/v1/messages"
    assert gemini.url(TARGET) == ("https://api.test/v1beta/models/org%2Fmodel%3Afree:streamGenerateContent?alt=sse")
    assert "/models/gemini-x:stream" in gemini.url(Target("it", "models/gemini-x", "https://api.test"))


def test_keys_are_in_the_headers_only() -> None:
    assert openai.headers(TARGET) == {"Authorization": "Bearer sk-secret"}
    assert openai.headers(Target("ollama", "m", "http://localhost")) == {}
    assert anthropic.headers(TARGET) == {"x-api-key": "sk-secret", "anthropic-version": "2023-06-01"}
    assert gemini.headers(TARGET) == {"x-goog-api-key": "sk-secret"}
    assert "sk-secret" not in repr(TARGET)


def chunk(delta: Any = None, reason: Any = None, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": reason}], **more}


@pytest.mark.parametrize(
    ("event", "piece"),
    [
        (chunk({"content": "Hi"}, model="gpt"), Piece("Hi", "gpt")),
        (chunk({"reasoning": "hm", "content": None}), NOTHING),
        (chunk({"reasoning_content": "hm", "content": ""}), NOTHING),
        (
            chunk({"content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "Hi"}]}),
            Piece("Hi"),
        ),
        (chunk({}, "stop"), Piece(end=End.COMPLETE)),
        (chunk({}, "length"), Piece(end=End.LENGTH)),
        (chunk({}, "content_filter"), Piece(end=End.REFUSED)),
        (chunk({"refusal": "I cannot."}), Piece(end=End.REFUSED, note="I cannot.")),
        (
            {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4}},
            Piece(usage=Usage(3, 4)),
        ),
        (
            {"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}]},
            Piece("Hi", end=End.COMPLETE),
        ),
        ({"choices": "?"}, NOTHING),
    ],
    ids=str,
)
def test_openai_events(event: dict[str, Any], piece: Piece) -> None:
    assert openai.parse(event) == piece


@pytest.mark.parametrize(
    ("event", "piece"),
    [
        (
            {
                "type": "message_start",
                "message": {"model": "claude", "usage": {"input_tokens": 3, "cache_read_input_tokens": 4}},
            },
            Piece(model="claude", usage=Usage(7, None)),
        ),
        ({"type": "ping"}, NOTHING),
        ({"type": "content_block_start", "content_block": {"type": "text", "text": "H"}}, Piece("H")),
        ({"type": "content_block_start", "content_block": {"type": "thinking", "thinking": "h"}}, NOTHING),
        ({"type": "content_block_delta", "delta": {"type": "text_delta", "text": "Hi"}}, Piece("Hi")),
        ({"type": "content_block_delta", "delta": {"type": "thinking_delta", "thinking": "h"}}, NOTHING),
        (
            {
                "type": "message_delta",
                "delta": {"stop_reason": "max_tokens"},
                "usage": {"output_tokens": 5},
            },
            Piece(usage=Usage(None, 5), end=End.LENGTH),
        ),
        ({"type": "message_delta", "delta": {"stop_reason": "refusal"}}, Piece(end=End.REFUSED)),
        ({"type": "message_stop"}, Piece(end=End.COMPLETE)),
        ({"type": 7}, NOTHING),
    ],
    ids=str,
)
def test_anthropic_events(event: dict[str, Any], piece: Piece) -> None:
    assert anthropic.parse(event) == piece


def candidate(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"candidates": [{"content": {"parts": list(parts)}, **more}]}


@pytest.mark.parametrize(
    ("event", "piece"),
    [
        (candidate({"text": "H"}, {"text": "i"}), Piece("Hi")),
        (candidate({"text": "hm", "thought": True}, {"text": "Hi"}), Piece("Hi")),
        (candidate(finishReason="STOP"), Piece(end=End.COMPLETE)),
        (candidate(finishReason="MAX_TOKENS"), Piece(end=End.LENGTH)),
        (candidate(finishReason="RECITATION"), Piece(end=End.REFUSED, note="RECITATION")),
        (candidate(finishReason="FINISH_REASON_UNSPECIFIED"), NOTHING),
        ({"promptFeedback": {"blockReason": "SAFETY"}}, Piece(end=End.REFUSED, note="SAFETY")),
        (
            {
                "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 2, "thoughtsTokenCount": 3},
                "modelVersion": "gemini",
            },
            Piece(model="gemini", usage=Usage(1, 5)),
        ),
        ({"candidates": [7]}, NOTHING),
    ],
    ids=str,
)
def test_gemini_events(event: dict[str, Any], piece: Piece) -> None:
    assert gemini.parse(event) == piece


@pytest.mark.parametrize("wire", [openai, anthropic, gemini])
def test_a_fault_is_found_in_an_event(wire: ModuleType) -> None:
    event = {"type": "error", "error": {"type": "overloaded_error", "message": "Busy"}}

    piece = wire.parse(event)

    assert (piece.fault.words, piece.fault.message) == ({"overloaded_error"}, "Busy")


KEYS = st.sampled_from(
    (
        *("choices", "delta", "message", "content", "finish_reason", "usage", "error", "type", "text", "code"),
        *("candidates", "parts", "promptFeedback", "blockReason", "usageMetadata", "content_block", "details"),
        *("metadata", "retryDelay", "prompt_tokens", "model", "status", "reason", "detail", "object"),
    )
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("wire", [openai, anthropic, gemini])
@given(event=st.dictionaries(KEYS, VALUES, max_size=5))
def test_no_event_makes_a_parser_raise(wire: ModuleType, event: dict[str, Any]) -> None:
    assert isinstance(wire.parse(json.loads(json.dumps(event))), Piece)
