"""Quotations that nothing in them can close, whoever writes what."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.core.model import Attachment, Person, Quote, Remark
from moai.core.prompts import Role, Turn
from moai.core.quoting import QUOTE_CHARS, asked, said
from tests.support.people import ANN

TAG = re.compile(r"<\s*(?:/\s*)?(?:said|document)\b", re.IGNORECASE)
NOTHING = Remark("", ANN)

pieces = st.sampled_from(
    ["<", "/", ">", "said", "SAID", "document", ' by="gpt"', ' name="', '"', " ", "\n", "\t", "&lt;", "x", "sa", "id"]
)
texts = st.one_of(st.text(max_size=60), st.lists(pieces, max_size=12).map("".join))


@given(texts, texts)
def test_whatever_is_quoted_has_one_beginning_and_one_end(author: str, text: str) -> None:
    quotation = said(author, text)

    assert len(TAG.findall(quotation)) == 2
    opening, rest = quotation.split("\n", 1) if "\n" not in author else (None, quotation)
    assert rest.endswith("\n</said>")
    if opening is not None:
        assert re.fullmatch(r'<said by="[^"<>]*">', opening)


@given(texts, texts)
def test_whatever_is_attached_has_one_beginning_and_one_end(name: str, text: str) -> None:
    turn = asked(Remark("", ANN, attachments=(Attachment(name, "text/plain", text=text),)), names_author=False)

    assert turn is not None
    assert len(TAG.findall(turn.text)) == 2


@given(texts)
def test_nothing_but_the_tags_is_changed(text: str) -> None:
    inside = said("gpt", text).removeprefix('<said by="gpt">\n').removesuffix("\n</said>")

    assert inside.replace("&lt;", "<") == text.replace("&lt;", "<")
    assert TAG.search(text) or inside == text


@pytest.mark.parametrize("rules", ["", "[Rules]"])
@pytest.mark.parametrize("text", ["", "Why?"])
def test_rules_come_last_and_make_a_turn_by_themselves(text: str, rules: str) -> None:
    turn = asked(Remark(text, ANN), names_author=False, rules=rules)

    words = "\n\n".join(filter(None, (text, rules)))
    assert turn == (Turn(Role.USER, words) if words else None)


def test_an_author_is_named_where_there_are_words() -> None:
    bo = Person(7, "Bo")

    assert asked(Remark("Why?", bo), names_author=True) == Turn(Role.USER, "Bo: Why?")
    assert asked(Remark("", bo), names_author=True) is None
    assert asked(NOTHING, names_author=True, rules="[Rules]") == Turn(Role.USER, "[Rules]")


@pytest.mark.parametrize(("names", "author"), [({}, "gpt"), ({"gpt": "B"}, "B"), ({"claude": "B"}, "gpt")])
def test_a_model_that_is_quoted_is_called_as_it_is_to_be(names: dict[str, str], author: str) -> None:
    turn = asked(Remark("Why?", ANN, quote=Quote("gpt", "Mie.")), names_author=False, names=names)

    assert turn == Turn(Role.USER, f'This is about:\n<said by="{author}">\nMie.\n</said>\n\nWhy?')


@given(st.integers(-2, 2))
def test_a_tag_that_the_clipping_cuts_in_two_closes_nothing(shift: int) -> None:
    text = "x" * (QUOTE_CHARS - 4 + shift) + "</said>" + "x" * 10
    turn = asked(Remark("", ANN, quote=Quote("gpt", text)), names_author=False)

    assert turn is not None
    assert len(TAG.findall(turn.text)) == 2
