"""One model behind any wire format over HTTP: owns the order of request, retries, stream and verdict."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace

import httpx

from moai.core.model import Completion, Participant
from moai.core.ports import OnText
from moai.core.prompts import Prompt
from moai.errors import ProviderError, RequestRejected, UnknownModel
from moai.providers import sentences
from moai.providers.answer import GrowingAnswer
from moai.providers.errors import check_whole, from_fault, from_reply, translated
from moai.providers.http import HttpClient, Patience
from moai.providers.neighbours import Neighbours
from moai.providers.pictures import holds_pictures, refuses_pictures, without_pictures
from moai.providers.retry import Retrying
from moai.providers.stream import read_pieces
from moai.providers.text import mend
from moai.providers.wire import Json, Target, Wire

_LINGER_S = 2.0
_AMENDMENTS = 3


@dataclass(frozen=True, slots=True)
class _Question:
    """What all attempts at one answer share; `started_at` and `ends_at` are seconds of the loop's clock."""

    prompt: Prompt
    on_text: OnText
    clock: Callable[[], float]
    started_at: float
    ends_at: float


class HttpAIClient:
    """An AIClient over HTTP; borrows the HTTP client and serves many calls at once.

    All that it learns is whether its model takes no pictures. `neighbours` names models like one that is unknown.
    """

    def __init__(
        self,
        participant: Participant,
        *,
        wire: Wire,
        target: Target,
        patience: Patience,
        http: HttpClient,
        neighbours: Neighbours | None = None,
    ) -> None:
        self._participant = participant
        self._wire = wire
        self._target = target
        self._patience = patience
        self._http = http
        self._neighbours = neighbours
        self._takes_no_pictures = False

    @property
    def participant(self) -> Participant:
        """Who this is at the table."""
        return self._participant

    async def complete(self, prompt: Prompt) -> Completion:
        """Return the whole answer; raise ProviderError."""
        return await self.stream(prompt, lambda _text: None)

    async def stream(self, prompt: Prompt, on_text: OnText) -> Completion:
        """Return the whole answer, handing its words to `on_text` as they come; raise ProviderError.

        Asks again where that can help, but never once a word has come.
        """
        clock = asyncio.get_running_loop().time
        now = clock()
        ends_at = now + self._patience.answer_timeout_s
        question = _Question(prompt, on_text, clock, now, ends_at)
        again = Retrying(self._patience.max_retries, lambda: ends_at - clock())
        try:
            return await again(self._attempt, question)
        except UnknownModel as error:
            nearest = await self._neighbours.of(self._target.model) if self._neighbours else ()
            if not nearest:
                raise
            raise UnknownModel(sentences.unknown_model(self._target, nearest), reply=error.reply) from error

    async def _attempt(self, question: _Question) -> Completion:
        """Ask, and without the pictures where the model takes none."""
        if not holds_pictures(question.prompt):
            return await self._insist(question, question.prompt)
        if not self._takes_no_pictures:
            try:
                return await self._insist(question, question.prompt)
            except ProviderError as error:
                if error.partial or not refuses_pictures(error):
                    raise
        completion = await self._insist(question, without_pictures(question.prompt))
        # Only now is it sure: without its pictures the same request was good.
        self._takes_no_pictures = True
        return replace(completion, unseen=True)

    async def _insist(self, question: _Question, prompt: Prompt) -> Completion:
        """Ask, and again where the vendor says what to leave out."""
        payload = self._wire.payload(self._target, prompt)
        for _ in range(_AMENDMENTS):
            try:
                return await self._ask(question, payload)
            except RequestRejected as error:
                amended = self._wire.amended(payload, error.reply.detail)
                if amended is None or amended == payload or error.partial:
                    raise
                payload = amended
        return await self._ask(question, payload)

    async def _ask(self, question: _Question, payload: Json) -> Completion:
        answer = GrowingAnswer(
            question.on_text,
            inline_thoughts=self._wire.INLINE_THOUGHTS,
            started_at=question.started_at,
            clock=question.clock,
        )
        with translated(self._target, self._patience, answer):
            async with asyncio.timeout_at(question.ends_at) as deadline, self._reply(payload) as response:
                await self._listen(response, answer, deadline)
        check_whole(self._target, answer)
        return answer.completion(self._target.model)

    async def _listen(self, response: httpx.Response, answer: GrowingAnswer, deadline: asyncio.Timeout) -> None:
        async with aclosing(read_pieces(response, self._wire.parse)) as pieces:
            async for piece in pieces:
                if piece.fault:
                    raise from_fault(self._target, piece.fault, response.headers)
                ended_before = answer.end is not None
                answer.add(piece)
                if answer.end is not None and not ended_before:
                    # The usage may follow, and a stream read to its end leaves the connection to the next.
                    soon = asyncio.get_running_loop().time() + _LINGER_S
                    deadline.reschedule(min(soon, deadline.when() or soon))

    @asynccontextmanager
    async def _reply(self, payload: Json) -> AsyncIterator[httpx.Response]:
        """Open a reply with status 200; raise what any other is. Leaving closes the connection."""
        content = mend(json.dumps(payload, ensure_ascii=False)).encode()
        headers = {
            "Content-Type": "application/json",
            "Accept": "text/event-stream, application/json",
            **self._wire.headers(self._target),
        }
        url = self._wire.url(self._target)
        async with self._http.ask(url, content, headers) as response:
            if response.status_code != httpx.codes.OK:
                raise from_reply(self._target, response.status_code, response.headers, await response.aread())
            yield response
