"""Which proxy of the environment is for which address, and what is said of one that is none."""

from __future__ import annotations

import pytest

from moai.errors import ConfigurationError
from moai.providers.proxies import proxy_for

VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
PROXY = "http://proxy.example:3128"
TELEGRAM = "https://api.telegram.org"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def _behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("http_proxy", PROXY)
    monkeypatch.setenv("no_proxy", "intranet.example,gateway.example:8443,10.0.0.7")


def found(url: str) -> str | None:
    proxy = proxy_for(url)
    return str(proxy.url) if proxy else None


@pytest.mark.usefixtures("_behind_a_proxy")
@pytest.mark.parametrize("url", [TELEGRAM, "http://bots.example:8081", "https://gateway.example", "http://10.0.0.8"])
def test_the_environments_proxy_is_used(url: str) -> None:
    assert found(url) == PROXY


@pytest.mark.usefixtures("_behind_a_proxy")
@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8081",
        "http://ollama.localhost",
        "http://127.0.0.1:8081",
        "http://[::1]:8081",
        "http://0.0.0.0:11434/v1",
        "https://intranet.example",
        "https://bots.intranet.example",
        "https://gateway.example:8443/v1",
        "http://10.0.0.7:8000",
    ],
)
def test_this_machine_and_exceptions_are_reached_directly(url: str) -> None:
    assert found(url) is None


def test_without_a_proxy_there_is_none() -> None:
    assert found(TELEGRAM) is None


def test_one_proxy_may_be_for_all_that_has_none_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://all.example")
    monkeypatch.setenv("HTTP_PROXY", PROXY)

    assert (found(TELEGRAM), found("http://bots.example")) == ("http://all.example", PROXY)


def test_a_proxy_without_a_scheme_is_spoken_to_over_http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "me:geheim@proxy.example:3128")

    proxy = proxy_for(TELEGRAM)

    assert proxy is not None
    assert (str(proxy.url), proxy.auth) == (PROXY, ("me", "geheim"))


NO_PROXIES = [
    "gopher://me:geheim@proxy.example",
    "socks5://me:geheim@proxy.example:1080",
    "http://me:geheim@[::1",
    "http://me:geheim@proxy.example:99999",
    "http://me:geheim@proxy.example:geheim",
    "http://me:geheim@",
    "http://me:geheim@proxy..example",
    "http://me:geheim@xn--",
    "http://m%3Ae:geheim@proxy.example",
    "http://me:geheim%E2%98%83@proxy.example",
]


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize("address", NO_PROXIES)
def test_what_is_no_proxy_is_told_and_not_shown(address: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, address)

    with pytest.raises(ConfigurationError) as caught:
        proxy_for(TELEGRAM)

    (problem,) = caught.value.problems
    assert problem.startswith(f"{variable} names no proxy that can be used: write it like http://host:8080")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_what_is_no_proxy_harms_nobody_who_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://[::1")
    monkeypatch.setenv("ALL_PROXY", PROXY)

    assert found("https://localhost") is None
    assert found("http://bots.example") == PROXY

    monkeypatch.setenv("NO_PROXY", "*")
    assert found(TELEGRAM) is None
