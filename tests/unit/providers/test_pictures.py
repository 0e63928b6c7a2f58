"""Which complaints say that a model takes no pictures, in the words of vendors and servers, and what it is shown."""

from __future__ import annotations

import pytest

from moai.core.prompts import Image, Prompt, Role, Turn
from moai.errors import (
    Overloaded,
    ProviderError,
    RateLimited,
    RequestRejected,
    UnknownModel,
    Unreachable,
    VendorReply,
    WrongKey,
)
from moai.providers.pictures import holds_pictures, refuses_pictures, without_pictures

TAKES_NONE = [
    (400, RequestRejected, "Invalid content type. image_url is only supported by certain models."),  # OpenAI
    (404, UnknownModel, "No endpoints found that support image input"),  # OpenRouter
    (400, RequestRejected, "'claude-instant' does not support image input."),  # Anthropic
    (400, RequestRejected, "Image input modality is not enabled for models/gemma-3-1b-it"),  # Gemini
    (400, RequestRejected, "Image input is not enabled for this model"),  # Mistral
    (400, RequestRejected, "Model does not support images. Please use a model that does."),  # LM Studio
    (400, RequestRejected, "facebook/opt-125m is not a multimodal model None"),  # vLLM
    (400, RequestRejected, "At most 0 image(s) may be provided in one prompt."),  # vLLM
    (422, RequestRejected, "messages[13]: unknown variant `image_url`, expected `text` at line 1"),  # DeepSeek
    (500, Overloaded, "this model is missing data required for image input"),  # Ollama
    (400, RequestRejected, "this model is missing data required for image input"),  # Ollama
    (500, Overloaded, "image input is not supported - hint: you may need to provide the mmproj"),  # llama.cpp
    (500, Overloaded, 'Failed to parse messages: Unsupported content part type: "image_url"; [base64'),  # llama.cpp
    (400, RequestRejected, "('messages.0.content' : value must be a string)"),  # Groq
    (422, RequestRejected, '[{"loc": ["body", "messages", 0], "msg": "Input should be a valid string"}]'),  # FastAPI
    (415, RequestRejected, "Pictures? This model has no vision."),
    (None, RequestRejected, "multimodal requests are rejected"),
]

OF_THIS_PICTURE = [
    (400, RequestRejected, "messages.0.content.0.image.source.base64: image exceeds 5 MB maximum: 9 bytes > 5"),
    (400, RequestRejected, "At least one of the image dimensions exceed max allowed size: 8000 pixels"),
    (400, RequestRejected, "Could not process image"),
    (400, RequestRejected, "You uploaded an unsupported image. Please use one of the formats: ['png', 'jpeg']."),
    (400, RequestRejected, "This model does not support image format image/bmp"),
    (400, RequestRejected, "Provided image is not valid"),
    (400, RequestRejected, "Unable to process input image. Please retry"),
    (400, RequestRejected, "Model 'kimi' supports at most 1 image per prompt."),
    (400, RequestRejected, "The picture violates our policy."),
    (413, RequestRejected, "image input is not supported"),
]

OF_SOMETHING_ELSE = [
    (400, RequestRejected, "The prompt is too long."),
    (404, UnknownModel, "model 'm' not found"),
    (500, Overloaded, "The vision service has crashed"),
    (429, RateLimited, "too many images a minute"),
    (401, WrongKey, "no vision with this key"),
    (None, Unreachable, "image input is not supported"),
]


def error_of(status: int | None, kind: type[ProviderError], message: str) -> ProviderError:
    return kind(reply=VendorReply(status=status, detail=message))


@pytest.mark.parametrize("said", TAKES_NONE, ids=str)
def test_words_of_models_that_take_no_pictures(said: tuple[int | None, type[ProviderError], str]) -> None:
    assert refuses_pictures(error_of(*said))


@pytest.mark.parametrize("said", [*OF_THIS_PICTURE, *OF_SOMETHING_ELSE], ids=str)
def test_words_that_say_something_else(said: tuple[int | None, type[ProviderError], str]) -> None:
    assert not refuses_pictures(error_of(*said))


def test_a_line_stands_for_each_picture() -> None:
    sky, card = Image("sky\n.jpg", "image/jpeg", b"s"), Image("map.png", "image/png", b"m")
    turns = (Turn(Role.USER, "Look.", (sky, card)), Turn(Role.ASSISTANT, "Blue."), Turn(Role.USER, "", (card,)))
    prompt = Prompt("system", turns)

    told = without_pictures(prompt)

    assert holds_pictures(prompt)
    assert not holds_pictures(told)
    assert told.system == "system"
    assert [turn.text for turn in told.turns] == [
        "[picture sky .jpg: not shown to this model]\n[picture map.png: not shown to this model]\nLook.",
        "Blue.",
        "[picture map.png: not shown to this model]",
    ]
    assert without_pictures(told) == told
