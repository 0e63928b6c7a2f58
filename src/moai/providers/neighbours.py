"""Names the models of a vendor that are most like one it does not have; owns the hour's memory of its list."""

from __future__ import annotations

import asyncio
import logging

from moai.core.patterns import nearest
from moai.core.ports import ModelList
from moai.core.records import ListedModel
from moai.errors import ProviderError

logger = logging.getLogger(__name__)

READ_WITHIN_S = 5.0
KEPT_FOR_S = 3600.0


class Neighbours:
    """A vendor's list of models, read when first needed."""

    def __init__(self, models: ModelList) -> None:
        self._models = models
        self._reading = asyncio.Lock()
        self._listed: tuple[ListedModel, ...] = ()
        self._kept_until = 0.0

    async def of(self, model: str) -> tuple[str, ...]:
        """Return up to three ids like the model's, the likest first.

        There are none where the list cannot be read within five seconds, or where the model is in it.
        """
        try:
            async with asyncio.timeout(READ_WITHIN_S), self._reading:
                listed = await self._read()
        except (ProviderError, TimeoutError) as error:
            logger.debug("the list of models cannot be read: %r", error)
            return ()
        return () if any(each.id == model for each in listed) else nearest(model, listed)

    async def _read(self) -> tuple[ListedModel, ...]:
        now = asyncio.get_running_loop().time()
        if now >= self._kept_until:
            self._listed = await self._models.models()
            self._kept_until = now + KEPT_FOR_S
        return self._listed
