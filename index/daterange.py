"""Two days that an operator gave, as the instants between which articles are looked for."""

from __future__ import annotations

from datetime import MAXYEAR, datetime, timedelta

from index.dates import sort_key
from index.model import InputError


def daterange(since: str | None, until: str | None) -> tuple[str | None, str | None]:
    """Return the UTC instants from which and before which two dates, both inclusive, reach.

    Raises `InputError` naming the option that is no date.
    """
    return _instant("since", since), _instant("until", until, end=True)


def _instant(name: str, day: str | None, *, end: bool = False) -> str | None:
    if day is None:
        return None
    key = sort_key(day)
    if key is None:
        raise InputError(f"--{name}", f"{day!r} is not a date like 2023-03-16")
    if end and "T" not in day:  # the whole of that day
        last = datetime.fromisoformat(key)
        return None if last.year == MAXYEAR else (last + timedelta(days=1)).isoformat()
    return key
