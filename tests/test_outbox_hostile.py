"""The outbox against a hostile Bot API, and kill -9; `hostile_outbox.py` is the long run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hostile_outbox import run

if TYPE_CHECKING:
    from pathlib import Path


def test_nothing_is_lost_and_nothing_comes_twice_that_must_not(tmp_path: Path) -> None:
    """What may have arrived is repeated or left as promised; no chat is written to too fast."""
    figures = run(tmp_path, messages=80, readers=30, kills=2, speed=50.0, within=90.0, failing=0)
    assert {name: value for name, value in figures.items() if name.startswith("bad_")} == {
        "bad_at_most_once_came_twice": 0,
        "bad_sent_but_never_arrived": 0,
        "bad_still_owed": 0,
        "bad_gone_but_not_blocked": 0,
        "bad_failed_but_not_failing": 0,
        "bad_duplicates_unexplained": 0,
        "bad_chat_faster_than_1_a_second": 0,
        "bad_group_faster_than_20_a_minute": 0,
        "bad_asked_before_retry_after": 0,
    }
    assert figures["kills"] == 2
