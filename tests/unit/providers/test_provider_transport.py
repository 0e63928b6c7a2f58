"""The line to one server."""

from __future__ import annotations

import httpx

from moai.providers.transport import read_as_it_arrives


async def test_a_reply_over_another_transport_is_left_as_it_is() -> None:
    response = httpx.Response(200, content=b"one")
    stream = response.stream

    read_as_it_arrives(response)

    assert response.stream is stream
