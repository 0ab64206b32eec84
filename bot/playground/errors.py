"""The refusals of the Bot API, as Telegram words them.

    ApiError   a request was refused: HTTP status, description, and when to come back

Descriptions are Telegram's own, because bots tell refusals apart by reading them.
"""

from __future__ import annotations


class ApiError(Exception):
    """A Bot API request that is refused; `code` is both the HTTP status and `error_code`.

    `retry_after` (seconds) travels in `parameters`
    (core.telegram.org/bots/api#responseparameters); it is None for every refusal but a flood.
    """

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def to_json(self) -> dict[str, object]:
        """The body Telegram answers with."""
        body: dict[str, object] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad_request(what: str) -> ApiError:
    """400: the request makes no sense, or breaks a limit."""
    return ApiError(400, f"Bad Request: {what}")


def forbidden(what: str) -> ApiError:
    """403: the chat does not want this bot."""
    return ApiError(403, f"Forbidden: {what}")


def conflict(what: str) -> ApiError:
    """409: somebody else is receiving this bot's updates."""
    return ApiError(409, f"Conflict: {what}")


def too_many_requests(retry_after: int) -> ApiError:
    """429: a flood; nothing is accepted for `retry_after` seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
