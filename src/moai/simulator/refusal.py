"""How the simulated Bot API says no: the error that every method raises; decides nothing itself."""

from __future__ import annotations


class ApiError(Exception):
    """A refusal with Telegram's code and wording (https://core.telegram.org/bots/api#making-requests).

    `retry_after_s` is in seconds and goes with code 429.
    """

    def __init__(self, code: int, description: str, retry_after_s: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after_s = retry_after_s


def bad_request(reason: str) -> ApiError:
    """Return the refusal of a request that cannot be carried out."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """Return the refusal of a request that the bot has no right to."""
    return ApiError(403, f"Forbidden: {reason}")


def too_many_requests(retry_after_s: int) -> ApiError:
    """Return the refusal by flood control; `retry_after_s` is in whole seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after_s}", retry_after_s)


def conflict() -> ApiError:
    """Return what ends a getUpdates when a second one comes."""
    return ApiError(
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
