"""The log: one line per record, and no secret in it, wherever it came from."""

import io
import logging
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest

from moai.log import INDISCREET, TALKATIVE, configure_logging, scrub

TOKEN = "123456789:AAH0123456789abcdefghijklmnopqrstuvw"
PASSWORD = "p@ss/wörd’s\\"
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (DEBUG|INFO|WARNING|ERROR) ([\w.]+) (.*)")
logger = logging.getLogger("moai.tests.log")

Configure = Callable[..., io.StringIO]


@pytest.fixture
def configure() -> Iterator[Configure]:
    root = logging.getLogger()
    level = root.level

    def configured(level: str = "INFO", secrets: tuple[str, ...] = ()) -> io.StringIO:
        stream = io.StringIO()
        configure_logging(level, secrets, stream)
        return stream

    yield configured
    configure_logging("WARNING", (), io.StringIO())
    root.handlers[:] = [handler for handler in root.handlers if handler.name != "moai"]
    root.setLevel(level)
    for name in (*TALKATIVE, *INDISCREET):
        logging.getLogger(name).setLevel(logging.NOTSET)


def test_a_record_is_one_line(configure: Configure) -> None:
    stream = configure()

    logger.info("asked %d models", 3)

    matched = LINE.fullmatch(stream.getvalue().rstrip("\n"))
    assert matched
    assert matched.groups() == ("INFO", "moai.tests.log", "asked 3 models")


def test_what_people_write_cannot_forge_a_line(configure: Configure) -> None:
    stream = configure()

    logger.warning("said %s", "hello\n2026-01-01 ERROR moai forged\x1b[31m\u2028")

    assert stream.getvalue().count("\n") == 1
    assert "\\n2026" in stream.getvalue()
    assert "\\x1b[31m\\u2028" in stream.getvalue()


def test_an_exception_follows_its_line_indented(configure: Configure) -> None:
    stream = configure()

    try:
        int(f"https://api.telegram.org/bot{TOKEN}/getMe")
    except ValueError:
        logger.exception("broken", stack_info=True)

    first, *rest = stream.getvalue().splitlines()
    assert first.endswith("broken")
    assert "    Traceback (most recent call last):" in rest
    assert any("'https://api.telegram.org/bot[secret]/getMe'" in line for line in rest)
    assert "    Stack (most recent call last):" in rest
    assert all(line.startswith("    ") for line in rest)


def test_a_record_that_does_not_fit_its_arguments_is_kept_and_scrubbed(
    configure: Configure, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # pytest's own would raise
    stream = configure(secrets=("my-secret",))

    logger.error("%d of %s", *["my-secret"])

    assert "%d of %s" in stream.getvalue()
    assert "my-secret" not in stream.getvalue() + capsys.readouterr().err


@pytest.mark.parametrize("form", [PASSWORD, quote(PASSWORD), quote(PASSWORD, safe=""), repr(PASSWORD)[1:-1]])
def test_a_known_secret_is_hidden_in_every_spelling(configure: Configure, form: str) -> None:
    stream = configure(secrets=(PASSWORD, "another-secret"))

    logger.info("url %s", f"x{form}x")

    assert form not in stream.getvalue()
    assert stream.getvalue().count("x[secret]x") == 1


def test_a_secret_within_a_secret_leaves_no_rest(configure: Configure) -> None:
    configure(secrets=("secret", "secret-and-more"))

    assert scrub("a secret-and-more b") == "a [secret] b"


def test_short_secrets_do_not_spoil_ordinary_words(configure: Configure) -> None:
    configure(secrets=("moai", ""))

    assert scrub("moai runs") == "moai runs"


@pytest.mark.parametrize(
    "secret",
    [
        TOKEN,
        TOKEN.replace(":", "%3A"),
        "sk-proj-0123456789abcdefghij",
        "sk-ant-api03-0123456789_abcdefghij",
        "sk-or-v1-0123456789abcdefghij",
        "AIzaSyA0123456789abcdefghijklmnopqrstu",
        "AQ.Ab8RN6I0123456789abcdefghijklmnopqrstu",
    ],
)
def test_what_looks_like_a_secret_is_hidden_without_being_known(configure: Configure, secret: str) -> None:
    configure()

    assert scrub(f"key={secret}&x") == "key=[secret]&x"


def test_credentials_in_urls_and_headers_are_hidden(configure: Configure) -> None:
    configure()

    assert scrub("postgresql://me:pw@host/db") == "postgresql://[secret]@host/db"
    assert scrub("Authorization: Bearer abcdefghijklmnop") == "Authorization: Bearer [secret]"


@pytest.mark.parametrize(
    "text",
    ["task-sk-ip and ask-1", "12:30 and 2026-11-22T10:00:00", "http://localhost:8080/v1", "a Bearer of news"],
)
def test_ordinary_text_is_left_alone(configure: Configure, text: str) -> None:
    configure()

    assert scrub(text) == text


@pytest.mark.parametrize(
    ("level", "name", "heard"),
    [
        ("INFO", "httpx", ["WARNING"]),
        ("INFO", "telegram.ext", ["WARNING"]),
        ("INFO", "moai.core", ["INFO", "WARNING"]),
        ("DEBUG", "httpx", ["INFO", "WARNING"]),
        ("ERROR", "httpx", []),
        ("DEBUG", "telegram.ext.Application", ["WARNING"]),
        ("DEBUG", "aiosqlite", ["WARNING"]),
        ("ERROR", "telegram", []),
    ],
)
def test_talkative_libraries_are_lowered(configure: Configure, level: str, name: str, heard: list[str]) -> None:
    stream = configure(level)

    logging.getLogger(name).info("HTTP Request: POST https://api.telegram.org/bot%s/getMe", TOKEN)
    logging.getLogger(name).warning("slow")

    assert [line.split()[1] for line in stream.getvalue().splitlines()] == heard
    assert TOKEN not in stream.getvalue()


def test_configuring_again_replaces(configure: Configure) -> None:
    first = configure()
    second = configure()

    logger.info("once")

    assert first.getvalue() == ""
    assert second.getvalue().count("once") == 1
