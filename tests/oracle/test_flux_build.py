"""Every Flux Kustomization of public repositories, built by us and by Flux's libraries.

From the files to the objects that Flux applies: generation, kustomize, substitution, labels. Flux
needs a quarter of a second for each, so this takes minutes.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gitops.build import kustomize
from gitops.build.flux import generate, prepare
from gitops.build.kustomize import KustomizationFile
from gitops.build.substitute import manifests
from gitops.build.substitute.manifests import Pass
from gitops.model import flux, manifest
from gitops.model.finding import Finding, Severity
from gitops.model.flux import Kustomization
from gitops.model.manifest import Manifest
from gitops.model.origin import Location, Origin
from gitops.sources import yamlio
from gitops.sources.disk import DiskTree
from gitops.sources.tree import Kind
from tests.oracle import fluxlib, tools

pytestmark = [pytest.mark.oracle, pytest.mark.public]

NAMESPACE = "flux-system"
NAME = re.compile(rb"\$\{([A-Za-z_][A-Za-z0-9_]*)")


class Case(NamedTuple):
    """A Kustomization as Flux would read it from the API server, and as we do."""

    body: dict[str, Any]
    declared: Kustomization
    variables: dict[str, str]


def test_public_kustomizations_are_built_alike() -> None:
    built = 0
    for root in tools.public_repositories():
        cases = list(declared(root))
        for case, theirs in zip(
            cases, fluxlib.ask(asked(root, case) for case in cases), strict=True
        ):
            objects, findings = ours(root, case)
            wrong = [found for found in findings if found.severity is Severity.ERROR]
            where = f"{root.name}: {case.declared.id}"
            assert bool(wrong) == ("error" in theirs), (where, wrong, theirs)
            if not wrong:
                assert meant(objects) == meant(theirs["objects"]), where
                built += len(objects)
    assert built > 0


def declared(root: Path) -> Iterator[Case]:
    """The Kustomizations on disk. Their sources of variables hold one for every name in use."""
    files = {path: path.read_bytes() for path in sorted(root.rglob("*.y*ml")) if path.is_file()}
    names = {name.decode() for text in files.values() for name in NAME.findall(text)}
    tree = DiskTree(str(root))
    for path, text in files.items():
        documents, _ = yamlio.parse(text, str(path.relative_to(root)))
        for document in documents:
            body = set_fields(document.value)
            parsed = kustomization(body)
            if parsed and tree.kind(generate.folder(parsed.spec.path)) is Kind.FOLDER:
                yield Case(body, parsed, {name: f"v-{name.lower()}" for name in sorted(names)})


def kustomization(body: Any) -> Kustomization | None:
    if not isinstance(body, dict) or not isinstance(body.get("metadata"), dict):
        return None
    body["metadata"]["namespace"] = NAMESPACE
    parsed, _ = flux.parse(manifest.manifest(body, Origin(Location("ks.yaml"))))
    if not isinstance(parsed, Kustomization):
        return None
    body["spec"].pop("decryption", None)
    return parsed


def set_fields(value: Any) -> Any:
    """The API server takes a null for a field that is not set."""
    if isinstance(value, dict):
        return {key: set_fields(item) for key, item in value.items() if item is not None}
    return [set_fields(item) for item in value] if isinstance(value, list) else value


def asked(root: Path, case: Case) -> dict[str, Any]:
    post_build = case.declared.spec.post_build
    encoded = {name: b64encode(text.encode()).decode() for name, text in case.variables.items()}
    data = {"ConfigMap": case.variables, "Secret": encoded}
    sources = {
        (each.kind, each.name) for each in (post_build.substitute_from if post_build else ())
    }
    return {
        "do": "build",
        "root": str(root),
        "path": generate.folder(case.declared.spec.path),
        "kustomization": case.body,
        "cluster": [
            {
                "apiVersion": "v1",
                "kind": kind,
                "metadata": {"name": name, "namespace": NAMESPACE},
                "data": data[kind],
            }
            for kind, name in sorted(sources)
        ],
        "strict": True,
        "apply": True,
    }


def ours(root: Path, case: Case) -> tuple[list[Any], tuple[Finding, ...]]:
    tree = DiskTree(str(root))
    wanted = case.declared
    start, findings = generate.generate(tree, wanted)
    if start is None:
        return [], findings
    folder = generate.folder(wanted.spec.path)
    result = kustomize.build(tree, folder, root=KustomizationFile(start.body, start.at))
    substituted, more = substitute(result.manifests, case, tree)
    finished, wrong = prepare.prepare(substituted, wanted)
    return [each.body() for each in finished], (*findings, *result.findings, *more, *wrong)


def substitute(
    objects: tuple[Manifest, ...], case: Case, tree: DiskTree
) -> tuple[tuple[Manifest, ...], tuple[Finding, ...]]:
    post_build = case.declared.spec.post_build
    if post_build is None:
        return objects, ()
    inline = {name: text.replace("\n", "") for name, text in post_build.substitute.items()}
    variables = {**(case.variables if post_build.substitute_from else {}), **inline}
    how = Pass(variables, strict=True, always=post_build.substitute_strategy == "Always")
    result = manifests.substitute(objects, how, case.declared.origin.source, tree.read)
    return result.manifests, result.findings


def meant(value: Any) -> Any:
    """The value without what Go structs leave out or behind and what says nothing."""
    if isinstance(value, dict):
        inside = {key: meant(item) for key, item in value.items() if key != "targetPort" or item}
        return {key: item for key, item in inside.items() if item not in (None, False, {}, [])}
    return [meant(item) for item in value] if isinstance(value, list) else value
