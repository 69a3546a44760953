"""The show in numbers, for Prometheus."""

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from agent.types import Event

_BUCKETS = (0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2.0, 3.0, 5.0, 10.0, 30.0)

_FEED_COUNTS = ("lines", "twice", "refused", "removals", "events", "breaks")


class _Gauges(Collector):
    """The latest numbers, as gauges."""

    def __init__(self, vitals: Callable[[], Mapping[str, object]]) -> None:
        self._vitals = vitals
        self.stats: Mapping[str, object] = {}

    def collect(self) -> Iterable[GaugeMetricFamily]:
        for name, value in {**self.stats, **self._vitals()}.items():
            if isinstance(value, int | float):
                yield GaugeMetricFamily(f"candor_{name}", f"{name} at present", float(value))
        yield from _outputs(self._vitals().get("outputs"))
        yield from _feeds(self._vitals().get("feeds"))


def _rows(health: object) -> list[Mapping[str, object]]:
    return [one for one in health if isinstance(one, Mapping)] if isinstance(health, list) else []


def _feeds(health: object) -> Iterable[GaugeMetricFamily]:
    """Of each chat (``agent.feeds.opened.Feeds.health``), by platform and room."""
    rows = _rows(health)
    if not rows:
        return
    labels = ["platform", "room"]
    up = GaugeMetricFamily("candor_feed_up", "1 while it is connected", labels=labels)
    since = GaugeMetricFamily(
        "candor_feed_last_line_seconds", "Since its last line; none came yet: none", labels=labels
    )
    counts = {
        name: GaugeMetricFamily(
            f"candor_feed_{name}", f"{name} since the show began", labels=labels
        )
        for name in _FEED_COUNTS
    }
    for row in rows:
        where = [str(row["platform"]), str(row["room"])]
        up.add_metric(where, float(row["state"] in ("up", "silent")))
        if isinstance(last := row["last_s"], int | float):
            since.add_metric(where, float(last))
        if isinstance(counted := row["counts"], Mapping):
            for name, family in counts.items():
                family.add_metric(where, float(counted.get(name, 0)))
    yield from (up, since, *counts.values())


def _outputs(health: object) -> Iterable[GaugeMetricFamily]:
    """Of each output (``agent.publish.output.Health`` as a mapping), by its name."""
    rows = _rows(health)
    if not rows:
        return
    up = GaugeMetricFamily("candor_output_up", "1 while it is on the air", labels=["output"])
    for row in rows:
        up.add_metric([str(row["name"])], float(row["state"] == "on_air"))
    yield up
    for name in ("bytes", "dropped", "reconnects"):
        family = GaugeMetricFamily(
            f"candor_output_{name}", f"{name} since the show began", labels=["output"]
        )
        for row in rows:
            if isinstance(value := row[name], int | float):
                family.add_metric([str(row["name"])], float(value))
        yield family


class Metrics:
    """Counts events; *vitals* gives further numbers by name."""

    def __init__(self, vitals: Callable[[], Mapping[str, object]]) -> None:
        self._registry = CollectorRegistry()
        self._gauges = _Gauges(vitals)
        self._registry.register(self._gauges)
        self._events = Counter(
            "candor_events", "What happened, by kind", ["kind"], registry=self._registry
        )
        self._refused = Counter(
            "candor_refused",
            "Sentences not let through, by rule",
            ["rule"],
            registry=self._registry,
        )
        self._times = Histogram(
            "candor_answer_seconds",
            "From a message's arrival to each stage of its answer",
            ["stage"],
            buckets=_BUCKETS,
            registry=self._registry,
        )

    def add(self, event: Event) -> None:
        self._events.labels(event.kind).inc()
        if event.kind == "stats":
            self._gauges.stats = event.data
        elif event.kind == "refused":
            self._refused.labels(str(event.data.get("rule"))).inc()
        elif event.kind == "answered" and isinstance(times := event.data.get("times_s"), Mapping):
            for stage, seconds in times.items():
                self._times.labels(str(stage)).observe(float(seconds))

    def text(self) -> bytes:
        return generate_latest(self._registry)
