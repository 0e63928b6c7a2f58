"""Keys and tokens: in no log at any level, no error, no chat, no document, no row; also where a vendor echoes them."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from moai.log import configure_logging
from moai.settings import load_settings
from moai.simulator.faults import Refuse, ServerError
from moai.simulator.vendors_scripts import Fails, HangsUp, Says
from tests.support.house import CLAUDE, GEMINI, GPT, TEAM, House
from tests.support.process import moai, output_of

QUESTION = "Why is the sky blue?"
STATUSES = ((400, 400, 400), (422, 401, 500))


def files_of(folder: Path) -> bytes:
    """Return everything that is written on the disk below a folder."""
    return b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())


def secrets_in(house: House, text: str | bytes) -> list[str]:
    """Return the secrets that stand in a text, or any longer part of one."""
    words = text if isinstance(text, bytes) else text.encode()
    return [each for each in house.settings.secrets if each.encode() in words or each[6:].encode() in words]


async def at_debug(house: House) -> None:
    await house.stop()
    house.configure(log_level="DEBUG")
    await house.start()


async def everything_said(house: House, chat: Any) -> str:
    """Return all that a chat shows, and all documents of it."""
    shown = [each.text for each in chat.bot_messages]
    for ending in ("md", "html", "json"):
        asked = chat.says(f"/export {ending}")
        message = await chat.shows(lambda each: each.document is not None, after=asked)
        shown.append(message.document.text)
    return "\n".join([*shown, *(str(call.params) for call in house.sim.calls)])


@pytest.mark.parametrize("statuses", STATUSES, ids=str)
@pytest.mark.parametrize("shape", ["message", "plain text", "json of its own"])
async def test_a_key_that_a_vendor_echoes_is_told_to_nobody(
    house: House, shape: str, statuses: tuple[int, ...]
) -> None:
    await at_debug(house)
    for spec, status in zip(TEAM, statuses, strict=True):
        key = house.vendors.keys[spec.provider]
        echo = f"The header 'Authorization: Bearer {key}' was not expected here, nor '{key}'."
        body = {"plain text": echo, "json of its own": {"detail": echo, "key": key}}.get(shape)
        house.vendors.script(spec.model, Fails(status, message=echo, body=body))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    await house.runs_are_over()
    await chat.until(lambda talk: len(talk.bot_messages) == len(TEAM))
    assert len(house.rows("select id from messages where failure_code is not null")) == len(TEAM)
    assert "was not expected here" in str(chat)
    told = await everything_said(house, chat)
    await house.stop()
    assert not secrets_in(house, told)
    assert not secrets_in(house, house.log.getvalue())
    assert not secrets_in(house, files_of(house.database.parent))
    assert len(house.log.getvalue()) > 1_000


async def test_no_fault_of_telegram_brings_the_token_into_the_log(house: House) -> None:
    await at_debug(house)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    refusal = Refuse(400, f"Bad Request: wrong url https://api.telegram.org/bot{house.sim.token}/sendMessage")
    for method, fault in (("sendMessage", refusal), ("sendMessage", ServerError()), ("getUpdates", ServerError())):
        house.sim.faults.next(method, fault)
    house.vendors.script(GPT.model, HangsUp())
    chat.says(f"/open {QUESTION}")
    await house.runs_are_over()
    await chat.shows("gemini · ")
    told = await everything_said(house, chat)
    await house.stop()
    assert not secrets_in(house, told.replace(house.sim.base_url, ""))
    assert not secrets_in(house, house.log.getvalue())
    assert not secrets_in(house, files_of(house.database.parent))


async def test_a_bug_leaves_a_traceback_in_the_log_and_a_sentence_in_the_chat(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await at_debug(house)
    key = house.vendors.keys["anthropic"]

    def stumble(*_: object) -> None:
        raise RuntimeError(f"headers were {{'x-api-key': {key!r}}} at /bot{house.sim.token}/getMe")

    monkeypatch.setattr("moai.bot.handlers.commands.greeting", lambda *_, **__: stumble())
    monkeypatch.setattr("moai.core.orchestrator.prompt_for", stumble)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/start")
    await chat.shows("Something went wrong inside MoAI, and it was written to the log.")
    chat.says(f"/open {QUESTION}")
    await chat.shows("Something went wrong inside MoAI and this run ended early.")
    await house.runs_are_over()
    assert not any("Traceback" in each.text or "RuntimeError" in each.text for each in chat.bot_messages)
    assert not secrets_in(house, "\n".join(each.text for each in chat.bot_messages))
    assert house.log.getvalue().count("RuntimeError: headers were {'x-api-key': '[secret]'} at /bot[secret]/getMe") == 2
    assert not secrets_in(house, house.log.getvalue())


async def test_what_people_say_is_not_in_the_log(house: House) -> None:
    await at_debug(house)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    house.vendors.script(CLAUDE.model, Says("The answer is tangerine."))
    house.vendors.script(GEMINI.model, Fails(500))
    chat.says("/open The password is swordfish.")
    await house.runs_are_over()
    await chat.shows("tangerine")
    await house.stop()
    assert "run" in house.log.getvalue()
    assert "swordfish" not in house.log.getvalue()
    assert "tangerine" not in house.log.getvalue()


async def test_a_key_that_a_person_pastes_is_that_persons_own(house: House) -> None:
    """MoAI hides its own secrets, not people's: these go to the models and into the history, but not into the log."""
    await at_debug(house)
    pasted = "sk-ant-0123456789abcdefghijklmnop"
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/claude Is {pasted} a key?")
    await house.runs_are_over()
    await chat.shows("claude · ")
    assert pasted in house.vendors_question(house.vendors.requests[0])
    assert pasted in await everything_said(house, chat)
    assert pasted not in house.log.getvalue()


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder to be in, and no variable of ours."""
    monkeypatch.chdir(tmp_path)
    for name in ("TELEGRAM_BOT_TOKEN", "OPENAI_API_KEY", "OPENAI_BASE_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    yield tmp_path
    configure_logging("WARNING", (), io.StringIO())
    root = logging.getLogger()
    root.handlers[:] = [each for each in root.handlers if each.name != "moai"]


def test_what_others_can_read_on_this_machine_or_on_the_way_is_warned_about(environment: Path) -> None:
    env_file, database = environment / ".env", environment / "moai.db"
    env_file.write_text(
        "TELEGRAM_BOT_TOKEN=123456789:AAH0123456789abcdefghijklmnopqrstuvw\nMOAI_ALLOWED_USERS=1\n"
        "OPENAI_API_KEY=sk-0123456789abcdefghij\nOPENAI_BASE_URL=http://models.example.org/v1\n"
        "TELEGRAM_API_BASE_URL=http://telegram.example.org\n"
    )
    database.write_bytes(b"")
    for file in (env_file, database):
        file.chmod(0o644)
    told = " ".join(load_settings().warnings)
    for words in (
        ".env holds secrets",
        "chmod 600 moai.db",
        "The provider openai",
        "Telegram is reached over plain http",
    ):
        assert words in told
    for file in (env_file, database):
        file.chmod(0o600)
    env_file.write_text(env_file.read_text().replace("http://", "https://"))
    assert load_settings().warnings == ()


async def test_a_wrong_configuration_is_told_without_its_values(tmp_path: Path) -> None:
    secret = "sk-0123456789abcdefghijklmnop"
    variables = {
        "TELEGRAM_BOT_TOKEN": f"wrong {secret}",
        "OPENAI_API_KEY": f"{secret}\u2028",
        "DATABASE_URL": f"mysql://moai:{secret}@host/moai",
        "MOAI_ALLOWED_USERS": secret,
        "MOAI_OPENAI_KEY": secret,
    }
    async with moai("run", variables, tmp_path) as process:
        out, err, code = await output_of(process)
    assert code == 2
    assert len(err.splitlines()) >= 4
    assert "Traceback" not in err
    assert secret not in out + err
