"""The configured models as they can be asked now: seats by alias, which may be given to another; owns no list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from moai.core.model import Completion, Participant
from moai.core.ports import AIClient, OnText
from moai.core.prompts import Prompt
from moai.errors import UnknownModel

NOT_KNOWN_YET = (
    "What {alias} stands for ({pattern} at {provider}) is not known yet, because the vendor's list of models could "
    "not be read. Try again in a minute; whoever runs the bot can write the whole id into MOAI_MODELS."
)


class Team(Mapping[str, AIClient]):
    """Every configured model's client by its alias, in the order of the configuration; read-only but for `seat`."""

    def __init__(self, clients: Iterable[AIClient]) -> None:
        self._clients = {each.participant.alias: each for each in clients}

    def __getitem__(self, alias: str) -> AIClient:
        return self._clients[alias]

    def __iter__(self) -> Iterator[str]:
        return iter(self._clients)

    def __len__(self) -> int:
        return len(self._clients)

    def seat(self, client: AIClient) -> None:
        """Give a model's seat to another client; whoever is being asked now is not disturbed."""
        alias = client.participant.alias
        if alias not in self._clients:
            raise KeyError(alias)
        self._clients[alias] = client


@dataclass(frozen=True, slots=True)
class Unresolved:
    """The seat of a pattern while nobody knows which model it stands for; `participant.model` is the pattern.

    `sentence` says why, where it is not that the vendor's list could not be read.
    """

    participant: Participant
    sentence: str = ""

    async def complete(self, prompt: Prompt) -> Completion:
        """Raise UnknownModel."""
        return await self.stream(prompt, lambda _: None)

    async def stream(self, prompt: Prompt, on_text: OnText) -> Completion:  # noqa: ARG002 - the port's shape
        """Raise UnknownModel."""
        who = self.participant
        why = self.sentence or NOT_KNOWN_YET.format(alias=who.alias, pattern=who.model, provider=who.provider)
        raise UnknownModel(why)
