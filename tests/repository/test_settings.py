"""Facts stand in cluster-settings, once per cluster, and every one of them is used."""

from ipaddress import ip_address, ip_network

import pytest

from tests.repository import manifests

by_cluster = pytest.mark.parametrize("cluster", manifests.clusters())

DIFFERENT = [
    "CLUSTER_ASN",
    "CLUSTER_DNS_ADDRESS",
    "CLUSTER_ID",
    "CLUSTER_NAME",
    "GATEWAY_EXTERNAL_ADDRESS",
    "GATEWAY_INTERNAL_ADDRESS",
    "LOAD_BALANCER_POOL",
    "MESH_PORT",
    "NAS_SHARE",
    "PEER_NAME",
    "TUNNEL_ID",
]
"""Settings that two clusters must not have in common."""


def test_all_clusters_have_the_same_settings() -> None:
    assert len({tuple(manifests.settings(cluster)) for cluster in manifests.clusters()}) == 1


@by_cluster
def test_settings_are_text(cluster: str) -> None:
    found = manifests.settings(cluster).items()
    assert {key: value for key, value in found if not isinstance(value, str) or not value} == {}


@by_cluster
def test_the_setting_for_the_name_is_the_name_of_the_folder(cluster: str) -> None:
    assert manifests.settings(cluster)["CLUSTER_NAME"] == cluster


@pytest.mark.parametrize("key", DIFFERENT)
def test_what_tells_clusters_apart_differs(key: str) -> None:
    values = [manifests.settings(cluster)[key] for cluster in manifests.clusters()]
    assert len(values) == len(set(values))


@by_cluster
def test_the_gateways_have_addresses_of_the_pool_of_their_cluster(cluster: str) -> None:
    facts = manifests.settings(cluster)
    pool = ip_network(facts["LOAD_BALANCER_POOL"])
    addresses = [ip_address(facts[f"GATEWAY_{name}_ADDRESS"]) for name in ("INTERNAL", "EXTERNAL")]
    assert len(set(addresses)) == 2
    assert all(address in pool for address in addresses)


def test_each_cluster_knows_the_other_as_that_knows_itself() -> None:
    one, other = (manifests.settings(cluster) for cluster in manifests.clusters())
    for here, there in ((one, other), (other, one)):
        assert here["PEER_NAME"] == there["CLUSTER_NAME"]
        assert here["PEER_MESH_PORT"] == there["MESH_PORT"]
        nodes = {here[f"PEER_NODE_{number}_ADDRESS"] for number in (1, 2, 3)}
        assert nodes.isdisjoint(there[f"PEER_NODE_{number}_ADDRESS"] for number in (1, 2, 3))


def test_a_node_and_a_disk_of_it_stand_in_one_place_only() -> None:
    found = [
        value
        for cluster in manifests.clusters()
        for key, value in manifests.settings(cluster).items()
        if key.startswith("NODE_")
    ]
    assert len(found) == len(set(found))


@by_cluster
def test_disks_are_named_by_what_they_are_and_not_by_where_they_were_found(cluster: str) -> None:
    facts = manifests.settings(cluster)
    disks = {key: value for key, value in facts.items() if key.endswith("_DISK")}
    assert len(disks) == 3
    assert [key for key, value in disks.items() if not value.startswith("/dev/disk/by-id/")] == []


@by_cluster
def test_every_variable_is_a_setting_of_the_cluster(cluster: str) -> None:
    undefined = {
        name: unknown
        for name, step in manifests.steps(cluster).items()
        if (unknown := manifests.needed(manifests.contents(manifests.unit(step))) - known(step))
    }
    assert undefined == {}


@by_cluster
def test_every_setting_is_used(cluster: str) -> None:
    used = [
        manifests.variables(manifests.contents(manifests.unit(step)))
        for step in manifests.steps(cluster).values()
    ]
    assert set(manifests.settings(cluster)) - frozenset().union(*used) == set()


@by_cluster
def test_settings_are_given_to_the_units_that_use_them_and_to_no_other(cluster: str) -> None:
    wrong = [
        name
        for name, step in manifests.steps(cluster).items()
        if takes_settings(step)
        != bool(
            manifests.variables(manifests.contents(manifests.unit(step)))
            & set(manifests.settings(cluster))
        )
    ]
    assert wrong == []


@pytest.mark.parametrize("kind", ["bases", "components"])
def test_a_base_or_component_says_what_it_gives_and_needs_and_which_variables_it_takes(
    kind: str,
) -> None:
    wrong = []
    for path in (manifests.TREE / kind).glob("**/kustomization.yaml"):
        folder = path.parent.relative_to(manifests.ROOT).as_posix()
        header = [line for line in path.read_text("utf-8").splitlines() if line.startswith("#")]
        text = "\n".join(header)
        promised = all(f"# {word}:" in text for word in ("Gives", "Needs", "Tune"))
        if not promised or any(
            name not in text for name in manifests.variables(manifests.contents(folder))
        ):
            wrong.append(folder)
    assert wrong == []


def takes_settings(step: manifests.Object) -> bool:
    references = step.spec.get("postBuild", {}).get("substituteFrom", [])
    return {"kind": "ConfigMap", "name": "cluster-settings"} in references


def known(step: manifests.Object) -> set[str]:
    """The variables a Flux Kustomization gives: the settings it takes, and its own."""
    cluster = step.path.split("/")[2]
    own = set(manifests.substitutes(step))
    return own | (set(manifests.settings(cluster)) if takes_settings(step) else set())
