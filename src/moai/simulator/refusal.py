"""How the simulated Bot API says no: the error that every method raises; decides nothing itself."""

from __future__ import annotations


class ApiError(Exception):
    """A refusal with Telegram's code and wording (https://core.telegram.org/bots/api#making-requests).

    `retry_after_s` is in seconds and goes with code 429; `migrate_to` is the id that a group has now.
    """

    def __init__(
        self, code: int, description: str, retry_after_s: int | None = None, *, migrate_to: int | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after_s = retry_after_s
        self.migrate_to = migrate_to

    @property
    def parameters(self) -> dict[str, int]:
        """What a program can act on (https://core.telegram.org/bots/api#responseparameters)."""
        told = {"migrate_to_chat_id": self.migrate_to, "retry_after": self.retry_after_s}
        return {name: value for name, value in told.items() if value is not None}


def bad_request(reason: str) -> ApiError:
    """Return the refusal of a request that cannot be carried out."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """Return the refusal of a request that the bot has no right to."""
    return ApiError(403, f"Forbidden: {reason}")


def migrated(new_id: int) -> ApiError:
    """Return the refusal of a request about a group that has become a supergroup with another id."""
    return ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to=new_id)


def too_many_requests(retry_after_s: int) -> ApiError:
    """Return the refusal by flood control; `retry_after_s` is in whole seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after_s}", retry_after_s)


def conflict() -> ApiError:
    """Return what ends a getUpdates when a second one comes."""
    return ApiError(
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
