"""Where ExternalSecrets take their values from.

Source: external-secrets v0.12.1, pkg/controllers/secretstore: a store of a namespace serves only
that namespace; a ClusterSecretStore may have conditions, of which one must hold.
"""

import re
from collections.abc import Iterator
from typing import Any

from gitops.check import selectors
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Key, Owned
from gitops.check.spot import Spot, graded
from gitops.check.wiring.presence import Presence
from gitops.model.finding import Finding, Severity

_GROUP = "external-secrets.io"
_GENERATORS = "generators.external-secrets.io"
_TWINS = {"ClusterSecretStore": "SecretStore", "SecretStore": "ClusterSecretStore"}

Way = tuple[str | int, ...]


def missing(facts: Index) -> Iterator[Finding]:
    """Every store and generator that is named exists. A doubt about one is told once.

    Stores are looked for where any are among the objects.
    """
    presence = facts.view(Presence)
    doubted: set[Key] = set()
    for owned, way, reference in _references(facts):
        key = _wanted(owned, reference)
        if _is_ours(facts, key) and key not in doubted and not presence.has(key):
            doubted |= {key} if presence.hiders(key) else set()
            spot = Spot(facts, owned, (*way, "name"))
            message = f"{spot.who} takes its values from {_shown(key)}, which does not exist"
            yield _absent(facts, spot, key, message)


def _absent(facts: Index, spot: Spot, key: Key, message: str) -> Finding:
    """A store of the same name and the other kind is what is meant, whatever cannot be seen."""
    presence = facts.view(Presence)
    other = _TWINS.get(key[1], "")
    twin = facts.find(key[0], other, "" if other.startswith("Cluster") else key[2], key[3])
    hint = f"add the {key[1]}, or correct the reference"
    if twin is None:
        return presence.absent("secret/store-missing", spot, key, message, hint)
    hint = f"there is a {other} of this name: say `kind: {other}`"
    found = presence.absent("secret/store-missing", spot, key, message, hint)
    is_doubtful = found.severity is Severity.NOTE
    return graded(found, Severity.WARNING) if is_doubtful else found


def refused(facts: Index) -> Iterator[Finding]:
    """A store with conditions serves the namespaces that ask for it."""
    for owned, way, reference in _references(facts):
        key = _wanted(owned, reference)
        store = facts.find(*key) if key[1] == "ClusterSecretStore" else None
        conditions = listing(at(facts.body(store.manifest), "spec", "conditions")) if store else []
        namespace = owned.manifest.id.namespace
        if store and conditions and not any(_holds(facts, each, namespace) for each in conditions):
            spot = Spot(facts, owned, way)
            yield spot.error(
                "secret/store-refuses",
                f"{spot.who} takes its values from {_shown(key)}, whose conditions leave out "
                f"namespace {namespace!r}",
                "add the namespace to the conditions of the store, or use another one",
                store,
            )


def _references(facts: Index) -> Iterator[tuple[Owned, Way, dict[str, Any]]]:
    for owned in facts.of(_GROUP, "ExternalSecret"):
        spec = mapping(facts.body(owned.manifest).get("spec"))
        if spec.get("secretStoreRef"):
            yield owned, ("spec", "secretStoreRef"), mapping(spec["secretStoreRef"])
        for field in ("data", "dataFrom"):
            for position, each in enumerate(listing(spec.get(field))):
                source = mapping(mapping(each).get("sourceRef"))
                for inner in ("storeRef", "generatorRef"):
                    if inner in source:
                        way = ("spec", field, position, "sourceRef", inner)
                        yield owned, way, mapping(source[inner])
    for owned in facts.of(_GROUP, "PushSecret"):
        body = facts.body(owned.manifest)
        for position, each in enumerate(listing(at(body, "spec", "secretStoreRefs"))):
            yield owned, ("spec", "secretStoreRefs", position), mapping(each)


def _wanted(owned: Owned, reference: dict[str, Any]) -> Key:
    is_generator = text(reference.get("apiVersion")).startswith(_GENERATORS)
    kind = text(reference.get("kind")) or "SecretStore"
    is_wide = kind.startswith("Cluster")
    group = _GENERATORS if is_generator or not kind.endswith("SecretStore") else _GROUP
    return (
        group,
        kind,
        "" if is_wide else owned.manifest.id.namespace,
        text(reference.get("name")),
    )


def _holds(facts: Index, condition: object, namespace: str) -> bool:
    found = mapping(condition)
    if namespace in listing(found.get("namespaces")):
        return True
    if any(re.search(str(each), namespace) for each in listing(found.get("namespaceRegexes"))):
        return True
    selector = found.get("namespaceSelector")
    labels = {**facts.namespaces.get(namespace, {}), "kubernetes.io/metadata.name": namespace}
    return bool(selector) and selectors.matches(selector, labels)


def _is_ours(facts: Index, key: Key) -> bool:
    """Whether it is to be found here: stores may belong to another repository."""
    kinds = ("ClusterSecretStore", "SecretStore")
    return bool(key[3]) and (key[0] == _GENERATORS or any(facts.of(_GROUP, kind) for kind in kinds))


def _shown(key: Key) -> str:
    return "/".join(part for part in key[1:] if part)
