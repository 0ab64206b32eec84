"""The refusals of the Bot API, as Telegram words them.

    ApiError   a request was refused: HTTP status, description, and when to come back

Descriptions are Telegram's own, because bots tell refusals apart by reading them.
"""

from __future__ import annotations


class ApiError(Exception):
    """A Bot API request that is refused; `code` is both the HTTP status and `error_code`.

    What else Telegram tells travels in `parameters`
    (core.telegram.org/bots/api#responseparameters): `retry_after` (seconds) of a flood,
    `migrate_to_chat_id` of a group that moved.
    """

    def __init__(
        self,
        code: int,
        description: str,
        *,
        retry_after: int | None = None,
        migrate_to_chat_id: int | None = None,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        told = {"retry_after": retry_after, "migrate_to_chat_id": migrate_to_chat_id}
        self.parameters = {name: value for name, value in told.items() if value is not None}

    def to_json(self) -> dict[str, object]:
        """The body Telegram answers with."""
        body: dict[str, object] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(what: str) -> ApiError:
    """400: the request makes no sense, or breaks a limit."""
    return ApiError(400, f"Bad Request: {what}")


def forbidden(what: str) -> ApiError:
    """403: the chat does not want this bot."""
    return ApiError(403, f"Forbidden: {what}")


def moved(new_id: int) -> ApiError:
    """400: the group became a supergroup, whose id is another."""
    what = "Bad Request: group chat was upgraded to a supergroup chat"
    return ApiError(400, what, migrate_to_chat_id=new_id)


def conflict(what: str) -> ApiError:
    """409: somebody else is receiving this bot's updates."""
    return ApiError(409, f"Conflict: {what}")


def too_many_requests(retry_after: int) -> ApiError:
    """429: a flood; nothing is accepted for `retry_after` seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
