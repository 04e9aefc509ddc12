"""Where alerts go: whether an Alertmanager takes its settings, and whether they mean what there is.

Source: prometheus/alertmanager v0.29, config/config.go and docs/configuration.md.
"""

import re
from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.check.traffic import alertmanagers, alerts, durations, ours, sight
from gitops.check.traffic.alertmanagers import Match, Setting, Way
from gitops.check.traffic.alerts import Entry
from gitops.check.traffic.promql import expressions, labels, reading
from gitops.check.traffic.promql.expressions import Matcher
from gitops.check.traffic.questions import Question, Questions
from gitops.model.finding import Finding

_ALERTMANAGERS = (
    ("monitoring.coreos.com", "Alertmanager"),
    ("operator.victoriametrics.com", "VMAlertmanager"),
)


def refused(facts: Index) -> Iterator[Finding]:
    """An Alertmanager takes its settings: all that routes name is there. Where none is to be seen,
    something else may read an AlertmanagerConfig, and know more receivers."""
    known = any(facts.of(*kind) for kind in _ALERTMANAGERS)
    for setting in facts.view(alertmanagers.settings):
        for way, why in _refused(setting):
            spot = setting.spot(facts, *way)
            tell = spot.error if setting.runner or known else spot.warning
            yield tell(
                "alertmanager/refused",
                f"{setting.holder.manifest.id}: {why}",
                "correct it: Alertmanager goes on with what it had, or does not start",
            )


def _refused(setting: Setting) -> Iterator[tuple[Way, str]]:
    route = setting.body.get("route")
    if setting.runner is None and route is None:
        return
    if not isinstance(route, dict):
        yield (), "there is no route"
        return
    if setting.runner and not route.get("receiver"):
        yield ("route",), "the first route has no receiver"
    if setting.runner and any(route.get(each) for each in ("match", "match_re", "matchers")):
        yield ("route",), "the first route has matchers, and all alerts begin there"
    names = setting.receivers
    for number, name in enumerate(names):
        if name in names[:number]:
            yield ("receivers", number, "name"), f"there are two receivers {name!r}"
    for way, each in setting.routes:
        yield from _misrouted(setting, way, each)


def _misrouted(setting: Setting, way: Way, route: dict[str, Any]) -> Iterator[tuple[Way, str]]:
    receiver = text(route.get("receiver"))
    known = ", ".join(setting.receivers) or "none"
    if receiver and receiver not in setting.receivers and "{{" not in receiver:
        yield (*way, "receiver"), f"a route leads to receiver {receiver!r}, and there is {known}"
    spans = {text(mapping(each).get("name")) for each in _intervals(setting)}
    for field in ("mute_time_intervals", "active_time_intervals"):
        for name in map(text, listing(setting.given(route, field))):
            if name not in spans:
                yield (*way, field), f"a route names the time interval {name!r}, which is not there"
    for field in ("group_wait", "group_interval", "repeat_interval"):
        span = text(setting.given(route, field))
        if span and "{{" not in span and not durations.prometheus(span):
            yield (*way, field), f"{field} is {span!r}, which is no span of time"


def _intervals(setting: Setting) -> list[Any]:
    fields = ("mute_time_intervals", "time_intervals")
    return [each for field in fields for each in listing(setting.given(setting.body, field))]


_MOUNTED = re.compile(r"/etc/(?:vm|alertmanager)/(secrets|configs|configmaps)/([^/]+)/([^/]+)$")


def unmounted(facts: Index) -> Iterator[Finding]:
    """A file that settings name is one of a Secret or ConfigMap that is mounted.

    Source: both operators, `secrets` and `configMaps`: each is mounted in a folder of its name.
    """
    for setting in facts.view(alertmanagers.settings):
        for way, path in _files(setting.body, ()) if setting.runner else ():
            found = _MOUNTED.match(path)
            why = _unmounted(facts, setting, *found.groups()) if found else ""
            if why:
                yield setting.spot(facts, *way).error(
                    "alertmanager/file-missing",
                    f"{setting.holder.manifest.id} names {path}: {why}",
                    "name a file of a Secret that the Alertmanager lists under secrets",
                )


def _files(value: Any, way: Way) -> Iterator[tuple[Way, str]]:
    match value:
        case dict():
            for key, inner in value.items():
                if str(key).endswith("_file") and isinstance(inner, str):
                    yield (*way, key), inner
                yield from _files(inner, (*way, key))
        case list():
            for number, inner in enumerate(value):
                yield from _files(inner, (*way, number))
        case _:
            return


def _unmounted(facts: Index, setting: Setting, what: str, name: str, key: str) -> str:
    if setting.runner is None:
        return ""
    spec = mapping(facts.body(setting.runner.manifest).get("spec"))
    field, kind = ("secrets", "Secret") if what == "secrets" else ("configMaps", "ConfigMap")
    if name not in listing(spec.get(field)):
        return "" if spec.get("volumeMounts") else f"{kind} {name!r} is not under {field}"
    held = facts.find("", kind, setting.runner.manifest.id.namespace, name)
    body = facts.body(held.manifest) if held else {}
    keys = {str(key) for each in ("data", "stringData") for key in mapping(body.get(each))}
    return f"{kind} {name!r} has {', '.join(sorted(keys))}" if keys and key not in keys else ""


_KEPT = 120 * 3600.0
"""How long an Alertmanager remembers what it has said: `--data.retention`, 120 hours."""


def forgotten(facts: Index) -> Iterator[Finding]:
    """What was said is remembered until it is said again.

    Source: prometheus/alertmanager, docs/configuration.md, `repeat_interval`: one that is longer
    than the data retention is repeated at the end of it.
    """
    for setting in facts.view(alertmanagers.settings):
        if setting.runner is None:
            continue
        way: Way = ("spec", "retention")
        kept = text(at(facts.body(setting.runner.manifest), *way))
        least = durations.seconds(kept) if kept else _KEPT
        for inside, route in setting.routes:
            span = text(route.get("repeat_interval")) or ("4h" if inside == ("route",) else "")
            wanted = durations.seconds(span)
            if least is not None and wanted is not None and wanted > least:
                held = Spot(facts, setting.runner, way)
                yield (held if kept else setting.spot(facts, *inside, "repeat_interval")).warning(
                    "alertmanager/retention",
                    f"{setting.runner.manifest.id} remembers for {kept or '120h'} what it has "
                    f"said, and says it again after {span}: it is said earlier",
                    "keep it for longer than the longest repeat_interval",
                )
                break


def unheard(indexes: tuple[Index, ...]) -> Iterator[Finding]:
    """An alert that a route or an inhibition names is one of the fleet's.

    Silent where an Alertmanager is told of alerts by others than Prometheus: then there are none.
    """
    known = {entry.name for facts in indexes for entry in facts.view(_entries)}
    for facts in indexes if known else ():
        for setting in facts.view(alertmanagers.settings):
            for way, body, prefix in _choosers(setting):
                for match in alertmanagers.matches(body, prefix):
                    names = _names(match)
                    if names and not names & known:
                        yield _unheard(indexes, facts, setting, way, sorted(names))


def _choosers(setting: Setting) -> Iterator[tuple[Way, dict[str, Any], str]]:
    for way, route in setting.routes:
        yield (*way, "matchers"), route, ""
    for number, each in enumerate(listing(setting.given(setting.body, "inhibit_rules"))):
        for prefix in ("source_", "target_") if setting.runner else ():
            yield ("inhibit_rules", number, f"{prefix}matchers"), mapping(each), prefix


_PLAIN = re.compile(r"\^?\(?([\w|]+)\)?\$?")


def _names(match: Match | Matcher) -> set[str]:
    """The names that an alert may have, where only these are meant; else none."""
    if match.label != "alertname" or match.sign not in {"=", "=~"}:
        return set()
    found = _PLAIN.fullmatch(match.value)
    return set(found[1].split("|")) - {""} if found else set()


def _unheard(
    indexes: tuple[Index, ...], facts: Index, setting: Setting, way: Way, names: list[str]
) -> Finding:
    return sight.weighed(
        indexes,
        setting.spot(facts, *way),
        "alertmanager/alert-missing",
        f"{setting.holder.manifest.id} waits for the alert {' or '.join(names)}, which no rule has",
        "name it as its rule does",
        " ".join(names),
    )


_SERIES = frozenset({"ALERTS", "ALERTS_FOR_STATE"})
"""What Prometheus and vmalert write of alerts, one for each that is pending or fires."""


def uncounted(indexes: tuple[Index, ...]) -> Iterator[Finding]:
    """An alert that a question is about is one of the fleet's: else nothing is ever counted."""
    known = {entry.name for facts in indexes for entry in facts.view(_entries)}
    for facts in indexes if known else ():
        for question in facts.view(Questions).all:
            for name in sorted(_asked(question) - known):
                yield sight.weighed(
                    indexes,
                    question.spot(facts),
                    "query/alert-unknown",
                    f"{question.owned.manifest.id}: {question.whose} asks for the alert {name}, "
                    "which no rule has",
                    "name it as its rule does",
                    name,
                )


def _asked(question: Question) -> set[str]:
    return {
        name
        for selector in expressions.selectors(question.expression)
        if selector.name in _SERIES
        for each in selector.matchers
        for match in each
        for name in _names(match)
    }


def _entries(facts: Index) -> list[Entry]:
    return [*alerts.entries(facts)]


def unrouted(facts: Index) -> Iterator[Finding]:
    """An alert has the labels by which alerts are routed, where nearly all others have them."""
    found = [each for each in facts.view(_entries) if each.body.get("alert")]
    for label in sorted(_routed(facts)):
        bare = [each for each in found if label not in mapping(each.body.get("labels"))]
        if len(bare) * 5 > len(found):
            continue
        for entry in bare:
            if ours.writes(entry.owned) and not _may_have(entry, label):
                yield Spot(facts, entry.owned, (*entry.way, "labels")).warning(
                    "alertmanager/unrouted",
                    f"{entry.owned.manifest.id}: {entry.name} has no label {label}, by which the "
                    "Alertmanager routes: it goes where nobody decided that it goes",
                    f"give it the label {label}, as the other alerts have it",
                )


def _routed(facts: Index) -> set[str]:
    return {
        match.label
        for setting in facts.view(alertmanagers.settings)
        for _, route in setting.routes
        for match in alertmanagers.matches(route)
    } - {"alertname"}


def _may_have(entry: Entry, label: str) -> bool:
    """Whether the series themselves may bring a label: where the expression asks for it."""
    read = reading.read(alerts.expression(entry))
    if isinstance(read, str) or label in mapping(entry.group.get("labels")):
        return True
    asked = {m.label for s in expressions.selectors(read) for ms in s.matchers for m in ms}
    made = labels.of(read) or labels.NONE
    return label in asked or label in made.named
