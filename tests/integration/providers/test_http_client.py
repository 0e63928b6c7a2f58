"""The shared HTTP client: proxies from the environment, and nothing that limits hundreds of streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from moai.providers.http import open_http_client
from moai.settings import Limits


@asynccontextmanager
async def a_proxy() -> AsyncIterator[tuple[str, list[bytes]]]:
    """Serve as a proxy that answers everything itself, and note the first line of each request."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        asked.append(head.split(b"\r\n")[0])
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", asked


async def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with a_proxy() as (address, asked):
        monkeypatch.setenv("HTTP_PROXY", address)
        async with open_http_client(Limits()) as http:
            reply = await http.get("http://vendor.test/v1")

    assert reply.text == "ok"
    assert asked == [b"GET http://vendor.test/v1 HTTP/1.1"]


async def test_nothing_on_this_machine_is_behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with a_proxy() as (proxy, through), a_proxy() as (here, straight):
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("ALL_PROXY", proxy)
        async with open_http_client(Limits()) as http, http.ask(f"{here}/v1", b"{}", {}) as reply:
            await reply.aread()

    assert (through, straight) == ([], [b"POST /v1 HTTP/1.1"])


async def test_each_address_has_its_own_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with a_proxy() as (proxy, through), a_proxy() as (here, straight):
        monkeypatch.setenv("ALL_PROXY", proxy.removeprefix("http://"))
        monkeypatch.setenv("no_proxy", "")
        async with open_http_client(Limits()) as http:
            for url in ("http://one.test/", f"{here}/", "http://two.test/", "http://one.test/again"):
                assert (await http.get(url)).text == "ok"

    assert [line.split()[1] for line in through] == [b"http://one.test/", b"http://two.test/", b"http://one.test/again"]
    assert [line.split()[1] for line in straight] == [b"/"]


async def test_the_time_outs_are_the_limits() -> None:
    async with open_http_client(Limits(connect_timeout_s=1, silence_timeout_s=2)) as http:
        assert http.timeout.as_dict() == {"connect": 1, "read": 2, "write": 2, "pool": None}
        assert http.headers["User-Agent"].startswith("moai/")
        assert not http.follow_redirects


async def test_the_proxy_of_the_environment_is_asked_for_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy", "HTTP_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "localhost")
    async with a_proxy() as (address, asked):
        monkeypatch.setenv("ALL_PROXY", address)
        async with open_http_client(Limits()) as http, http.ask("http://vendor.test/v1", b"{}", {}) as reply:
            body = await reply.aread()

    assert body == b"ok"
    assert asked == [b"POST http://vendor.test/v1 HTTP/1.1"]


async def test_what_is_sent_for_an_answer() -> None:
    async with open_http_client(Limits()) as http, a_proxy() as (address, _):
        async with http.ask(f"{address}/v1?a=b", b"{}", {"Accept": "text/event-stream"}) as reply:
            sent = reply.request.headers

        assert sent["User-Agent"] == http.headers["User-Agent"]
        assert sent["Accept-Encoding"] == http.headers["Accept-Encoding"]
        assert (sent["Accept"], sent["Content-Length"]) == ("text/event-stream", "2")
    assert reply.is_closed
