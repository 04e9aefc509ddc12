"""From a compiled repository to what is reported of it; judged anew only when something changed."""

from argparse import Namespace
from collections.abc import Iterator
from hashlib import sha256

import msgspec

from gitops.cli import knowing, late, networking
from gitops.cli.compose import Compiled
from gitops.model.build import Fleet
from gitops.model.manifest import Manifest
from gitops.model.suppression import Judged
from gitops.sources.recording import ReadSet, RecordingTree

_KIND = "report"


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """A report, and what was read to tell its lines: they move where objects stay the same."""

    reads: ReadSet
    judged: Judged


def judge(compiled: Compiled, arguments: Namespace) -> Judged:
    """What every rule says of the fleet. Nothing is kept that decrypted values shaped."""
    tree = RecordingTree(compiled.tree, compiled.digests)
    if any(manifest.revealed for manifest in _manifests(compiled.fleet)):
        return _judged(compiled, arguments, tree)
    key = _key(compiled, arguments)
    held = compiled.cache.get(_KIND, key)
    kept = held and msgspec.msgpack.decode(held, type=_Kept)
    if kept and kept.reads.matches(compiled.digests):
        return kept.judged
    judged = _judged(compiled, arguments, tree)
    compiled.cache.put(_KIND, key, msgspec.msgpack.encode(_Kept(tree.reads, judged)))
    return judged


def _judged(compiled: Compiled, arguments: Namespace, tree: RecordingTree) -> Judged:
    report = late.function("gitops.check.engine", "report")
    knowledge = knowing.knowledge(compiled, arguments, tree)
    ignore, whole = compiled.settings.ignore, not arguments.clusters
    fleet = compiled.fleet
    indexes = late.load("gitops.check.index", "of_fleet")(fleet, knowledge)
    if knowledge.estate:
        all_clusters = fleet if whole else None
        stale_of = late.load("gitops.generate.derived", "stale_of")
        stale = stale_of(tree, knowledge.estate, all_clusters)
        more = late.function("gitops.cli.deriving", "stale")
        stale = (*stale, *more(tree, knowledge.estate, indexes if whole else None))
        stale = (*stale, *networking.stale(tree, knowledge.estate.estate))
        machines = late.function("gitops.cli.machining", "findings")
        stale = (*stale, *machines(tree, knowledge.estate))
        fleet = msgspec.structs.replace(fleet, findings=(*fleet.findings, *stale))
    judged: Judged = report(fleet, knowledge, ignore, whole=whole, indexes=indexes)
    return judged


def _key(compiled: Compiled, arguments: Namespace) -> str:
    """Names the fleet, down to each byte, and all that rules are told besides."""
    told = knowing.fingerprint(compiled, arguments)
    digest = sha256(msgspec.msgpack.encode((compiled.program, arguments.clusters, told)))
    digest.update(msgspec.msgpack.encode(compiled.fleet.findings))
    for cluster in compiled.fleet.clusters:
        digest.update(msgspec.msgpack.encode((cluster.name, cluster.entry, cluster.findings)))
        for unit in cluster.units:
            digest.update(msgspec.msgpack.encode(unit))
    return digest.hexdigest()


def _manifests(fleet: Fleet) -> Iterator[Manifest]:
    for cluster in fleet.clusters:
        for unit in cluster.units:
            yield from unit.manifests
