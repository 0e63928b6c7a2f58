"""The errors that MoAI raises on purpose, and the sentence that each has for people.

    MoaiError
    ├── ConfigurationError        the settings cannot be used; carries every problem at once
    ├── InvalidInput              what a person wrote cannot be used; the sentence says what to do instead
    ├── BudgetReached             what a chat may spend in a day does not allow it
    ├── TokenRefused              Telegram does not accept the bot's token
    ├── TelegramUnreachable       Telegram gives no answer
    ├── StorageError              the database cannot be used
    │   ├── NotFound              there is no such row
    │   └── TenureLost            another instance may work on the database by now
    └── ProviderError             a model gave no answer
        ├── WrongKey              401, 403
        ├── UnknownModel          404
        ├── OutOfCredit           402, or a vendor's word for it
        ├── RequestRejected       any other 4xx
        ├── RateLimited           429
        ├── Overloaded            5xx, 529
        ├── Unreachable           no connection
        ├── TimedOut              no first word, silence between words, or too long over all
        ├── Refused               a safety filter
        ├── CutOff                the stream ended in mid-answer; `partial` holds what came
        ├── EmptyAnswer           a whole answer without a word in it
        └── MalformedAnswer       a body that is not the format

A class's docstring is its default sentence. Bugs are not here: they propagate as what they are.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import ClassVar


class MoaiError(Exception):
    """Something went wrong in MoAI."""

    retryable: ClassVar[bool] = False

    def __init__(self, sentence: str | None = None) -> None:
        self.sentence = sentence or inspect.cleandoc(type(self).__doc__ or "")
        super().__init__(self.sentence)


class ConfigurationError(MoaiError):
    """The configuration cannot be used."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class InvalidInput(MoaiError):
    """That cannot be used as it is."""


class BudgetReached(MoaiError):
    """This chat's budget for today is used up."""


class TokenRefused(MoaiError):
    """Telegram refused the token: check TELEGRAM_BOT_TOKEN, or ask @BotFather for a new one."""


class TelegramUnreachable(MoaiError):
    """Telegram could not be reached."""

    retryable = True


class StorageError(MoaiError):
    """The database cannot be used at the moment."""


class NotFound(StorageError):
    """That is not there any more."""


class TenureLost(StorageError):
    """The claim to the database was lost: another MoAI may work on it by now."""


@dataclass(frozen=True, slots=True)
class VendorReply:
    """What is known of the reply that an error was made from, for logs and for the retry.

    `status` is the HTTP status; `retry_after_s` is in seconds; `detail` is the vendor's own short message.
    """

    provider: str = ""
    model: str = ""
    status: int | None = None
    request_id: str | None = None
    retry_after_s: float | None = None
    detail: str = ""


class ProviderError(MoaiError):
    """The model gave no answer."""

    def __init__(self, sentence: str | None = None, *, reply: VendorReply | None = None, partial: str = "") -> None:
        super().__init__(sentence)
        self.reply = reply or VendorReply()
        self.partial = partial

    @property
    def code(self) -> str:
        """The class's name, as it is stored beside the message."""
        return type(self).__name__


class WrongKey(ProviderError):
    """The vendor refused the API key. Whoever runs the bot has to check it."""


class UnknownModel(ProviderError):
    """The vendor has no model of that name. Whoever runs the bot has to check MOAI_MODELS."""


class OutOfCredit(ProviderError):
    """The account at the vendor has no credit left. Whoever runs the bot has to top it up."""


class RequestRejected(ProviderError):
    """The vendor did not accept the request."""


class RateLimited(ProviderError):
    """The vendor's rate limit is reached. Try again in a moment."""

    retryable = True


class Overloaded(ProviderError):
    """The vendor is overloaded or has a fault of its own. Try again in a moment."""

    retryable = True


class Unreachable(ProviderError):
    """The vendor could not be reached."""

    retryable = True


class TimedOut(ProviderError):
    """The model took too long."""


class Refused(ProviderError):
    """The vendor's safety filter refused to answer this."""


class CutOff(ProviderError):
    """The connection broke in mid-answer; what had come is kept."""


class EmptyAnswer(ProviderError):
    """The model answered without a word."""


class MalformedAnswer(ProviderError):
    """What the vendor sent is not an answer in its format."""
