"""The web, safely: public addresses only, limits on size and time, politeness to hosts."""

from index.web.client import Client, Response, unpack
from index.web.guard import Policy, is_public
from index.web.robots import Robots
from index.web.turns import Turns

__all__ = ["Client", "Policy", "Response", "Robots", "Turns", "is_public", "unpack"]
