"""Every Flux Kustomization of public repositories, built by us and by Flux's own libraries."""

from argparse import Namespace
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gitops.build.flux import variables
from gitops.build.pipeline.inventory import Inventory
from gitops.build.pipeline.lookup import ClusterData
from gitops.cli import compose
from gitops.model import flux
from gitops.model.build import Broken, Cluster, Rendered, Unit
from tests.oracle import fluxlib, tools
from tests.oracle.meaning import meant

pytestmark = [pytest.mark.oracle, pytest.mark.public]

BEYOND = {"flux/missing-variables", "flux/removed-api"}
"""What only a cluster knows: Secrets made by hand, and the API versions that it serves."""

OPTIONS = Namespace(
    rev=None, entry=[], flux_version="2.9.4", kube_version=None, source=[], helm="sdk"
)


def test_every_kustomization_gives_the_objects_that_flux_applies(
    capsys: pytest.CaptureFixture[str],
) -> None:
    counted: Counter[str] = Counter()
    different: list[str] = []
    for root in tools.public_repositories():
        options = Namespace(**vars(OPTIONS), repo=str(root), no_cache=True, clusters=[])
        for cluster in compose.compile_repository(options).clusters:
            for name, outcome in compared(root, cluster):
                counted[outcome] += 1
                if outcome.startswith("different"):
                    different.append(f"{root.name}: {name}: {outcome}")
    with capsys.disabled():
        print(f"\nFlux Kustomizations of public repositories: {dict(counted)}")
    assert counted["equal"] > 0
    assert different == []


def compared(root: Path, cluster: Cluster) -> list[tuple[str, str]]:
    """Each Kustomization that lies in the repository, and how the two builds compare."""
    inventory = Inventory()
    bodies: dict[Any, dict[str, Any]] = {}
    for unit in cluster.units:
        inventory.add(unit.manifests)
        for manifest in unit.manifests:
            if manifest.id.kind == "Kustomization":
                bodies.setdefault(manifest.id.key, manifest.body())
    asked = [unit for unit in cluster.units if is_comparable(unit, bodies)]
    requests = [request(root, bodies[unit.id.key], inventory) for unit in asked]
    answers = fluxlib.ask(requests)
    return [
        (f"{cluster.name} {unit.id}", outcome(unit, answer))
        for unit, answer in zip(asked, answers, strict=True)
    ]


def is_comparable(unit: Unit, bodies: dict[Any, dict[str, Any]]) -> bool:
    """Whether both can build it: it is declared, nothing about it is for the cluster to say, and
    its files are those of the repository."""
    if unit.id.key not in bodies or not isinstance(unit.outcome, Rendered | Broken):
        return False
    if any(found.rule in BEYOND for found in unit.findings):
        return False
    return bool(
        bodies[unit.id.key]["spec"]["sourceRef"]["kind"] in ("GitRepository", "OCIRepository")
    )


def request(root: Path, body: dict[str, Any], inventory: Inventory) -> dict[str, Any]:
    """The build with all variables given inline: how they are collected is another test."""
    spec = dict(body["spec"])
    if "postBuild" in spec:
        manifest = inventory.find(
            "Kustomization", body["metadata"]["namespace"], body["metadata"]["name"]
        )
        assert manifest is not None
        wanted, _ = flux.parse(manifest)
        assert isinstance(wanted, flux.Kustomization)
        collected, _ = variables.collect(wanted, ClusterData(inventory, frozenset()))
        strategy = spec["postBuild"].get("substituteStrategy")
        spec["postBuild"] = {"substitute": collected.texts}
        if strategy:
            spec["postBuild"]["substituteStrategy"] = strategy
    return {
        "do": "build",
        "root": str(root),
        "path": spec["path"],
        "kustomization": {**body, "spec": spec},
        "cluster": [],
        "strict": True,
        "apply": True,
    }


def outcome(unit: Unit, answer: dict[str, Any]) -> str:
    """`equal`, `both fail`, or how they differ."""
    if answer.get("error"):
        if isinstance(unit.outcome, Broken):
            return "both fail"
        return f"different: only Flux fails: {answer['error'][:300]}"
    if isinstance(unit.outcome, Broken):
        return f"different: only we fail: {unit.findings[0].message[:300]}"
    ours = sorted(canonical(manifest.body()) for manifest in unit.manifests)
    theirs = sorted(canonical(body) for body in answer["objects"] or ())
    if ours == theirs:
        return "equal"
    only = [each for each in ours if each not in theirs]
    instead = [each for each in theirs if each not in ours]
    return f"different: ours {only[:1]} theirs {instead[:1]}"[:1500]


def canonical(body: dict[str, Any]) -> bytes:
    return msgspec.json.encode(meant(body), order="deterministic")
