"""Calls to the simulator over raw HTTP, for what python-telegram-bot never sends."""

from __future__ import annotations

import json
from typing import Any

import httpx


class Api:
    """Calls methods as JSON and returns what was answered."""

    def __init__(self, client: httpx.AsyncClient, base: str) -> None:
        self.client = client
        self.base = base

    async def __call__(self, method: str, **params: Any) -> Any:
        """Return the result of a call that must go through."""
        answer = await self.post(method, params)
        body = answer.json()
        assert (answer.status_code, body["ok"]) == (200, True), body
        return body["result"]

    async def post(self, method: str, params: dict[str, Any]) -> httpx.Response:
        """Return what HTTP answers; lone surrogates travel as escapes, as a JSON library sends them."""
        headers = {"content-type": "application/json"}
        return await self.client.post(f"{self.base}/{method}", content=json.dumps(params), headers=headers)

    async def refusal(self, method: str, **params: Any) -> str:
        """Return the description of a call that must be refused; its code is that of the HTTP status."""
        answer = await self.post(method, params)
        body = answer.json()
        assert body["ok"] is False, body
        assert body["error_code"] == answer.status_code
        return str(body["description"])
