"""What is derived from the facts of the estate."""

from gitops.generate import bootstrap, derived, settings
from gitops.sources.tree import MemoryTree
from tests import estates

ONE = "kubernetes/clusters/one/cluster-settings.yaml"

SETTINGS = """\
---
# Derived from fleet.yaml by `gitops generate`: change that file and run it again.
# By its label, a change here is applied at once, not after the interval of what reads it.
apiVersion: v1
kind: ConfigMap
metadata:
  name: cluster-settings
  namespace: flux-system
  labels:
    reconcile.fluxcd.io/watch: Enabled
data:
  ACME_EMAIL: people@example.org
  CLUSTER_ASN: "64513"
  CLUSTER_DNS_ADDRESS: 10.245.0.10
  CLUSTER_ID: "1"
  CLUSTER_NAME: one
  DNS_SERVER_ADDRESS: 10.0.11.30
  DOMAIN: example.org
  GATEWAY_EXTERNAL_ADDRESS: 10.0.20.11
  GATEWAY_INTERNAL_ADDRESS: 10.0.20.10
  GIT_URL: https://git.example.org/estate.git
  LOAD_BALANCER_POOL: 10.0.20.0/24
  MESH_PORT: "32379"
  NAS_ADDRESS: 10.0.11.3
  NAS_SHARE: /volume1/one
  NATIVE_ROUTING_CIDR: 10.244.0.0/14
  NODE_1_CEPH_DISK: /dev/disk/by-id/nvme-eui.0000000000000101
  NODE_1_NAME: one-01
  PEER_MESH_PORT: "32380"
  PEER_NAME: two
  PEER_NODE_1_ADDRESS: 10.0.11.14
  ROUTER_ADDRESS: 10.0.11.1
  ROUTER_ASN: "64512"
  TUNNEL_ID: "00000000-0000-4000-8000-000000000001"
"""


def test_the_settings_of_a_cluster_are_text_that_reads_alike_everywhere() -> None:
    assert settings.text(estates.loaded().estate, "one") == SETTINGS


def test_all_clusters_have_the_same_settings() -> None:
    estate = estates.loaded().estate
    assert list(settings.values(estate, "one")) == list(settings.values(estate, "two"))


def test_the_bootstrap_is_told_the_facts_of_its_cluster() -> None:
    assert bootstrap.values(estates.loaded().estate, "two") == {
        "cluster": {
            "name": "two",
            "id": 2,
            "domain": "example.org",
            "endpoint": "https://two.example.org:6443",
            "address": "10.0.11.20",
            "pods": "10.246.0.0/16",
            "services": "10.247.0.0/16",
            "dnsAddress": "10.247.0.10",
        },
        "versions": {"talos": "v1.13.9", "kubernetes": "v1.33.5"},
        "git": {
            "url": "https://git.example.org/estate.git",
            "branch": "main",
            "path": "kubernetes/clusters/two",
        },
        "nodes": [
            {
                "name": "two-01",
                "address": "10.0.11.14",
                "install": "/dev/disk/by-id/wwn-0x5000000000000201",
            }
        ],
    }


def test_what_was_just_derived_is_fresh() -> None:
    loaded = estates.loaded()
    assert derived.stale_of(MemoryTree(derived.files(loaded.estate)), loaded, None) == ()


def test_a_stale_file_is_named_with_its_line_and_the_command() -> None:
    loaded = estates.loaded()
    files = derived.files(loaded.estate)
    held = {**files, ONE: files[ONE].replace("MESH_PORT: ", "MESH_PORTS: ", 1)}
    line = files[ONE].splitlines().index('  MESH_PORT: "32379"') + 1
    del held["bootstrap/clusters/two/values.yaml"]
    found = derived.stale_of(MemoryTree(held), loaded, None)
    assert [(each.rule, str(each.at), each.message, each.hint) for each in found] == [
        (
            "generate/stale",
            "bootstrap/clusters/two/values.yaml",
            "bootstrap/clusters/two/values.yaml does not exist",
            "change fleet.yaml if that is wrong, then run `gitops generate`",
        ),
        (
            "generate/stale",
            f"{ONE}:{line}",
            """'MESH_PORTS: "32379"' stands where 'MESH_PORT: "32379"' belongs""",
            "change fleet.yaml if that is wrong, then run `gitops generate`",
        ),
    ]
