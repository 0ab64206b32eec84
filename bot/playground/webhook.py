"""The Bot API methods about webhooks. The playground keeps the setting and delivers nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.playground.errors import bad_request

if TYPE_CHECKING:
    from bot.playground.model import JsonDict
    from bot.playground.params import Params
    from bot.playground.state import World

PORTS = frozenset({443, 80, 88, 8443})  # core.telegram.org/bots/api#setwebhook
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
MAX_CONNECTIONS, DEFAULT_CONNECTIONS = 100, 40


class Webhooks:
    """setWebhook, deleteWebhook, getWebhookInfo."""

    def __init__(self, world: World) -> None:
        self._world = world

    def set_webhook(self, params: Params) -> bool:
        """core.telegram.org/bots/api#setwebhook; an empty url removes the webhook."""
        url = params.text("url")
        if not url:
            return self.delete_webhook(params)
        if not url.startswith("https://"):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if (urlsplit(url).port or 443) not in PORTS:
            raise bad_request(
                "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
            )
        secret = params.text("secret_token")
        if secret and not SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        connections = params.integer("max_connections", DEFAULT_CONNECTIONS)
        self._world.webhook = {
            "url": url,
            "has_custom_certificate": False,
            "max_connections": min(max(connections, 1), MAX_CONNECTIONS),
        }
        self._drop_if_asked(params)
        allowed = params.nested("allowed_updates")
        if isinstance(allowed, list):
            self._world.updates.allow(allowed)
        return True

    def delete_webhook(self, params: Params) -> bool:
        """core.telegram.org/bots/api#deletewebhook"""
        self._world.webhook = None
        self._drop_if_asked(params)
        return True

    def get_webhook_info(self, _params: Params) -> JsonDict:
        """core.telegram.org/bots/api#getwebhookinfo"""
        info = self._world.webhook or {"url": "", "has_custom_certificate": False}
        return info | {"pending_update_count": len(self._world.updates)}

    def _drop_if_asked(self, params: Params) -> None:
        if params.flag("drop_pending_updates"):
            self._world.updates.clear()
