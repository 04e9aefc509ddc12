"""Whether Flux finds nothing to do where Helmfile has been: what is installed before Flux is what
Flux installs, to the last value, and each chart is installed by one phase.

Source: helm-controller 1.6: a release that Helm has a record of, by the same name in the same
namespace, is upgraded; with chart and values unchanged, to the objects it already has.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from gitops.check import building, fields, index
from gitops.check.facts import releases
from gitops.check.facts.releases import Given
from gitops.check.index import Index
from gitops.estate import helmfiles
from gitops.estate.helmfiles import Helmfile, Loaded, Release
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location

READS = {
    "chart": "{{ (index .Values.releases .Release.Name).chart }}",
    "version": "{{ (index .Values.releases .Release.Name).version }}",
}
"""How a release reads what `gitops handover` says of it."""

VALUES = "{{ (index .Values.releases .Release.Name).values | toYaml }}"
"""What a file of values holds that does the same."""

_HINT = "the HelmRelease is what counts: read it as the other releases of these files do"


def same(clusters: Sequence[Index]) -> Iterator[Finding]:
    """Every release of Helmfile is one of Flux, with the same chart, version and values."""
    for facts, held in _held(clusters):
        if facts.cluster.name not in held.environments:
            continue
        given = facts.view(releases.given)
        for phase in held.phases:
            for release in phase.releases:
                found = given.get((release.namespace, release.name))
                yield from _of(facts, held, phase, release, found)


def phases(clusters: Sequence[Index]) -> Iterator[Finding]:
    """Objects that kubectl applied, Helm refuses to take: no chart is in two phases."""
    for facts, held in list(_held(clusters))[:1]:
        given = facts.view(releases.given)
        first: dict[str, tuple[Helmfile, Release]] = {}
        for phase in held.phases:
            for release in phase.releases:
                known = given.get((release.namespace, release.name))
                chart = known.chart if known and known.chart else release.key
                other, twin = first.setdefault(chart, (phase, release))
                if other != phase:
                    yield _twice(phase, release, chart, other.at(twin))


def _twice(phase: Helmfile, release: Release, chart: str, other: Location) -> Finding:
    return finding.error(
        "bootstrap/both-phases",
        phase.at(release),
        f"{release.key} installs {chart}, as {other.path} does",
        "leave it in the phase that everything it is needed by comes after",
        other,
    )


def needs(clusters: Sequence[Index]) -> Iterator[Finding]:
    """What a release needs stands before it in the same file, so there is no circle."""
    for _, held in list(_held(clusters))[:1]:
        for phase in held.phases:
            seen: set[str] = set()
            for release in phase.releases:
                for position, need in enumerate(release.needs):
                    if need not in seen:
                        yield _need(phase, release, position, need)
                seen.add(release.key)


def environments(clusters: Sequence[Index]) -> Iterator[Finding]:
    """Each cluster has an environment with a context of its own, and no other has one."""
    for facts, held in _held(clusters):
        name = facts.cluster.name
        context = held.environments.get(name)
        if context is None:
            message = f"cluster {name} has no environment: Helmfile cannot install anything there"
        elif context != name:
            message = f"environment {name} has the context {context!r}, not {name!r}"
        else:
            continue
        at = held.environments_source.at("environments", name)
        hint = f"give it one with `kubeContext: {name}`: contexts have the names of clusters"
        yield finding.error("bootstrap/environment", at, message, hint)


FLEET_RULES = (same, phases, needs, environments)


def _held(clusters: Sequence[Index]) -> Iterator[tuple[Index, Loaded]]:
    for facts in clusters:
        if facts.knowledge.helmfiles is not None:
            yield facts, facts.knowledge.helmfiles


def _need(phase: Helmfile, release: Release, position: int, need: str) -> Finding:
    known = ", ".join(each.key for each in phase.releases if each is not release)
    return finding.error(
        "bootstrap/needs",
        phase.at(release, "needs", position),
        f"{release.key} needs {need!r}, which does not stand before it in this file",
        f"needs are namespace/name; the other releases here are {known or 'none'}",
    )


def _of(
    facts: Index, held: Loaded, phase: Helmfile, release: Release, found: Given | None
) -> Iterator[Finding]:
    if found is None:
        yield _unowned(facts, phase, release)
        return
    for key, words in _differences(held, phase, release, found, facts.cluster.name):
        at = phase.at(release, key)
        message = f"{release.key} {words}"
        mistake = finding.error("bootstrap/handover", at, message, _HINT, found.at)
        yield index.about(found.id, building.within(facts.cluster, mistake))


def _unowned(facts: Index, phase: Helmfile, release: Release) -> Finding:
    message = f"{release.key} is no release of Flux in {facts.cluster.name}: nobody would keep it"
    hint = "correct name and namespace, or give the cluster a HelmRelease"
    make = finding.note if facts.hidden else finding.error
    mistake = make("bootstrap/handover", phase.at(release, "name"), message, hint)
    return building.within(facts.cluster, mistake)


def _differences(
    held: Loaded, phase: Helmfile, release: Release, found: Given, cluster: str
) -> Iterator[tuple[str, str]]:
    """Fields that differ, and in what."""
    if found.unknown:
        yield "name", f"cannot be handed over: {found.unknown}"
        return
    for key, wanted in (("chart", found.chart), ("version", found.version)):
        written = getattr(release, key)
        if written != READS[key]:
            second = "stands a second time, as" if written == wanted else "is another:"
            yield key, f"has a {key} that {second} {written!r}, where Flux has {wanted!r}"
    if found.url and phase.repositories.get(found.chart.partition("/")[0]) != found.url:
        yield "chart", f"is of {found.url}, which `repositories` does not name so"
    if release.wait != found.waits and phase.source.path != helmfiles.CRDS:
        yield "wait", "waits, and Flux does not" if release.wait else "does not wait, and Flux does"
    yield from _values(held, phase, release, found, cluster)


def _values(
    held: Loaded, phase: Helmfile, release: Release, found: Given, cluster: str
) -> Iterator[tuple[str, str]]:
    """Files of values are laid over each other; each must be known, and the whole be Flux's."""
    written: dict[str, Any] = {}
    for path in held.files(phase, release, cluster):
        content = held.values[path].content if path in held.values else None
        if content is None:
            yield "values", f"reads {path}, which is no file of values that can be read"
            return
        if isinstance(content, str) and content.strip() != VALUES:
            yield "values", f"reads {path}, a template that nobody can follow here"
            return
        written = merged(written, found.values if isinstance(content, str) else content)
    for inline in release.values:
        written = merged(written, inline) if isinstance(inline, dict) else written
    if written != found.values:
        where = ".".join(first_difference(written, found.values))
        yield "values", f"has other values than Flux in {cluster}: {where}"


def merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """As Helm lays values over each other: mappings key by key, all else replaced."""
    found = dict(under)
    for key, value in over.items():
        held = found.get(key)
        both = isinstance(held, dict) and isinstance(value, dict)
        found[key] = merged(fields.mapping(held), value) if both else value
    return found


def first_difference(one: object, other: object) -> tuple[str, ...]:
    """The way to the first field that two values do not share."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}, key=str):
            if key not in one or key not in other:
                return (str(key),)
            if one[key] != other[key]:
                return (str(key), *first_difference(one[key], other[key]))
    return ()
