"""All that is asked of metrics: by alerts and by dashboards that the repository itself writes."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.traffic import alerts, ours
from gitops.check.traffic.gateways import bodies
from gitops.check.traffic.promql import reading
from gitops.check.traffic.promql.expressions import Expression, Unknown

Way = tuple[str | int, ...]

GRAFANA = "grafana.integreatly.org"
_TYPES = frozenset({"prometheus", "victoriametrics-metrics-datasource"})


class Question(msgspec.Struct, frozen=True):
    """An expression, where it stands, and whose it is: `the alert Down`, `the panel Load`."""

    owned: Owned
    way: Way
    whose: str
    expression: Expression
    mistake: str = ""

    def spot(self, facts: Index) -> Spot:
        """Its place."""
        return Spot(facts, self.owned, self.way)


class Dashboard(msgspec.Struct, frozen=True):
    """A dashboard that can be read; `way` leads to its text. `inputs` are filled in for it."""

    owned: Owned
    way: Way
    model: dict[str, Any]
    inputs: frozenset[str]

    @property
    def panels(self) -> Iterator[tuple[Way, dict[str, Any]]]:
        """The panels, those of rows that are folded included, and the ways to them."""
        return panels(self.model, self.way)

    @property
    def variables(self) -> Iterator[tuple[Way, dict[str, Any]]]:
        """Its variables, and the ways to them."""
        for number, each in enumerate(listing(at(self.model, "templating", "list"))):
            yield (*self.way, "templating", "list", number), mapping(each)


def dashboards(facts: Index) -> list[Dashboard]:
    """The dashboards of a cluster that are written out."""
    return [*_of_operator(facts), *_of_sidecar(facts)]


def _of_operator(facts: Index) -> Iterator[Dashboard]:
    for owned, body in bodies(facts, GRAFANA, "GrafanaDashboard"):
        named = mapping(at(body, "spec", "configMapRef"))
        way: Way = ("spec", "json")
        written, holder = text(at(body, *way)), owned
        if named:
            space = owned.manifest.id.namespace
            held = facts.find("", "ConfigMap", space, text(named.get("name")))
            holder, way = held or owned, ("data", text(named.get("key")))
            written = text(at(facts.body(holder.manifest), *way))
        filled = listing(at(body, "spec", "datasources"))
        inputs = frozenset(text(mapping(each).get("inputName")) for each in filled)
        yield from _read(holder, way, written, inputs)


def _of_sidecar(facts: Index) -> Iterator[Dashboard]:
    """ConfigMaps that a container beside Grafana looks for by the label `grafana_dashboard`.

    Source: grafana.github.io/helm-charts, `sidecar.dashboards.label`.
    """
    for owned in facts.of("", "ConfigMap"):
        body = facts.body(owned.manifest)
        if "grafana_dashboard" in mapping(at(body, "metadata", "labels")):
            for key, written in mapping(body.get("data")).items():
                yield from _read(owned, ("data", str(key)), text(written), frozenset())


def _read(owned: Owned, way: Way, written: str, inputs: frozenset[str]) -> Iterator[Dashboard]:
    try:
        model = msgspec.json.decode(written or "null")
    except msgspec.DecodeError:
        return
    if isinstance(model, dict):
        asked = [text(mapping(each).get("name")) for each in listing(model.get("__inputs"))]
        yield Dashboard(owned, way, model, inputs | frozenset(asked))


def panels(model: dict[str, Any], way: Way) -> Iterator[tuple[Way, dict[str, Any]]]:
    """The panels of a dashboard, those of rows that are folded included, and the ways to them."""
    for number, each in enumerate(listing(model.get("panels"))):
        here: Way = (*way, "panels", number)
        yield here, mapping(each)
        yield from panels(mapping(each), here)


class Questions:
    """What alerts, recorded series and dashboards of a cluster ask."""

    def __init__(self, facts: Index) -> None:
        self.dashboards = [each for each in facts.view(dashboards) if ours.writes(each.owned)]
        self.of_alerts = [*_of_alerts(facts)]
        self.of_dashboards = [each for one in self.dashboards for each in _of_dashboard(one)]

    @property
    def all(self) -> list[Question]:
        """All that can be read."""
        return [each for each in (*self.of_alerts, *self.of_dashboards) if not each.mistake]


def _of_alerts(facts: Index) -> Iterator[Question]:
    for entry in alerts.entries(facts):
        wanted = alerts.expression(entry)
        found = reading.read(wanted) if wanted and ours.writes(entry.owned) else ""
        if wanted and not isinstance(found, str):
            way = (*entry.way, "expr")
            yield Question(entry.owned, way, f"the expression of {entry.name}", found)


def _of_dashboard(dashboard: Dashboard) -> Iterator[Question]:
    for way, panel in dashboard.panels:
        for number, each in enumerate(listing(panel.get("targets"))):
            asked, target = text(mapping(each).get("expr")), mapping(each)
            if asked and _is_of_metrics(dashboard, panel, target):
                whose = f"a question of the panel {text(panel.get('title')) or 'without a title'}"
                here = (*way, "targets", number, "expr")
                yield _question(dashboard, here, whose, asked)


def _question(dashboard: Dashboard, way: Way, whose: str, asked: str) -> Question:
    """A variable outside of quotes may stand for anything: what cannot be read with it is left."""
    plain, anything = _filled(asked)
    found = reading.read(plain)
    if isinstance(found, str):
        return Question(dashboard.owned, way, whose, Unknown(), "" if anything else found)
    return Question(dashboard.owned, way, whose, Unknown() if anything else found)


_VARIABLE = re.compile(
    r"\$\{(?P<braced>[A-Za-z_]\w*)[^}]*\}|\$(?P<plain>[A-Za-z_]\w*)|\[\[(?P<old>\w+)[^\]]*\]\]"
)
_SPAN = re.compile(r"__(rate_)?(interval|range)$")
_PIECE = re.compile(r"(\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)")


def _filled(asked: str) -> tuple[str, bool]:
    """The question with something in the place of variables outside of quotes, and whether one of
    them may be anything."""
    pieces = _PIECE.split(asked)
    names = [name for piece in pieces[::2] for name in used(piece)]
    pieces[::2] = [_VARIABLE.sub(_stand_in, piece) for piece in pieces[::2]]
    return "".join(pieces), any(not name.startswith("__") for name in names)


def _stand_in(found: re.Match[str]) -> str:
    name = found["braced"] or found["plain"] or found["old"]
    return "5m" if _SPAN.match(name) else "5" if name.startswith("__") else "v"


def used(asked: str) -> list[str]:
    """The variables that a text names."""
    return [each["braced"] or each["plain"] or each["old"] for each in _VARIABLE.finditer(asked)]


def _is_of_metrics(dashboard: Dashboard, panel: dict[str, Any], target: dict[str, Any]) -> bool:
    """Whether a source of metrics is asked, by its kind or by the variable that holds it."""
    for holder in (target, panel):
        source = holder.get("datasource")
        kind = text(mapping(source).get("type"))
        if kind:
            return kind in _TYPES
        names = used(text(source) or text(mapping(source).get("uid")))
        if names:
            return any(_holds_metrics(dashboard, name) for name in names)
    return False


def _holds_metrics(dashboard: Dashboard, name: str) -> bool:
    kinds = [text(each.get("query")) for _, each in dashboard.variables if each.get("name") == name]
    inputs = listing(dashboard.model.get("__inputs"))
    kinds += [text(e.get("pluginId")) for e in map(mapping, inputs) if e.get("name") == name]
    return any(kind in _TYPES for kind in kinds)


_LISTED = re.compile(r"label_values\(\s*(up)\s*(?:\{[^}]*\})?\s*,\s*(\w+)\s*\)")


def listed(facts: Index) -> list[tuple[Question, str]]:
    """The labels of targets that variables of dashboards list the values of."""
    found = []
    for dashboard in facts.view(Questions).dashboards:
        for way, each in dashboard.variables:
            asked = text(each.get("query")) or text(mapping(each.get("query")).get("query"))
            for _, label in _LISTED.findall(asked):
                whose = f"the variable {text(each.get('name'))}"
                found.append((Question(dashboard.owned, way, whose, Unknown()), label))
    return found
