"""Custom resources against the genuine CustomResourceDefinitions, unknown fields included.

The definitions are not part of this repository: they are read from `../shared/crds`, or from the
folder that GITOPS_SHARED names, and the tests are skipped where there are none.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from gitops.sources import yamlio
from tests.repository import manifests

SHARED = Path(os.environ.get("GITOPS_SHARED") or manifests.ROOT.parent / "shared")

pytestmark = pytest.mark.skipif(
    not (SHARED / "crds").is_dir(),
    reason="no CustomResourceDefinitions in ../shared/crds; GITOPS_SHARED may name their parent",
)
by_cluster = pytest.mark.parametrize("cluster", manifests.clusters())


class Definition(msgspec.Struct, frozen=True):
    """What a CustomResourceDefinition says of one kind: its scope, and a schema per version."""

    namespaced: bool
    versions: dict[str, dict[str, Any]]


@by_cluster
def test_custom_resources_fit_their_definitions_once_settings_are_filled_in(cluster: str) -> None:
    problems = [
        f"{item.path}: {problem}"
        for step in manifests.steps(cluster).values()
        for item in (step, *manifests.objects_of(manifests.unit(step)))
        for problem in violations(manifests.filled(item, cluster, step))
    ]
    assert problems == []


@by_cluster
def test_the_scope_of_a_custom_resource_is_the_one_its_unit_gives_it(cluster: str) -> None:
    """kustomize's `namespace:` writes a namespace into custom resources that have none."""
    wrong = []
    for step in manifests.steps(cluster).values():
        home = manifests.namespace(manifests.unit(step))
        for item in manifests.objects_of(manifests.unit(step)):
            definition = definitions(item.group).get(item.kind)
            own = item.body["metadata"].get("namespace") or home
            if definition and definition.namespaced != bool(own):
                wrong.append(item.path)
    assert wrong == []


def test_a_field_that_the_definition_does_not_know_is_refused() -> None:
    body = {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumLoadBalancerIPPool",
        "metadata": {"name": "main"},
        "spec": {"blocks": [{"cidr": "192.0.2.0/24", "cdir": "192.0.2.0/24"}]},
    }
    (problem,) = violations(manifests.Object("", body))
    assert problem.startswith("$.spec.blocks[0]: Additional properties are not allowed")


def violations(item: manifests.Object) -> list[str]:
    """How an object differs from its definition; nothing for kinds that have none."""
    definition = definitions(item.group).get(item.kind)
    if definition is None:
        return []
    version = item.body["apiVersion"].rpartition("/")[2]
    if version not in definition.versions:
        return [f"version {version} is not served"]
    validator = Draft202012Validator(definition.versions[version])
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(item.body)]


@cache
def definitions(group: str) -> dict[str, Definition]:
    """The definitions of a group's kinds; the core group has none."""
    found = {}
    for path in sorted((SHARED / "crds").glob(f"*/*.{group}.yaml")) if group else ():
        ((document,), ()) = yamlio.parse(path.read_bytes(), path.name)
        spec = document.value["spec"]
        found[spec["names"]["kind"]] = Definition(
            spec["scope"] == "Namespaced",
            {
                version["name"]: closed(version["schema"]["openAPIV3Schema"], True)
                for version in spec["versions"]
                if version["served"]
            },
        )
    return found


def closed(schema: dict[str, Any], whole: bool = False) -> dict[str, Any]:
    """A structural schema as JSON Schema which refuses what the API server would prune.

    `whole` marks the schema of a whole object, whose metadata the API server knows by itself.
    """
    result = {key: value for key, value in schema.items() if key != "format"}
    if "properties" in schema:
        result["properties"] = {
            name: closed(inner, inner.get("x-kubernetes-embedded-resource", False))
            for name, inner in schema["properties"].items()
        }
    if whole:
        known = dict.fromkeys(("apiVersion", "kind", "metadata"), True)
        result["properties"] = result.get("properties", {}) | known
    for field in ("items", "additionalProperties"):
        if isinstance(schema.get(field), dict):
            result[field] = closed(schema[field])
    if schema.get("type") == "object" and not schema.get("x-kubernetes-preserve-unknown-fields"):
        result.setdefault("additionalProperties", False)
    if schema.get("nullable"):
        return {"anyOf": [{"type": "null"}, result]}
    return result
