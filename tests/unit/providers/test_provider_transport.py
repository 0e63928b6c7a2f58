from __future__ import annotations

import httpx
import pytest

from moai.providers.transport import proxy_for, read_as_it_arrives


@pytest.fixture
def _behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "intranet.example")


@pytest.mark.usefixtures("_behind_a_proxy")
@pytest.mark.parametrize("url", ["https://api.telegram.org", "http://bots.example:8081"])
def test_the_environments_proxy_is_used(url: str) -> None:
    proxy = proxy_for(url)
    assert proxy is not None
    assert str(proxy.url) == "http://proxy.example:3128"


@pytest.mark.usefixtures("_behind_a_proxy")
@pytest.mark.parametrize(
    "url", ["http://localhost:8081", "http://127.0.0.1:8081", "http://[::1]:8081", "https://intranet.example"]
)
def test_loopback_and_exceptions_are_reached_directly(url: str) -> None:
    assert proxy_for(url) is None


def test_without_a_proxy_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert proxy_for("https://api.telegram.org") is None


async def test_a_reply_over_another_transport_is_left_as_it_is() -> None:
    response = httpx.Response(200, content=b"one")
    stream = response.stream

    read_as_it_arrives(response)

    assert response.stream is stream
