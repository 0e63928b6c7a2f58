"""A vendor's own list of models over HTTP: owns its pages, and which of them are of use in a chat."""

from __future__ import annotations

import asyncio
from functools import partial

import httpx

from moai.core.records import ListedModel
from moai.providers.chat_models import chats
from moai.providers.exchange import ask_for_json
from moai.providers.http import Patience
from moai.providers.wire import ModelPage, Target, Wire

LIST_TIMEOUT_S = 20.0
"""Seconds for the whole list, with every page and every attempt."""

_MOST_PAGES = 50


class HttpModelList:
    """A ModelList over HTTP; `target` names no model. Borrows the HTTP client, and keeps nothing."""

    def __init__(self, *, wire: Wire, target: Target, patience: Patience, http: httpx.AsyncClient) -> None:
        self._wire = wire
        self._target = target
        self._patience = patience
        self._http = http

    async def models(self) -> tuple[ListedModel, ...]:
        """Return the models that chat, in the vendor's order; raise ProviderError."""
        ends_at = asyncio.get_running_loop().time() + self._patience.answer_timeout_s
        found: list[ListedModel] = []
        after = ""
        for _ in range(_MOST_PAGES):
            page = await self._page(after, ends_at)
            found += page.models
            if page.next in ("", after):
                break
            after = page.next
        return tuple(each for each in found if chats(each.id))

    async def _page(self, after: str, ends_at: float) -> ModelPage:
        headers = {"Accept": "application/json", **self._wire.headers(self._target)}
        open_reply = partial(self._http.stream, "GET", self._wire.models_url(self._target, after), headers=headers)
        return await ask_for_json(self._target, self._patience, ends_at, open_reply, self._wire.listed)
