"""Answers given lately: what is in the news, many ask in the same words."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from index.model import Answer


class Recent:
    """The answers last used, while what they rest on is the same. Safe to share by threads."""

    def __init__(self, size: int = 512) -> None:
        """Keep `size` answers at most: some kilobytes each."""
        self._size = size
        self._basis: Hashable = None
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, basis: Hashable, key: Hashable) -> Answer | None:
        """Return the answer kept under `key`, if `basis` is what it rested on."""
        with self._lock:
            if basis != self._basis or key not in self._answers:
                return None
            self._answers.move_to_end(key)
            return self._answers[key]

    def put(self, basis: Hashable, answers: Mapping[Hashable, Answer]) -> None:
        """Keep answers that rest on `basis`; those that rest on another are dropped."""
        with self._lock:
            if basis != self._basis:
                self._basis = basis
                self._answers.clear()
            self._answers.update(answers)
            while len(self._answers) > self._size:
                self._answers.popitem(last=False)
