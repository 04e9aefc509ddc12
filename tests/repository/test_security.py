"""Secrets stay out of the tree, namespaces are closed, and a missing lock is noticed."""

import pytest

from gitops.sources import yamlio
from tests.repository import manifests

by_cluster = pytest.mark.parametrize("cluster", manifests.clusters())


def test_no_secret_stands_in_plain_text() -> None:
    plain = [
        item.path
        for item in manifests.objects()
        if item.kind == "Secret"
        and not (item.path.endswith(".sops.yaml") and "mac" in item.body.get("sops", {}))
    ]
    assert plain == []


def test_external_secrets_are_of_the_version_that_its_release_serves() -> None:
    """0.12 serves v1beta1; v1 came with 0.16."""
    served = {"external-secrets.io/v1beta1", "external-secrets.io/v1alpha1"}
    asked = {
        item.body["apiVersion"] for item in manifests.objects() if item.group in GROUPS_OF_SECRETS
    }
    assert asked - served == set()


def test_external_secrets_ask_a_store_that_exists() -> None:
    stores = {
        (item.kind, item.name) for item in manifests.objects() if item.kind == "ClusterSecretStore"
    }
    asked = {
        (item.spec["secretStoreRef"]["kind"], item.spec["secretStoreRef"]["name"])
        for item in manifests.objects()
        if item.kind == "ExternalSecret"
    }
    assert asked - stores == set()


def test_what_is_read_from_the_vault_is_in_the_list_of_items() -> None:
    wanted = {
        (entry["remoteRef"]["key"], entry["remoteRef"]["property"])
        for cluster in manifests.clusters()
        for step in manifests.steps(cluster).values()
        for item in manifests.objects_of(manifests.unit(step))
        if item.kind == "ExternalSecret"
        for entry in manifests.filled(item, cluster, step).spec["data"]
    }
    path = manifests.ROOT / "secrets" / "vault.yaml"
    ((document,), ()) = yamlio.parse(path.read_bytes(), path.name)
    listed = {
        (name, field) for name, item in document.value["items"].items() for field in item["fields"]
    }
    assert wanted - listed == set()


@by_cluster
def test_a_unit_that_owns_a_namespace_closes_it(cluster: str) -> None:
    open_ones = []
    for step in manifests.steps(cluster).values():
        found = manifests.objects_of(manifests.unit(step))
        owns = any(item.kind == "Namespace" for item in found)
        if owns and not any(item.name == "deny-by-default" for item in found):
            open_ones.append(step.name)
    assert open_ones == []


@by_cluster
def test_a_namespace_is_owned_by_one_unit(cluster: str) -> None:
    owned = [
        manifests.namespace(manifests.unit(step))
        for step in manifests.steps(cluster).values()
        if any(item.kind == "Namespace" for item in manifests.objects_of(manifests.unit(step)))
    ]
    assert len(owned) == len(set(owned))


@by_cluster
def test_what_lives_in_a_namespace_waits_for_the_unit_that_owns_it(cluster: str) -> None:
    steps = manifests.steps(cluster)
    owners = {
        manifests.namespace(manifests.unit(step)): name
        for name, step in steps.items()
        if any(item.kind == "Namespace" for item in manifests.objects_of(manifests.unit(step)))
    }
    early = {
        name: owners[home]
        for name, step in steps.items()
        if (home := manifests.namespace(manifests.unit(step))) in owners
        and owners[home] not in manifests.behind(cluster, name)
    }
    assert early == {}


def test_namespaces_say_their_pod_security_level_and_outlive_their_unit() -> None:
    levels = {"privileged", "baseline", "restricted"}
    for item in manifests.objects():
        if item.kind == "Namespace":
            metadata = item.body["metadata"]
            assert metadata["labels"]["pod-security.kubernetes.io/enforce"] in levels
            assert metadata["annotations"]["kustomize.toolkit.fluxcd.io/prune"] == "disabled"


GROUPS_OF_SECRETS = {"external-secrets.io", "generators.external-secrets.io"}
