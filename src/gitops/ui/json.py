"""Findings and fleets for programs. The shape is stable: fields are added, never changed.

One element of a list stands on one line, so that output of any size can be streamed and compared.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from gitops.model.build import Cluster, Fleet, Locked, Unit, Unknown
from gitops.model.finding import Finding
from gitops.model.ids import ObjectId
from gitops.model.manifest import Manifest
from gitops.model.origin import Location, Origin
from gitops.model.suppression import Ignored
from gitops.ui import coverage, mistakes, phrase
from gitops.ui.mistakes import Mistake


def report(
    fleet: Fleet, findings: Iterable[Finding], ignored: Iterable[Ignored] = ()
) -> Iterator[str]:
    """`{"findings": […], "ignored": […], "clusters": […], "summary": {"error": 0, …}}`."""
    found = mistakes.merge(findings)
    yield '{"findings": '
    yield from _list(map(_mistake, found))
    yield ',\n"ignored": '
    yield from _list(map(_ignored, ignored))
    yield ',\n"clusters": '
    yield from _list(map(_coverage, fleet.clusters))
    yield f',\n"summary": {_text(mistakes.counts(found))}}}\n'


def fleet(fleet: Fleet, *, origin: bool = False) -> Iterator[str]:
    """`{"clusters": [{"name", "entry", "units": [{…, "objects": […]}]}]}`.

    Every object stands under `object`; `origin` is beside it when asked for.
    """
    yield '{"clusters": ['
    for number, cluster in enumerate(fleet.clusters):
        head = _text(_names(cluster))
        yield f'{"," if number else ""}\n{head[:-1]},"units":'
        yield from _list(f"{_unit(unit)[:-1]},{_objects(unit, origin)}}}" for unit in cluster.units)
        yield "}"
    yield "]}\n"


def _list(items: Iterable[str]) -> Iterator[str]:
    separator = "\n"
    yield "["
    for item in items:
        yield separator + item
        separator = ",\n"
    yield "]"


def _ignored(ignored: Ignored) -> str:
    (mistake,) = mistakes.merge([ignored.finding])
    by = ignored.by
    return _text({**_view(mistake), "reason": by.reason, "expires": by.expires})


def _mistake(mistake: Mistake) -> str:
    return _text(_view(mistake))


def _view(mistake: Mistake) -> dict[str, Any]:
    finding = mistake.finding
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "at": _location(finding.at),
        "message": phrase.unicode(finding.message),
        "hint": phrase.unicode(finding.hint),
        "related": [_location(related) for related in finding.related],
        "in": [
            {"cluster": phrase.unicode(place.cluster), "object": _id(place.subject)}
            for place in mistake.places
        ],
    }


def _coverage(cluster: Cluster) -> str:
    known = coverage.of(cluster)
    return _text(
        {
            **_names(cluster),
            "units": known.units,
            "objects": known.objects,
        }
    )


def _names(cluster: Cluster) -> dict[str, Any]:
    return {"name": phrase.unicode(cluster.name), "entry": phrase.unicode(cluster.entry)}


def _unit(unit: Unit) -> str:
    view: dict[str, Any] = {
        "unit": _id(unit.id),
        "parent": _id(unit.parent),
        "at": _location(unit.origin.source),
        "outcome": coverage.word(unit.outcome),
    }
    if unit.chart:
        view["chart"] = {"address": unit.chart.address, "version": unit.chart.version}
    match unit.outcome:
        case Unknown(reason):
            view["reason"] = reason
        case Locked(_, lock):
            view["lock"] = lock
    return _text(view)


def _objects(unit: Unit, origin: bool) -> str:
    return f'"objects":{"".join(_list(_object(manifest, origin) for manifest in unit.manifests))}'


def _object(manifest: Manifest, origin: bool) -> str:
    view: dict[str, Any] = {}
    if origin:
        view["origin"] = _origin(manifest.origin)
    if manifest.incomplete:
        view["incomplete"] = manifest.incomplete
    return _text(view | {"object": msgspec.Raw(manifest.raw)})


def _origin(origin: Origin) -> dict[str, Any]:
    steps = [
        {"action": step.action, "at": _location(step.at), "detail": step.detail}
        for step in origin.steps
    ]
    return {"source": _location(origin.source), "steps": steps}


def _location(at: Location) -> dict[str, Any]:
    return {"path": phrase.unicode(at.path), "document": at.document, "line": at.line}


def _id(found: ObjectId | None) -> dict[str, str] | None:
    if found is None:
        return None
    return {
        "apiVersion": found.api_version,
        "kind": found.kind,
        "namespace": found.namespace,
        "name": found.name,
    }


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
