"""Who a text addresses: commands, mentions and aliases, however strangely they are written."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.bot.words import aliases_and_question, command_of, first_mention, mentioned, without_address
from tests.support.written import a_message

TEAM = ("claude", "gpt", "gemini")
NAMES = st.text(string.ascii_lowercase + string.digits + "_", min_size=1, max_size=32)


@pytest.mark.parametrize(
    ("text", "aliases"),
    [
        ("@claude why?", ("claude",)),
        ("why, @claude", ("claude",)),
        ("@CLAUDE and @Gpt", ("claude", "gpt")),
        ("@gpt @claude @gpt", ("gpt", "claude")),
        ("@claude,@gpt", ("claude", "gpt")),
        ("@claude.", ("claude",)),
        ("@claude,", ("claude",)),
        ("@claude: why?", ("claude",)),
        ("@claude?", ("claude",)),
        ("@claude's idea", ()),
        ("@claude-code", ()),
        ("https://x.org/?by=@claude", ()),
        ("(@claude)", ("claude",)),
        ("“@claude”", ("claude",)),
        ("ask\n@claude\nnow", ("claude",)),
        ("@claude…why?", ("claude",)),
        ("@claude. Why?", ("claude",)),
    ],
)
def test_a_name_after_an_at_is_addressed(text: str, aliases: tuple[str, ...]) -> None:
    assert mentioned(text, TEAM) == aliases


@pytest.mark.parametrize(
    "text",
    [
        "",
        "claude said that gpt is wrong",
        "me@claude.ai",
        "me@claude",
        "write to claude@claude.ai or gpt@gpt.com",
        "first.last@gpt.com",
        "@claude.ai",
        "https://example.com/@claude",
        "https://medium.com/@claude/why",
        "@claude@mastodon.social",
        "a@@claude",
        "@claude_bot",
        "@claude2",
        "@claudé",
        "@ claude",
        "@",
        "@everyone",
        "/open@claude",
        "＠claude",
        "@" + "claude" * 10,
    ],
)
def test_other_names_addresses_and_links_address_nobody(text: str) -> None:
    assert mentioned(text, TEAM) == ()


@pytest.mark.parametrize("text", ["@all", "@ALL why?", "why, @claude @all?", "@all."])
def test_all_stands_for_the_team(text: str) -> None:
    assert mentioned(text, TEAM) is None


@pytest.mark.parametrize("text", ["@allan", "all@all.com", "at all"])
def test_what_only_looks_like_all_does_not(text: str) -> None:
    assert mentioned(text, TEAM) == ()


@given(st.lists(st.sampled_from(TEAM), max_size=6), st.sampled_from([" ", ", ", "\n", " and ", ": "]))
def test_all_who_are_mentioned_are_addressed_once_in_their_order(names: list[str], gap: str) -> None:
    text = gap.join(f"@{name}" for name in names)

    assert mentioned(text, TEAM) == tuple(dict.fromkeys(names))


@given(st.text())
def test_any_text_addresses_only_who_is_there(text: str) -> None:
    found = mentioned(text, TEAM)

    assert found is None or set(found) <= set(TEAM)
    assert found is not None or "@all" in text.lower()


@given(NAMES.filter(lambda name: name not in TEAM and name != "all"))
def test_a_name_that_nobody_has_addresses_nobody_and_is_told(name: str) -> None:
    assert mentioned(f"@{name} why?", TEAM) == ()
    assert first_mention(f"  @{name} why?") == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("@Claud why?", "claud"),
        ("\n @claud", "claud"),
        ("why, @claud?", ""),
        ("me@claude.ai", ""),
        ("@claude.ai", ""),
        ("@", ""),
        ("", ""),
    ],
)
def test_the_first_mention_is_the_one_that_a_text_begins_with(text: str, name: str) -> None:
    assert first_mention(text) == name


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("@claude why?", "why?"),
        ("@claude, why?", "why?"),
        ("@claude: why?", "why?"),
        (" @claude @gpt, why?", "why?"),
        ("@claude,@gpt why?", "why?"),
        ("@CLAUDE\n\nwhy?", "why?"),
        ("@all why?", "why?"),
        ("@claude why does @gpt disagree?", "why does @gpt disagree?"),
        ("why, @claude?", "why, @claude?"),
        ("@claude", ""),
        ("@claude,", ""),
        ("@nobody @claude why?", "@nobody @claude why?"),
        ("@claude @nobody why?", "@nobody why?"),
        ("@claude_bot why?", "@claude_bot why?"),
        ("@claude /open", "/open"),
        ("@claude ... and then?", "and then?"),
    ],
)
def test_a_question_is_without_the_names_that_it_begins_with(text: str, question: str) -> None:
    assert without_address(text, TEAM) == question


@given(st.text(), st.sampled_from(TEAM))
def test_what_follows_an_address_is_kept(text: str, alias: str) -> None:
    rest = without_address(f"@{alias} {text}", TEAM)

    assert text.endswith(rest) or rest == f"@{alias} {text}".lstrip()
    assert without_address(rest, TEAM) == rest.lstrip()


@pytest.mark.parametrize(
    ("argument", "aliases", "question"),
    [
        ("claude why?", ("claude",), "why?"),
        ("@claude why?", ("claude",), "why?"),
        ("Claude why?", ("claude",), "why?"),
        ("claude: why?", ("claude",), "why?"),
        ("claude,gpt why?", ("claude", "gpt"), "why?"),
        ("@claude,@gpt why?", ("claude", "gpt"), "why?"),
        ("claude, gpt why?", ("claude", "gpt"), "why?"),
        ("claude,  gpt, gemini why?", ("claude", "gpt", "gemini"), "why?"),
        ("claude,claude why?", ("claude",), "why?"),
        ("  claude\nwhy?\nand how?", ("claude",), "why?\nand how?"),
        ("all why?", ("all",), "why?"),
        ("claude", ("claude",), ""),
        ("claude,", ("claude",), ""),
        (",,claude why?", ("claude",), "why?"),
        (", why?", ("why?",), ""),
        ("", (), ""),
        ("  ", (), ""),
        ("@ why?", (), "why?"),
    ],
)
def test_ask_takes_its_aliases_in_any_spelling(argument: str, aliases: tuple[str, ...], question: str) -> None:
    assert aliases_and_question(argument) == (aliases, question)


@given(st.lists(st.sampled_from(TEAM), min_size=1, max_size=4), st.sampled_from([",", ", ", ",  "]), st.text())
def test_however_aliases_are_written_they_are_understood(names: list[str], gap: str, question: str) -> None:
    argument = gap.join(f"@{name}" for name in names) + f" {question}"

    assert aliases_and_question(argument) == (tuple(dict.fromkeys(names)), question)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/open why?", ("open", "")),
        ("/Open@MoAI_bot why?", ("open", "moai_bot")),
        ("/open@", ("open", "")),
        ("/open\nwhy?", ("open", "")),
        ("/", ("", "")),
        ("/@moai_bot", ("", "moai_bot")),
        ("open", ("", "")),
        ("why /open?", ("", "")),
        (" /open", ("", "")),
        ("", ("", "")),
        (None, ("", "")),
    ],
)
def test_a_command_is_told_with_the_bot_that_it_names(text: str | None, command: tuple[str, str]) -> None:
    assert command_of(a_message(text)) == command


def test_a_caption_may_begin_with_a_command() -> None:
    assert command_of(a_message(caption="/claude what is this?")) == ("claude", "")
