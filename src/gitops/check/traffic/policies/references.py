"""Services that texts name: command lines, environments, settings, custom resources."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from gitops.check import selectors
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.pods import Template
from gitops.check.traffic.policies import endpoints
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.identities import Identity
from gitops.check.traffic.services import templates


def by_cause(facts: Index) -> dict[tuple[str, str, str, str], list[Template]]:
    """The templates that controllers make of a custom resource, by its key."""
    found: dict[tuple[str, str, str, str], list[Template]] = {}
    causes = {id(owned[0].manifest.origin): key for key, owned in facts.owned.items()}
    for template in facts.view(templates):
        if template.owner.manifest.incomplete == "made":
            key = causes.get(id(template.owner.manifest.origin))
            if key is not None:
                found.setdefault(key, []).append(template)
    return found


class Reference(msgspec.Struct, frozen=True):
    """A Service that is named in a text, and who will call it."""

    by: Owned
    sources: tuple[Identity, ...]
    name: str
    namespace: str
    port: int
    is_url: bool = False

    @property
    def shown(self) -> str:
        """As it would stand in a URL."""
        return f"{self.name}.{self.namespace}.svc:{self.port}"


_NAMED = re.compile(
    rb"(?:([a-z][a-z0-9+]*)://(?:[^/@\"\s]*@)?|[\s\"'=,;@]|^)(?:[a-z0-9-]+\.)?"
    rb"([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.[a-z0-9.-]+)?(?::([0-9]{1,5}))?(?![a-z0-9.-])"
)
_PORTS = {b"http": 80, b"https": 443, b"postgres": 5432, b"postgresql": 5432, b"redis": 6379}
"""What a scheme means without a port."""


def all_of(facts: Index) -> tuple[Reference, ...]:
    """The Services that pods are told of, for `Index.view`."""
    return tuple(_references(facts))


def _references(facts: Index) -> Iterator[Reference]:
    enforcement, made = facts.view(Enforcement), facts.view(by_cause)
    for template in facts.view(templates):
        if template.owner.manifest.incomplete != "made":
            who = (enforcement.who(template),)
            yield from _found(_told(template), template.owner, who)
            for settings in _read(facts, template):
                # A bare host is as often told to others: pods of jobs, clients, readers.
                found = _found(_written(facts, settings), settings, who)
                yield from (each for each in found if each.is_url)
    for key, of in made.items():
        cause = facts.owned[key][0]
        if b".svc" in cause.manifest.raw:
            raw = msgspec.json.encode(facts.body(cause.manifest).get("spec"))
            yield from _found(raw, cause, tuple(enforcement.who(each) for each in of))
            yield from _paired(facts, cause, of)
    yield from _stores(facts)
    yield from _datasources(facts)


def _told(template: Template) -> bytes:
    """What `told` gives, as one text."""
    return msgspec.json.encode(told(template)) if b".svc" in template.owner.manifest.raw else b""


def told(template: Template) -> list[object]:
    """What the containers of a pod are told on their command lines and in their environment."""
    found: list[object] = []
    for _, container in template.containers:
        found += [container.get("command"), container.get("args"), container.get("env")]
    return found


def _read(facts: Index, template: Template) -> Iterator[Owned]:
    """Those of the settings of a pod that name a Service."""
    return (each for each in settings_of(facts, template) if b".svc" in each.manifest.raw)


def settings_of(facts: Index, template: Template) -> Iterator[Owned]:
    """The ConfigMaps that the containers of a pod mount or have in their environment."""
    named = {
        text(at(source, "configMap", "name"))
        for volume in listing(template.spec.get("volumes"))
        for source in (volume, *listing(at(volume, "projected", "sources")))
    }
    for _, container in template.containers:
        for each in listing(container.get("envFrom")):
            named.add(text(at(each, "configMapRef", "name")))
        for each in listing(container.get("env")):
            named.add(text(at(each, "valueFrom", "configMapKeyRef", "name")))
    for name in sorted(named - {""}):
        held = facts.find("", "ConfigMap", template.namespace, name)
        if held is not None:
            yield held


_COMMENT = re.compile(r"^\s*(#|//|;).*$|\s#\s.*$", re.M)


def _written(facts: Index, settings: Owned) -> bytes:
    """What `texts` gives, as one text."""
    return msgspec.json.encode(texts(facts, settings))


def texts(facts: Index, settings: Owned) -> dict[str, str]:
    """What a ConfigMap holds, without comments. Scripts may name what they never call, and so may
    lists of others: only settings are taken, by the endings of their files."""
    data = mapping(facts.body(settings.manifest).get("data"))
    told = {key: value for key, value in data.items() if key.endswith(_SETTINGS) or "." not in key}
    return {key: _COMMENT.sub("", text(value)) for key, value in told.items()}


_SETTINGS = (".conf", ".ini", ".json", ".properties", ".rb", ".toml", ".yaml", ".yml")


def _found(raw: bytes, by: Owned, sources: tuple[Identity, ...]) -> Iterator[Reference]:
    if b".svc" not in raw:
        return
    seen = set()
    for scheme, name, namespace, port in _NAMED.findall(raw):
        number = int(port) if port else _PORTS.get(scheme, 0)
        named = (name.decode(), namespace.decode(), number, bool(scheme))
        reference = Reference(by, sources, *named)
        if number and reference.shown not in seen:
            seen.add(reference.shown)
            yield reference


def _paired(facts: Index, cause: Owned, of: list[Template]) -> Iterator[Reference]:
    """The Services that a custom resource names with the port under a key of its own."""
    who = tuple(facts.view(Enforcement).who(each) for each in of)
    for each in endpoints.within(facts.body(cause.manifest).get("spec")):
        labels = each.host.split(".")
        if labels[2:3] == ["svc"]:
            yield Reference(cause, who, labels[0], labels[1], each.port)


def _stores(facts: Index) -> Iterator[Reference]:
    """Stores of secrets are called by the External Secrets operator."""
    for kind in ("ClusterSecretStore", "SecretStore"):
        for owned in facts.of("external-secrets.io", kind):
            if b".svc" in owned.manifest.raw:
                yield from _found(owned.manifest.raw, owned, tuple(_operators(facts)))


def _operators(facts: Index) -> Iterable[Identity]:
    wanted = {"app.kubernetes.io/name": "external-secrets"}
    for template in facts.view(templates):
        if wanted.items() <= template.labels.items():
            yield facts.view(Enforcement).who(template)


def _datasources(facts: Index) -> Iterator[Reference]:
    """Data sources are called by the Grafanas that they are for."""
    enforcement, running = facts.view(Enforcement), facts.view(by_cause)
    grafanas = facts.of(_GRAFANA, "Grafana")
    for owned in facts.of(_GRAFANA, "GrafanaDatasource"):
        body = facts.body(owned.manifest)
        anywhere = at(body, "spec", "allowCrossNamespaceImport") is True
        callers = [
            enforcement.who(template)
            for each in grafanas
            if anywhere or each.manifest.id.namespace == owned.manifest.id.namespace
            if _is_for(facts, body, each)
            for template in running.get(each.manifest.id.key, ())
        ]
        raw = msgspec.json.encode(at(body, "spec", "datasource"))
        yield from _found(raw, owned, tuple(callers))


_GRAFANA = "grafana.integreatly.org"


def _is_for(facts: Index, body: dict[str, object], grafana: Owned) -> bool:
    labels = mapping(at(facts.body(grafana.manifest), "metadata", "labels"))
    return selectors.matches(at(body, "spec", "instanceSelector"), labels)
