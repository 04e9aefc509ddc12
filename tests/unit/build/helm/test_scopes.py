"""Which kinds live in a namespace."""

from typing import Any

import pytest

from gitops.build.helm import scopes
from gitops.model.ids import ObjectId


@pytest.mark.parametrize(
    ("group", "kind", "namespaced"),
    [
        ("", "ConfigMap", True),
        ("", "Namespace", False),
        ("apps", "Deployment", True),
        ("rbac.authorization.k8s.io", "Role", True),
        ("rbac.authorization.k8s.io", "ClusterRole", False),
        ("storage.k8s.io", "StorageClass", False),
        ("storage.k8s.io", "CSIStorageCapacity", True),
        ("example.org", "Colour", False),
        ("example.org", "Unknown", True),
        ("cert-manager.io", "ClusterIssuer", False),
        ("gateway.networking.k8s.io", "GatewayClass", False),
        ("postgresql.cnpg.io", "Cluster", True),
        ("cluster.x-k8s.io", "ClusterClass", True),
        ("cilium.io", "CiliumClusterwideNetworkPolicy", False),
        ("cilium.io", "CiliumNetworkPolicy", True),
    ],
)
def test_the_scope_of_a_kind_is_known_or_guessed(group: str, kind: str, namespaced: bool) -> None:
    custom = {("example.org", "Colour"): False}
    assert scopes.is_namespaced(ObjectId(group, "v1", kind, "", "x"), custom) is namespaced


def test_definitions_tell_the_scope_of_what_they_define() -> None:
    spec = {"group": "example.org", "names": {"kind": "Colour"}}
    definitions: list[dict[str, Any]] = [
        {"kind": "CustomResourceDefinition", "spec": {**spec, "scope": "Cluster"}},
        {
            "kind": "CustomResourceDefinition",
            "spec": {**spec, "names": {"kind": "Shade"}, "scope": "Namespaced"},
        },
        {"kind": "CustomResourceDefinition", "spec": None},
        {"kind": "ConfigMap"},
    ]
    assert dict(scopes.defined(definitions)) == {
        ("example.org", "Colour"): False,
        ("example.org", "Shade"): True,
    }
