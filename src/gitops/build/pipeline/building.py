"""Builds one unit with the engines: every step of its controller, in the controller's order."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from gitops.build import kustomize
from gitops.build.flux import generate, prepare
from gitops.build.helm import postrender, remarks
from gitops.build.kustomize import KustomizationFile
from gitops.build.pipeline import injected, places, reveal
from gitops.build.pipeline.copies import Watched
from gitops.build.pipeline.work import Built, Pass, Work
from gitops.build.substitute import manifests as substitution
from gitops.model.chart import StoredChart
from gitops.model.flux import HelmRelease
from gitops.model.render import RenderResult
from gitops.model.secret import placeholder
from gitops.sources import yamlio
from gitops.sources.age import Keyring
from gitops.sources.sops.plaintree import DecryptingTree
from gitops.sources.tree import MemoryTree, SourceTree


def build(work: Work, others: Watched, keyring: Keyring) -> Built:
    """A Kustomization as kustomize-controller builds it."""
    if work.files.is_plain:
        return _build(work, others, keyring)
    wanted = msgspec.structs.replace(work.wanted, origin=places.marked(work.wanted.origin))
    built = _build(msgspec.structs.replace(work, wanted=wanted), others, keyring)
    name = places.told_apart(work.files.known_as)
    manifests = places.manifests(built.manifests, name)
    return Built(manifests, places.findings(built.findings, name), built.used_variables)


def _build(work: Work, others: Watched, keyring: Keyring) -> Built:
    wanted, files = work.wanted, work.files
    start, findings = generate.generate(work.tree, wanted, work.features)
    if start is None:
        return Built((), findings)
    folder = generate.folder(wanted.spec.path)
    plain = _decrypting(work, start.body, folder, keyring)
    owner = injected.owner(wanted, files.tree)
    root = KustomizationFile(start.body, start.at, start.text, owner.at, start.added)
    built = kustomize.build(plain, folder, root=root, remote=others)
    found = injected.fair((*findings, *built.findings), owner)
    shown, encrypted = reveal.reveal(built.manifests, wanted, keyring, files.tree.read)
    read = files.tree.read
    substituted = substitution.substitute(shown, _how(work.how), wanted.origin.source, read)
    manifests, wrong = prepare.prepare(substituted.manifests, wanted, read, work.features)
    hidden = plain.findings if isinstance(plain, DecryptingTree) else ()
    if work.is_secret or (isinstance(plain, DecryptingTree) and plain.revealed):
        manifests = tuple(msgspec.structs.replace(each, revealed=True) for each in manifests)
    found = (*found, *hidden, *encrypted, *substituted.findings, *wrong)
    return Built(manifests, found, tuple(sorted(substituted.used)))


def finish(release: HelmRelease, chart: StoredChart, result: RenderResult) -> Built:
    """A release as helm-controller applies it: post-rendered, labelled, in its namespace."""
    finished = postrender.finish(release, chart, result, kustomize.build, {})
    notes = remarks.notes(release, chart, result)
    return Built(finished.manifests, (*finished.findings, *notes))


def patch(body: dict[str, Any], patches: Iterable[dict[str, object]]) -> dict[str, Any]:
    """An object with the patches that fit it: the others are meant for something else."""
    for each in patches:
        asked = {"resources": ["object.yaml"], "patches": [each]}
        files = {"object.yaml": yamlio.dump(body), "kustomization.yaml": yamlio.dump(asked)}
        built = kustomize.build(MemoryTree(files), "")
        if not built.failed and len(built.manifests) == 1:
            body = built.manifests[0].body()
    return body


def _decrypting(work: Work, body: dict[str, Any], folder: str, keyring: Keyring) -> SourceTree:
    if not reveal.is_wanted(work.wanted):
        return work.tree
    encrypted = reveal.encrypted_files(work.tree, body, folder)
    return DecryptingTree(work.tree, keyring, encrypted) if encrypted else work.tree


def _how(how: Pass) -> substitution.Pass:
    stand_in: Callable[[str], str] | None = _stand_in if how.is_open or how.perhaps else None
    told = () if how.is_open else how.perhaps
    known = how.variables
    return substitution.Pass(known, how.strict, how.always, how.placeholders, stand_in, told)


def _stand_in(name: str) -> str:
    return placeholder("variable", name)
