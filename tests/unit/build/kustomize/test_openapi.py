"""What is known of types."""

from gitops.build.kustomize import openapi
from gitops.build.kustomize.openapi import OpenApi
from gitops.model.ids import ObjectId

BUILTIN = openapi.builtin()


def keys(types: OpenApi, api_version: str, kind: str, *path: str) -> tuple[str, ...] | None:
    """The merge keys at a path, where `[]` stands for the elements of a list."""
    schema = types.schema_for(api_version, kind)
    for part in path:
        assert schema is not None
        schema = schema.items() if part == "[]" else schema.field(part)
    return schema.merge_keys() if schema else None


def test_lists_of_built_in_types_merge_by_their_keys() -> None:
    pod = ("spec", "template", "spec")
    assert keys(BUILTIN, "apps/v1", "Deployment", *pod, "containers") == ("name",)
    assert keys(BUILTIN, "apps/v1", "Deployment", *pod, "containers", "[]", "ports") == (
        "containerPort",
        "protocol",
    )
    assert keys(BUILTIN, "v1", "Service", "spec", "ports") == ("port", "protocol")
    assert keys(BUILTIN, "v1", "Pod", "metadata", "finalizers") == ()
    assert keys(BUILTIN, "batch/v1", "CronJob", "spec", "jobTemplate", "spec", "template", "spec",
                "volumes") == ("name",)  # fmt: skip


def test_other_lists_are_replaced() -> None:
    assert keys(BUILTIN, "v1", "Pod", "spec", "tolerations") is None
    assert keys(BUILTIN, "v1", "Pod", "spec", "containers", "[]", "args") is None


def test_kinds_that_kustomize_does_not_know_have_no_schema() -> None:
    assert BUILTIN.schema_for("autoscaling/v2", "HorizontalPodAutoscaler") is None
    assert BUILTIN.schema_for("cilium.io/v2", "CiliumNetworkPolicy") is None


def test_scopes_are_known_for_kinds_of_kubernetes_1_21_alone() -> None:
    def scope(api_version: str, kind: str) -> bool | None:
        group, _, version = api_version.rpartition("/")
        return BUILTIN.is_namespaced(ObjectId(group, version, kind, "", "x"))

    assert scope("v1", "ConfigMap") is True
    assert scope("v1", "Namespace") is False
    assert scope("rbac.authorization.k8s.io/v1", "ClusterRole") is False
    assert scope("autoscaling/v2", "HorizontalPodAutoscaler") is None
    assert scope("cert-manager.io/v1", "ClusterIssuer") is None


CUSTOM = {
    "definitions": {
        "Widget": {
            "properties": {
                "spec": {"$ref": "#/definitions/Spec"},
                "loop": {"$ref": "#/definitions/Loop"},
            },
            "x-kubernetes-group-version-kind": [
                {"group": "example.com", "kind": "Widget", "version": "v1"}
            ],
        },
        "Spec": {
            "properties": {
                "parts": {
                    "type": "array",
                    "x-kubernetes-patch-strategy": "merge",
                    "x-kubernetes-patch-merge-key": "id",
                    "items": {"$ref": "#/definitions/Part"},
                }
            }
        },
        "Part": {"additionalProperties": {"type": "array", "x-kubernetes-patch-strategy": "merge"}},
        "Loop": {"$ref": "#/definitions/Loop"},
    },
    "paths": {
        "/apis/example.com/v1/widgets": {
            "get": {
                "x-kubernetes-group-version-kind": {
                    "group": "example.com",
                    "kind": "Widget",
                    "version": "v1",
                }
            }
        },
        "/apis/v1/namespaces": "junk",
    },
}


def test_a_document_replaces_the_built_in_schemas_but_not_the_scopes() -> None:
    types = BUILTIN.with_custom(CUSTOM)
    assert keys(types, "example.com/v1", "Widget", "spec", "parts") == ("id",)
    assert keys(types, "example.com/v1", "Widget", "spec", "parts", "[]", "any") == ()
    assert types.schema_for("apps/v1", "Deployment") is None
    assert types.is_namespaced(ObjectId("example.com", "v1", "Widget", "", "x")) is False
    assert types.is_namespaced(ObjectId("", "v1", "Pod", "", "x")) is True


def test_junk_in_a_document_is_no_schema() -> None:
    assert keys(BUILTIN.with_custom(CUSTOM), "example.com/v1", "Widget", "loop") is None
    assert BUILTIN.with_custom({"definitions": [], "paths": 1}).schema_for("v1", "Pod") is None
