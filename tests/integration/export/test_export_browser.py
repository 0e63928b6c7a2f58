"""The HTML document in a real browser, on a phone's width: everything is shown, nothing runs, nothing sticks out."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from moai.core.model import Message, PersonMessage
from tests.support.exports import NASTY, a_discussion, a_head, document, nasty_discussion, nasty_head

PHONE_PX = 390
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --disable-dev-shm-usage --virtual-time-budget=5000 --dump-dom"
)

# The page under test may run no script, so the one around it looks into the frame and tells in its own text.
AROUND = f"""\
<!DOCTYPE html><meta charset="utf-8"><iframe id="frame" src="/page" width="{PHONE_PX}" height="800"></iframe>
<pre id="told" hidden></pre>
<script>
frame.onload = () => {{
  const page = frame.contentWindow, found = page.document;
  const shown = [...found.querySelectorAll("article")].filter(each => each.offsetHeight > 20 && each.offsetWidth > 200);
  told.textContent = JSON.stringify({{
    width: page.innerWidth,
    needed: found.scrollingElement.scrollWidth,
    ran: Boolean(window.pwned || page.pwned),
    articles: shown.map(each => each.textContent),
  }});
}};
</script>"""

GUILTY = """\
<!DOCTYPE html><meta charset="utf-8"><title>x</title><article style="width:900px;height:50px">Wide</article>
<article hidden>Hidden</article><img src=x onerror="parent.pwned=1"><script>parent.pwned=1</script>"""


@pytest.fixture(scope="module")
def chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None and os.environ.get("REQUIRE_BROWSER"):
        pytest.fail("There is no chromium here, and REQUIRE_BROWSER asks for one: apt-get install chromium.")
    if path is None:
        pytest.skip("There is no chromium here to look at the page with: apt-get install chromium.")
    return path


@contextmanager
def served(pages: Mapping[str, str]) -> Iterator[str]:
    """Serve some pages on loopback, and yield where."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((body or "").encode(errors="replace"))

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def seen(chromium: str, page: str, profile: Path) -> dict[str, Any]:
    """Return what a browser makes of a page in a frame as wide as a phone."""
    with served({"/": AROUND, "/page": page}) as url:
        command = [chromium, *FLAGS.split(), f"--user-data-dir={profile}", url]
        dom = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout  # noqa: S603
    told = re.search(r'<pre id="told" hidden="">(.+?)</pre>', dom, re.DOTALL)
    assert told, dom
    found: dict[str, Any] = json.loads(html.unescape(told[1]))
    return found


def test_a_page_that_runs_scripts_and_is_too_wide_would_be_seen(chromium: str, tmp_path: Path) -> None:
    found = seen(chromium, GUILTY, tmp_path)

    assert found["ran"]
    assert found["needed"] > PHONE_PX
    assert found["articles"] == ["Wide"]


def test_every_turn_is_shown_and_nothing_of_it_runs(chromium: str, tmp_path: Path) -> None:
    entries = (*a_discussion(), *nasty_discussion())
    turns = [each for each in entries if isinstance(each, Message | PersonMessage)]

    found = seen(chromium, document("html", a_head(), entries), tmp_path)

    assert not found["ran"]
    assert found["width"] == PHONE_PX
    assert found["needed"] <= PHONE_PX
    assert len(found["articles"]) == len(turns)
    for told in (
        "Should we use Rust?",
        "Memory.",
        "Half an",
        "What of the cost?",
        "I agree now.",
        "Try it on one service.",
    ):
        assert any(told in each for each in found["articles"])
    for told in (NASTY[0], NASTY[1], "<!-- never closed", "]]></style><style>*{display:none}</style>"):
        assert sum(told in each for each in found["articles"]) >= 3


def test_a_project_of_nasty_discussions_is_as_sound(chromium: str, tmp_path: Path) -> None:
    head = nasty_head(is_whole=True)

    found = seen(chromium, document("html", head, a_discussion()), tmp_path)

    assert not found["ran"]
    assert found["needed"] <= PHONE_PX
    assert len(found["articles"]) == len(head.threads) * 10
