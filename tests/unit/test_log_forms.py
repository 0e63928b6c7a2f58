"""The log's two forms: whose work a line is part of, JSON that stays JSON, and no secret in either."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.core.tracing import asking, context_of, current_trace, trace_of
from moai.log import FORMS, HIDDEN, configure_logging
from tests.support.fakes import a_run

SECRET = 'a "secret"\\ of\nseveral línes'
TOKEN = "123456789:AAH0123456789abcdefghijklmnopqrstuvw"
logger = logging.getLogger("moai.tests.forms")


def logged(form: str, log: Callable[[], object], traced: Callable[[], Mapping[str, Any]] = current_trace) -> str:
    stream = io.StringIO()
    configure_logging("INFO", (SECRET,), stream, form=form, traced=traced)
    log()
    return stream.getvalue()


def crash(words: str) -> None:
    logger.error("broken by %s", words, exc_info=_raised(ValueError(words)))


def _raised(error: Exception) -> Exception:
    with suppress(ValueError):
        raise error
    return error


def test_a_line_tells_whose_work_it_is() -> None:
    def work() -> None:
        with asking("claude"):
            logger.info("asked")

    line = logged("text", lambda: context_of(trace_of(a_run(discussion_id=3, id=7))).run(work))

    assert line.endswith("Z INFO moai.tests.forms [discussion=3 run=7 model=claude] asked\n")


def test_a_line_that_is_nobodys_work_tells_nobody() -> None:
    assert logged("text", lambda: logger.info("listening")).endswith("Z INFO moai.tests.forms listening\n")


def test_json_is_one_object_a_line() -> None:
    line = logged("json", lambda: logger.info("asked %d\nmodels\u2028", 3), lambda: {"discussion": 3, "run": 7})

    record = json.loads(line)
    assert line.count("\n") == 1
    assert len(line.splitlines()) == 1
    assert record.pop("time").endswith("Z")
    assert record == {
        "level": "INFO",
        "logger": "moai.tests.forms",
        "discussion": 3,
        "run": 7,
        "message": "asked 3\nmodels\u2028",
    }


def test_a_traceback_is_part_of_the_object() -> None:
    record = json.loads(logged("json", lambda: crash("cause")))

    assert record["message"] == "broken by cause"
    assert record["traceback"].startswith("Traceback (most recent call last):\n")
    assert record["traceback"].endswith("ValueError: cause")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("secret", [SECRET, repr(SECRET), json.dumps(SECRET), TOKEN])
def test_no_form_shows_a_secret_nor_does_its_traceback(form: str, secret: str) -> None:
    line = logged(form, lambda: crash(f"https://host/bot{secret}/getMe"))

    spelt = [SECRET, repr(SECRET)[1:-1], json.dumps(SECRET)[1:-1], TOKEN]
    assert not [each for each in spelt if each in line]
    assert line.count(HIDDEN) >= 2


@given(st.text(), st.text())
def test_json_survives_whatever_is_logged(words: str, cause: str) -> None:
    line = logged("json", lambda: logger.error("%s", f"http://{words}:{cause}@x {words}", exc_info=ValueError(cause)))

    record = json.loads(line)
    assert line.count("\n") == 1
    assert {"time", "level", "logger", "message", "traceback"} == set(record)
