"""What SQL and the disk know, read when the page of metrics is asked for."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.outbox.promises import STATES
from bot.store import ledger, moments
from index import gauges
from index.model import IsnadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from prometheus_client.metrics_core import Metric

    from bot.store import Store
    from index.engine import Engine

log = logging.getLogger(__name__)

FEED_STATES = ("new", "ok", "failing", "dead", "gone")
"""What `Feed.state` says."""


class ArchiveStates(Collector):
    """How an archive fares."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[Metric]:
        """See `prometheus_client`."""
        try:
            found = gauges.read(self._engine)
        except (IsnadError, OSError) as error:
            log.warning("the archive could not be looked at for the metrics: %s", error)
            yield _gauge("isnad_archive_up", "Whether the archive can be read.", 0)
            return
        yield _gauge("isnad_archive_up", "Whether the archive can be read.", 1)
        yield _by("isnad_articles", "Articles in the archive.", "status", found.articles)
        yield _gauge("isnad_passages", "Passages in the archive.", found.passages)
        yield _gauge("isnad_vectors", "Passages in the vector index.", found.vectors)
        yield _by(
            "isnad_index_behind_changes",
            "Changes to the archive that an index does not hold yet.",
            "index",
            found.behind,
        )
        feeds = {state: found.feeds.get(state, 0) for state in FEED_STATES}
        yield _by("isnad_feeds", "Feeds that are followed.", "state", feeds)
        if found.fetched_at is not None:
            yield _gauge(
                "isnad_feed_last_success_timestamp_seconds",
                "When a feed was last read well, in seconds since 1970.",
                datetime.fromisoformat(found.fetched_at).timestamp(),
            )
        yield _gauge("isnad_disk_free_bytes", "Bytes free on the home's disk.", found.free)


class ReaderStates(Collector):
    """What readers are owed."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """See `prometheus_client`."""
        now = self._now().astimezone(UTC)
        at = now.isoformat(timespec="seconds")
        try:
            # past the store's one thread: what readers wait for goes first there
            with self._store.db.read() as connection:
                counts = ledger.counts(connection)
                _, oldest = moments.overdue(connection, before=at, now=at)
        except IsnadError as error:
            log.warning("the readers' database could not be looked at for the metrics: %s", error)
            yield _gauge("isnad_readers_up", "Whether the readers' database can be read.", 0)
            return
        yield _gauge("isnad_readers_up", "Whether the readers' database can be read.", 1)
        letters: dict[str, int] = dict.fromkeys(STATES, 0)
        for (_kind, state), count in counts.items():
            letters[state] += count
        yield _by("isnad_outbox_letters", "Letters to readers, kept 30 days.", "state", letters)
        late = (now - datetime.fromisoformat(oldest)).total_seconds() if oldest else 0.0
        yield _gauge(
            "isnad_outbox_overdue_seconds",
            "How long the letter that waits longest has been due; those Telegram holds up aside.",
            late,
        )


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=value)


def _by(name: str, what: str, label: str, values: Mapping[str, float]) -> Metric:
    """A gauge with a value for each of a few words."""
    found = GaugeMetricFamily(name, what, labels=[label])
    for word, value in values.items():
        found.add_metric([word], value)
    return found
