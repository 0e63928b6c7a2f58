"""The vendors' lists of models: where each page is, what is in it, and which of its models chat."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from moai.core.records import ListedModel
from moai.providers import anthropic, gemini, openai
from moai.providers.chat_models import UNFIT, chats, unfit_because
from moai.providers.wire import ModelPage, NotTheFormatError, Target

TARGET = Target("it", "", "https://api.test", "sk-secret")


def test_where_each_page_is() -> None:
    assert openai.models_url(TARGET, "") == "https://api.test/models"
    assert anthropic.models_url(TARGET, "") == "https://api.test/v1/models?limit=1000"
    assert anthropic.models_url(TARGET, "a&b") == "https://api.test/v1/models?limit=1000&after_id=a%26b"
    assert gemini.models_url(TARGET, "") == "https://api.test/v1beta/models?pageSize=1000"
    assert gemini.models_url(TARGET, "x=") == "https://api.test/v1beta/models?pageSize=1000&pageToken=x%3D"


def test_openais_page() -> None:
    entries = [{"id": "gpt-6", "created": 1_800_000_000}, {"id": "local"}, {"id": "old", "created": 0}]

    page = openai.listed({"object": "list", "data": entries})

    assert page == ModelPage((ListedModel("gpt-6", 1_800_000_000), ListedModel("local"), ListedModel("old")))


@pytest.mark.parametrize("created", [None, "soon", -1, float("nan"), float("inf"), 10**400])
def test_a_creation_that_is_none(created: Any) -> None:
    assert openai.listed({"data": [{"id": "m", "created": created}]}).models == (ListedModel("m"),)


def test_openrouters_modalities() -> None:
    def entry(model: str, *modalities: str) -> dict[str, Any]:
        return {"id": model, "architecture": {"output_modalities": [*modalities]}}

    entries = [entry("a/text", "text"), entry("b/both", "image", "text"), entry("c/pictures", "image"), entry("d/none")]

    assert [each.id for each in openai.listed({"data": entries}).models] == ["a/text", "b/both"]


def test_anthropics_page() -> None:
    entries = [
        {"id": "claude-7", "created_at": "2026-11-01T00:00:00Z"},
        {"id": "claude-6", "created_at": "2026-01-01"},
        {"id": "claude-0", "created_at": "1970-01-01T00:00:00Z"},
        {"id": "claude-x", "created_at": 7},
    ]

    page = anthropic.listed({"data": entries, "has_more": True, "last_id": "claude-x"})

    assert page.next == "claude-x"
    assert page.models == (
        ListedModel("claude-7", 1_793_491_200),
        ListedModel("claude-6", 1_767_225_600),
        ListedModel("claude-0"),
        ListedModel("claude-x"),
    )
    assert anthropic.listed({"data": entries, "has_more": False, "last_id": "claude-x"}).next == ""


def test_geminis_page() -> None:
    entries = [
        {"name": "models/gemini-4-flash", "supportedGenerationMethods": ["generateContent", "countTokens"]},
        {"name": "models/text-embedding-004", "supportedGenerationMethods": ["embedContent"]},
        {"name": "models/gemini-live", "supportedGenerationMethods": ["bidiGenerateContent"]},
        {"name": "models/chat-bison"},
    ]

    page = gemini.listed({"models": entries, "nextPageToken": "more"})

    assert page == ModelPage((ListedModel("gemini-4-flash"),), "more")


@pytest.mark.parametrize("wire", [openai, anthropic, gemini])
def test_what_is_a_list_and_what_is_none(wire: ModuleType) -> None:
    name = "models" if wire is gemini else "data"

    assert wire.listed({}) == wire.listed({name: None}) == wire.listed({name: []}) == ModelPage()
    assert wire.listed({name: [7, {}, {"id": 7}]}).next == ""
    for wrong in ({"hello": "world"}, {name: {"id": "m"}}, {name: "m"}):
        with pytest.raises(NotTheFormatError):
            wire.listed(wrong)


CHATS = """
gpt-6.1 gpt-6.1-mini gpt-5.2-2025-12-11 gpt-5.1-codex-max codex-mini-latest chatgpt-4o-latest gpt-4o-search-preview
gpt-3.5-turbo gpt-3.5-turbo-0125 o4-mini o3-pro claude-opus-5 claude-sonnet-4-5-20250929 gemini-3-pro-preview
gemini-2.5-flash-lite gemma-3-27b-it learnlm-2.0-flash-experimental qwen/qwen-2.5-72b-instruct:free
meta-llama/llama-3.3-70b-instruct mistralai/mixtral-8x7b-instruct deepseek/deepseek-r1 x-ai/grok-4 qwen3:8b
llama3.2-vision:11b ministral-8b-latest microsoft/phi-4-multimodal-instruct openai/gpt-oss-120b
"""

DOES_NOT = """
text-embedding-3-small text-embedding-ada-002 gemini-embedding-001 nomic-embed-text:latest mxbai-embed-large
whisper-1 whisper-large-v3-turbo gpt-4o-transcribe gpt-4o-mini-transcribe-2025-12-15 gpt-4o-transcribe-diarize
tts-1 tts-1-hd gpt-4o-mini-tts gemini-2.5-pro-preview-tts gpt-4o-audio-preview gpt-audio-mini
gemini-2.5-flash-native-audio-latest gpt-realtime gpt-4o-mini-realtime-preview gpt-image-1 chatgpt-image-latest
gemini-2.5-flash-image google/gemini-3-pro-image-preview dall-e-2 dall-e-3 imagen-4.0-ultra-generate-001 veo-3.1
veo3 sora-2-pro omni-moderation-latest text-moderation-007 cohere/rerank-v3.5 qwen3-reranker:8b aqa
gpt-3.5-turbo-instruct openai/gpt-3.5-turbo-instruct-0914 davinci-002 babbage-002
"""


@pytest.mark.parametrize("model", CHATS.split())
def test_models_that_chat(model: str) -> None:
    assert chats(model)
    assert unfit_because(model) == ""


@pytest.mark.parametrize("model", DOES_NOT.split())
def test_models_that_do_not_chat(model: str) -> None:
    assert not chats(model)
    assert unfit_because(model).startswith("it ")


def test_every_reason_can_be_met_and_a_model_has_a_name() -> None:
    assert {word for word in UNFIT if not unfit_because(f"x-{word.upper()}-1")} == set()
    assert not chats("")
