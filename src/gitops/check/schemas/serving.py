"""Objects of kinds and versions that the cluster does not have, or soon will not have.

Source: Kubernetes, "Deprecated API Migration Guide"; of custom resources their own definitions.
"""

from collections import Counter
from collections.abc import Iterator

from gitops.check import index
from gitops.check.index import Index, Owned
from gitops.check.schemas.definitions import Definitions, Version, definitions
from gitops.check.schemas.findings import is_whole
from gitops.model import finding, semver
from gitops.model.finding import Finding
from gitops.model.origin import NOWHERE

_REMOVED: dict[tuple[str, str], tuple[str, str]] = {
    ("extensions", "v1beta1"): ("1.22", "apps/v1, networking.k8s.io/v1 or policy/v1"),
    ("apps", "v1beta1"): ("1.16", "apps/v1"),
    ("apps", "v1beta2"): ("1.16", "apps/v1"),
    ("admissionregistration.k8s.io", "v1beta1"): ("1.22", "admissionregistration.k8s.io/v1"),
    ("apiextensions.k8s.io", "v1beta1"): ("1.22", "apiextensions.k8s.io/v1"),
    ("apiregistration.k8s.io", "v1beta1"): ("1.22", "apiregistration.k8s.io/v1"),
    ("certificates.k8s.io", "v1beta1"): ("1.22", "certificates.k8s.io/v1"),
    ("coordination.k8s.io", "v1beta1"): ("1.22", "coordination.k8s.io/v1"),
    ("networking.k8s.io", "v1beta1"): ("1.22", "networking.k8s.io/v1"),
    ("rbac.authorization.k8s.io", "v1beta1"): ("1.22", "rbac.authorization.k8s.io/v1"),
    ("scheduling.k8s.io", "v1beta1"): ("1.22", "scheduling.k8s.io/v1"),
    ("storage.k8s.io", "v1beta1"): ("1.27", "storage.k8s.io/v1"),
    ("autoscaling", "v2beta1"): ("1.25", "autoscaling/v2"),
    ("autoscaling", "v2beta2"): ("1.26", "autoscaling/v2"),
    ("batch", "v1beta1"): ("1.25", "batch/v1"),
    ("discovery.k8s.io", "v1beta1"): ("1.25", "discovery.k8s.io/v1"),
    ("events.k8s.io", "v1beta1"): ("1.25", "events.k8s.io/v1"),
    ("node.k8s.io", "v1beta1"): ("1.25", "node.k8s.io/v1"),
    ("policy", "v1beta1"): ("1.25", "policy/v1, or Pod Security admission for PodSecurityPolicy"),
    ("flowcontrol.apiserver.k8s.io", "v1beta1"): ("1.26", "flowcontrol.apiserver.k8s.io/v1"),
    ("flowcontrol.apiserver.k8s.io", "v1beta2"): ("1.29", "flowcontrol.apiserver.k8s.io/v1"),
    ("flowcontrol.apiserver.k8s.io", "v1beta3"): ("1.32", "flowcontrol.apiserver.k8s.io/v1"),
}
"""The Kubernetes version that stopped serving a version of a group, and what came in its place."""

_DEPRECATED = {
    ("", "v1", "ComponentStatus"): ("1.19", "nothing: ask the health endpoints"),
    ("", "v1", "Endpoints"): ("1.33", "discovery.k8s.io/v1 EndpointSlice"),
}


def unserved(facts: Index) -> Iterator[Finding]:
    """An object of a version that the API server does not have cannot be applied."""
    known = facts.view(definitions)
    for owners in facts.owned.values():
        owned = owners[0]
        about = owned.manifest.id
        versions = known.versions(about.group, about.kind)
        if (about.group, about.version) in _REMOVED and about.version not in versions:
            yield from _removed(facts, owned, versions)
        elif versions:
            yield from _of_versions(facts, owned, versions)


def _removed(facts: Index, owned: Owned, versions: dict[str, Version]) -> Iterator[Finding]:
    about = owned.manifest.id
    since, replacement = _REMOVED[about.group, about.version]
    removed, pinned = semver.parse(f"{since}.0"), semver.parse(facts.knowledge.kube_version)
    if removed and pinned and pinned.rank < removed.rank:
        return
    if versions:
        replacement = " or ".join(f"{about.group}/{name}" for name in versions)
    message = f"{about}: Kubernetes serves {about.api_version} no more since {since}"
    place = facts.at(owned, "apiVersion")
    found = finding.error("api/removed", place, message, f"write it as {replacement}")
    yield index.about(about, found)


def _of_versions(facts: Index, owned: Owned, versions: dict[str, Version]) -> Iterator[Finding]:
    about = owned.manifest.id
    version = versions.get(about.version)
    if version is None or not version.served:
        yield index.about(about, _unserved(facts, owned, versions))
    elif version.deprecated or (about.group, about.version, about.kind) in _DEPRECATED:
        yield index.about(about, _deprecated(facts, owned, version, _served(owned, versions)))


def _served(owned: Owned, versions: dict[str, Version]) -> list[str]:
    group = owned.manifest.id.group
    return [f"{group}/{name}".lstrip("/") for name in versions if versions[name].served]


def _unserved(facts: Index, owned: Owned, versions: dict[str, Version]) -> Finding:
    about = owned.manifest.id
    served = _served(owned, versions)
    hint = f"write {' or '.join(served)}" if served else "its definition serves no version at all"
    homes = [each.home.manifest.origin.source for each in versions.values() if each.home][:1]
    place = facts.at(owned, "apiVersion")
    message = f"{about}: version {about.version} of {about.kind} is not served"
    if homes or any(each.builtin for each in versions.values()):
        return finding.error("api/unserved", place, message, hint, *homes)
    # What was imported may be of another release than the one that runs.
    more = f"{hint}; or import the definitions of the release that runs there"
    return finding.warning("api/unserved", place, f"{message}, say the imported definitions", more)


def _deprecated(facts: Index, owned: Owned, version: Version, served: list[str]) -> Finding:
    about = owned.manifest.id
    since, replacement = _DEPRECATED.get((about.group, about.version, about.kind), ("", ""))
    others = [each for each in served if each != about.api_version]
    replacement = replacement or " or ".join(others) or "whatever its vendor names"
    words = f" since Kubernetes {since}" if since else ""
    warning = f": {version.deprecated}" if version.deprecated not in ("", "deprecated") else ""
    message = f"{about}: {about.api_version} is deprecated{words}{warning}"
    place = facts.at(owned, "apiVersion")
    return finding.warning("api/deprecated", place, message, f"write it as {replacement}")


def unchecked(facts: Index) -> Iterator[Finding]:
    """How many objects of which kinds no schema was found for; each is an error where schemas are
    required."""
    known = facts.view(definitions)
    absent = [owned for owned in _applied(facts) if not _has_schema(known, owned)]
    if facts.knowledge.require_schemas:
        for owned in absent:
            about = owned.manifest.id
            message = f"{about} is not checked: no schema of {about.api_version} {about.kind}"
            place = facts.at(owned, "kind")
            yield index.about(about, finding.error("schema/absent", place, message, _WAY_OUT))
        return
    kinds = Counter(_named(owned) for owned in absent if not _is_flux(owned))
    if kinds:
        listed = ", ".join(f"{kind} ({count})" for kind, count in sorted(kinds.items()))
        message = f"no schema is here for {listed}: what such objects hold is not checked"
        yield finding.note("schema/absent", NOWHERE, message, _WAY_OUT)


_WAY_OUT = "`gitops schemas import DIR|FILE` keeps CustomResourceDefinitions for this"


def _applied(facts: Index) -> Iterator[Owned]:
    return (owners[0] for owners in facts.owned.values() if is_whole(owners[0]))


def _has_schema(known: Definitions, owned: Owned) -> bool:
    about = owned.manifest.id
    if (about.group, about.version) in _REMOVED:
        return True
    versions = known.versions(about.group, about.kind)
    version = versions.get(about.version)
    return (version is None and bool(versions)) or (
        version is not None and version.schema is not None
    )


def _named(owned: Owned) -> str:
    about = owned.manifest.id
    return f"{about.kind}.{about.group}" if about.group else about.kind


def _is_flux(owned: Owned) -> bool:
    """Flux's own kinds: the compiler reads them, and says what Flux would."""
    return owned.manifest.id.group.endswith(".toolkit.fluxcd.io")
