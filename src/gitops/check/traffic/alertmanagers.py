"""Settings of Alertmanagers, wherever they are written: what they are, and where alerts go.

Source: prometheus-operator v0.88, AlertmanagerSpec (`configSecret`, by default
`alertmanager-<name>`, key `alertmanager.yaml`) and AlertmanagerConfig; VictoriaMetrics operator
v0.64, VMAlertmanagerSpec (`configRawYaml`, `configSecret`) and VMAlertmanagerConfig.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.traffic.gateways import bodies
from gitops.check.traffic.monitors import COREOS, VICTORIA
from gitops.sources import yamlio

Way = tuple[str | int, ...]

_FILE = "alertmanager.yaml"


class Setting(msgspec.Struct, frozen=True):
    """The settings of an Alertmanager. `holder` has them at `way`, `runner` runs with them. Those
    that an operator merges into others have no runner, and name fields in the way of Kubernetes."""

    holder: Owned
    way: Way
    body: dict[str, Any]
    runner: Owned | None = None

    def spot(self, facts: Index, *inside: str | int) -> Spot:
        """A place in them."""
        return Spot(facts, self.holder, (*self.way, *inside))

    def given(self, body: dict[str, Any], field: str) -> Any:
        """A field, which has another name where an operator merges it."""
        return body.get(field if self.runner else _camel(field))

    @property
    def routes(self) -> Iterator[tuple[Way, dict[str, Any]]]:
        """All routes, the first one first, and the ways to them."""
        yield from _routes(mapping(self.body.get("route")), ("route",))

    @property
    def receivers(self) -> list[str]:
        """The names of those who can be told."""
        return [text(mapping(each).get("name")) for each in listing(self.body.get("receivers"))]


def _camel(field: str) -> str:
    first, *others = field.split("_")
    return first + "".join(each.capitalize() for each in others)


def _routes(route: dict[str, Any], way: Way) -> Iterator[tuple[Way, dict[str, Any]]]:
    yield way, route
    for number, each in enumerate(listing(route.get("routes"))):
        yield from _routes(mapping(each), (*way, "routes", number))


def settings(facts: Index) -> list[Setting]:
    """Those of a cluster that are written out and can be read."""
    found = [each for runner, body in _runners(facts) for each in _of(facts, runner, body)]
    for group, kind in ((COREOS, "AlertmanagerConfig"), (VICTORIA, "VMAlertmanagerConfig")):
        for owned, body in bodies(facts, group, kind):
            found.append(Setting(owned, ("spec",), mapping(body.get("spec"))))
    return found


def _runners(facts: Index) -> Iterator[tuple[Owned, dict[str, Any]]]:
    for group, kind in ((COREOS, "Alertmanager"), (VICTORIA, "VMAlertmanager")):
        yield from bodies(facts, group, kind)


def _of(facts: Index, runner: Owned, body: dict[str, Any]) -> Iterator[Setting]:
    raw = text(at(body, "spec", "configRawYaml"))
    if raw:
        yield from _read(runner, runner, ("spec", "configRawYaml"), raw)
        return
    found = runner.manifest.id
    default = f"alertmanager-{found.name}" if found.kind == "Alertmanager" else ""
    name = text(at(body, "spec", "configSecret")) or default
    for holder, way, written in _held(facts, found.namespace, name) if name else ():
        yield from _read(runner, holder, way, written)


def _held(facts: Index, namespace: str, name: str) -> Iterator[tuple[Owned, Way, str]]:
    """The file in a Secret, or in the template that External Secrets makes one of."""
    secret = facts.find("", "Secret", namespace, name)
    body = facts.body(secret.manifest) if secret else {}
    if secret and (plain := text(at(body, "stringData", _FILE))):
        yield secret, ("stringData", _FILE), plain
    elif secret and (coded := text(at(body, "data", _FILE))):
        yield secret, ("data", _FILE), _decoded(coded)
    way = ("spec", "target", "template", "data", _FILE)
    for owned, made in bodies(facts, "external-secrets.io", "ExternalSecret"):
        target = text(at(made, "spec", "target", "name")) or owned.manifest.id.name
        if owned.manifest.id.namespace == namespace and target == name and at(made, *way):
            yield owned, way, text(at(made, *way))


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _read(runner: Owned, holder: Owned, way: Way, written: str) -> Iterator[Setting]:
    documents, _ = yamlio.parse(written.encode(), holder.manifest.origin.source.path)
    if len(documents) == 1 and isinstance(documents[0].value, dict):
        yield Setting(holder, way, documents[0].value, runner)


class Match(msgspec.Struct, frozen=True):
    """What an alert must have: a label, compared with a value."""

    label: str
    sign: str
    value: str


_MATCHER = re.compile(
    r"\"?([^\s\"=!~,{}]+)\"?\s*(=~|!~|!=|=)\s*(\"(?:[^\"\\]|\\.)*\"|[^,\"]*?)\s*,"
)


def matches(body: dict[str, Any], prefix: str = "") -> list[Match]:
    """The matchers of a route, or of one side of an inhibition, however they are written."""
    found: list[Match] = []
    for each in listing(body.get(f"{prefix}matchers")):
        found += [_match(each)] if isinstance(each, dict) else _matches(text(each))
    for field, sign in (("match", "="), ("match_re", "=~")):
        for label, value in mapping(body.get(f"{prefix}{field}")).items():
            found.append(Match(str(label), sign, str(value)))
    return found


def _match(given: dict[str, Any]) -> Match:
    sign = text(given.get("matchType")) or ("=~" if given.get("regex") is True else "=")
    return Match(text(given.get("name")), sign, text(given.get("value")))


def _matches(written: str) -> list[Match]:
    plain = written.strip()
    plain = plain[1:-1] if plain.startswith("{") and plain.endswith("}") else plain
    found = []
    for label, sign, value in _MATCHER.findall(plain + ","):
        quoted = value.startswith('"') and value.endswith('"') and len(value) > 1
        found.append(Match(label, sign, value[1:-1] if quoted else value))
    return found
