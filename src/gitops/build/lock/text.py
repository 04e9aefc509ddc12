"""Lock files as text: stable bytes, short, and a difference in one fact is one line's difference.

Objects stand below a heading of API version, kind and namespace. An object, or a part of one, that
fits on a line stands on one. The fields of `metadata` stand beside the others. Labels that most
objects share stand once, as `sharedLabels`: an object has these, changed or completed by its
`extraLabels`, unless it has `labels`, which are then all it has.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from gitops.build.lock import flow, interface
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.lock import Interface, Lock
from gitops.model.origin import Location
from gitops.sources import yamlio

_HEADER = "# Facts of a rendered release, written by `gitops lock`; never edited by hand."
_OBJECT = b"  - "
_METADATA = ("name", "annotations")


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    chart: str
    version: str
    digest: str
    values: str
    objects: dict[str, list[dict[str, Any]]]
    app_version: str = ""
    origin_digest: str = ""
    shared_labels: dict[str, str] = {}


def to_yaml(lock: Lock) -> str:
    """The text of a lock file; `parse` gives the lock back."""
    bodies = [msgspec.json.decode(raw) for raw in lock.interface.objects]
    shared = _shared_labels(bodies)
    head = {
        "chart": lock.chart,
        "version": lock.version,
        "appVersion": lock.app_version,
        "digest": lock.digest,
        "originDigest": lock.origin_digest,
        "values": lock.values,
        "sharedLabels": shared,
    }
    lines = flow.block({key: value for key, value in head.items() if value})
    groups = _groups(bodies, shared)
    objects = ["objects:", *flow.block(groups, 2)] if groups else ["objects: {}"]
    return "\n".join((_HEADER, *lines, *objects, ""))


def parse(text: bytes, path: str) -> Lock | tuple[Finding, ...]:
    """The lock that a file holds, or what is wrong with it."""
    documents, findings = yamlio.parse(text, path)
    if findings:
        return tuple(findings)
    try:
        file = msgspec.convert(documents[0].value if documents else None, _File)
        facts = list(map(interface.facts_of, _bodies(file)))
    except (msgspec.ValidationError, TypeError, ValueError) as cause:
        message = f"{path} is not a lock file that this version can read: {cause}"
        hint = "write it again with `gitops lock`"
        return (finding.error("lock/unreadable", Location(path), message, hint),)
    placed = zip(facts, _lines(text, len(facts)), strict=True)
    known = sorted((fact, line) for fact, line in placed if fact is not None)
    return Lock(
        path=path,
        chart=file.chart,
        version=file.version,
        digest=file.digest,
        values=file.values,
        interface=Interface(tuple(fact for fact, _ in known)),
        app_version=file.app_version,
        origin_digest=file.origin_digest,
        lines=tuple(line for _, line in known),
        head=tuple(_head(text)),
    )


def _bodies(file: _File) -> Iterator[dict[str, Any]]:
    for heading, objects in file.objects.items():
        api_version, kind, *namespace = heading.split(" ")
        identity = {"apiVersion": api_version, "kind": kind}
        below = {"namespace": namespace[0]} if namespace else {}
        for each in objects:
            own = {key: each[key] for key in _METADATA if key in each}
            labels = each.get("labels", {**file.shared_labels, **each.get("extraLabels", {})})
            yield {**each, **identity, "metadata": {**own, **below, "labels": labels}}


def _groups(
    bodies: Sequence[dict[str, Any]], shared: dict[str, str]
) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for body in bodies:
        groups.setdefault(_heading(body), []).append(_short(body, shared))
    return dict(sorted(groups.items()))


def _heading(body: dict[str, Any]) -> str:
    metadata = body.get("metadata", {})
    parts = (body["apiVersion"], body["kind"], metadata.get("namespace"))
    return " ".join(part for part in parts if part)


def _short(body: dict[str, Any], shared: dict[str, str]) -> dict[str, Any]:
    """The object as it stands below its heading."""
    metadata = dict(body.get("metadata", {}))
    metadata.pop("namespace", None)
    labels = _differing(metadata.pop("labels", {}), shared)
    rest = {key: body[key] for key in body if key not in ("apiVersion", "kind", "metadata")}
    return {**metadata, **labels, **rest}


def _differing(own: dict[str, Any], shared: dict[str, str]) -> dict[str, Any]:
    if not shared.keys() <= own.keys():
        return {"labels": own}
    extra = {key: value for key, value in own.items() if shared.get(key) != value}
    return {"extraLabels" if shared else "labels": extra} if extra else {}


def _shared_labels(bodies: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The labels that more than half of the objects with labels have, with these values."""
    labelled = [labels for body in bodies if (labels := body.get("metadata", {}).get("labels"))]
    pairs = (pair for labels in labelled for pair in labels.items() if isinstance(pair[1], str))
    counts = Counter(pairs)
    return dict(sorted(pair for pair, count in counts.items() if 2 * count > len(labelled)))


def _head(text: bytes) -> Iterator[tuple[str, int]]:
    """The fields before the objects, with their lines."""
    for number, line in enumerate(text.split(b"\n"), 1):
        name = line.partition(b":")[0].decode(errors="replace")
        if name == "objects":
            return
        if name in _File.__struct_encode_fields__:
            yield name, number


def _lines(text: bytes, count: int) -> Sequence[int]:
    """The lines that objects begin on; zeros when somebody else laid the file out."""
    lines = enumerate(text.split(b"\n"), 1)
    found = [number for number, line in lines if line.startswith(_OBJECT)]
    return found if len(found) == count else [0] * count
