"""Facts that contradict each other."""

import pytest

from tests import estates


def told(*changes: tuple[str, str]) -> list[tuple[str, str, list[int]]]:
    """Rule, message, and the lines of all parties."""
    loaded, findings = estates.load(estates.changed(*changes))
    assert loaded is not None
    return [
        (each.rule, each.message, [at.line for at in (each.at, *each.related)]) for each in findings
    ]


def test_facts_that_fit_together_are_clean() -> None:
    assert told() == []


@pytest.mark.parametrize(
    ("old", "new", "rule", "message", "parties"),
    [
        (
            "        address: 10.0.11.14",
            "        address: 10.0.11.11",
            "estate/duplicate",
            "address 10.0.11.11 is node two-01, and node one-01 already",
            ["        address: 10.0.11.14", "        address: 10.0.11.11"],
        ),
        (
            "      address: 10.0.11.20",
            "      address: 10.0.11.3",
            "estate/duplicate",
            "address 10.0.11.3 is the API of two, and the NAS already",
            ["      address: 10.0.11.20", "  address: 10.0.11.3\n"],
        ),
        (
            "    id: 13",
            "    id: 11",
            "estate/duplicate",
            "VLAN id 11 is provisioning, and nodes already",
            ["    id: 13", "    id: 11\n"],
        ),
        (
            "    id: 2\n",
            "    id: 1\n",
            "estate/duplicate",
            "cluster id 1 is cluster two, and cluster one already",
            ["    id: 2\n", "    id: 1\n"],
        ),
        (
            "asn: 64514",
            "asn: 64512",
            "estate/duplicate",
            "AS number 64512 is cluster two, and the router already",
            ["asn: 64514", "asn: 64512"],
        ),
        (
            "mesh-port: 32380",
            "mesh-port: 32379",
            "estate/duplicate",
            "port 32379 for the mesh is cluster two, and cluster one already",
            ["mesh-port: 32380", "mesh-port: 32379"],
        ),
        (
            "      two-01:",
            "      one-01:",
            "estate/duplicate",
            "the name one-01 is a node of two, and a node of one already",
            ["      two-01:", "      one-01:"],
        ),
        (
            "mac: 00:00:5e:00:53:22",
            "mac: 00:00:5e:00:53:10",
            "estate/duplicate",
            "MAC 00:00:5e:00:53:10 is node two-01, and node one-01 already",
            ["mac: 00:00:5e:00:53:22", "mac: 00:00:5e:00:53:10"],
        ),
        (
            "serial: SSD-201",
            "serial: SSD-101",
            "estate/duplicate",
            "serial SSD-101 is a disk of node two-01, and a disk of node one-01 already",
            ["serial: SSD-201", "serial: SSD-101"],
        ),
        (
            "id: nvme-eui.0000000000001201",
            "id: nvme-eui.0000000000000201",
            "estate/duplicate",
            "disk nvme-eui.0000000000000201 is of node two-01 for local, "
            "and of node two-01 for ceph already",
            ["id: nvme-eui.0000000000001201", "id: nvme-eui.0000000000000201"],
        ),
        (
            "    port: 15",
            "    port: 4",
            "estate/duplicate",
            "port 4 of switch core is the KVM, and the NAS already",
            ["    port: 15", "      port: 4\n"],
        ),
        (
            "dns-address: 10.247.0.10",
            "dns-address: 10.247.0.1",
            "estate/duplicate",
            "10.247.0.1 is the DNS of two and the Service `kubernetes`",
            ["dns-address: 10.247.0.10", "services: 10.247.0.0/16"],
        ),
        (
            "dns-address: 10.247.0.10",
            "dns-address: 10.245.0.11",
            "estate/outside",
            "10.245.0.11 is the DNS of two, which is no host of the services of two: 10.247.0.0/16",
            ["dns-address: 10.247.0.10", "services: 10.247.0.0/16"],
        ),
        (
            "internal: 10.0.21.10",
            "internal: 10.0.20.12",
            "estate/outside",
            "10.0.20.12 is the internal Gateway of two, "
            "which is no host of the load balancers of two: 10.0.21.0/24",
            ["internal: 10.0.21.10", "load-balancers: 10.0.21.0/24"],
        ),
        (
            "    address: 10.0.99.20",
            "    address: 10.0.11.21",
            "estate/outside",
            "10.0.11.21 is the UPS, which is no host of VLAN management: 10.0.99.0/24",
            ["    address: 10.0.99.20", "subnet: 10.0.99.0/24"],
        ),
        (
            "  address: 10.0.11.3\n",
            "  address: 10.0.11.255\n",
            "estate/outside",
            "10.0.11.255 is the NAS, which is no host of VLAN nodes: 10.0.11.0/24",
            ["  address: 10.0.11.3\n", "subnet: 10.0.11.0/24"],
        ),
        (
            "native-routing: 10.244.0.0/14",
            "native-routing: 10.244.0.0/15",
            "estate/outside",
            "10.244.0.0/15 does not hold the pods of two: 10.246.0.0/16",
            ["native-routing: 10.244.0.0/14", "pods: 10.246.0.0/16"],
        ),
        (
            "native-routing: 10.244.0.0/14",
            "native-routing: 10.0.0.0/8",
            "estate/overlap",
            "10.0.0.0/8 is routed among pods, and 10.0.11.0/24 is VLAN nodes",
            ["native-routing: 10.244.0.0/14", "  nodes:\n    id"],
        ),
        (
            "pods: 10.246.0.0/16",
            "pods: 10.247.128.0/17",
            "estate/overlap",
            "10.247.0.0/16 is the services of two, and 10.247.128.0/17 is the pods of two: "
            "they overlap",
            ["services: 10.247.0.0/16", "pods: 10.246.0.0/16"],
        ),
        (
            "load-balancers: 10.0.21.0/24",
            "load-balancers: 10.0.11.0/25",
            "estate/overlap",
            "10.0.11.0/25 is the load balancers of two, and 10.0.11.0/24 is VLAN nodes: "
            "they overlap",
            ["load-balancers: 10.0.21.0/24", "subnet: 10.0.11.0/24"],
        ),
        (
            "  vlan: nodes\n  links",
            "  vlan: storage\n  links",
            "estate/unknown-name",
            "there is no VLAN 'storage'",
            ["  vlan: nodes\n  links"],
        ),
        (
            "  host: outside\n",
            "  host: archive\n",
            "estate/unknown-name",
            "there is no host 'archive'",
            ["  host: outside\n"],
        ),
        (
            "      to: core",
            "      to: edge",
            "estate/unknown-name",
            "there is no switch 'edge'",
            ["      to: core"],
        ),
        (
            "mesh-port: 32380",
            "mesh-port: 2379",
            "estate/limit",
            "2379 is no NodePort",
            ["mesh-port: 32380"],
        ),
        (
            "    port: 15",
            "    port: 17",
            "estate/limit",
            "switch core has 16 ports, and no 17",
            ["    port: 15"],
        ),
        (
            "        - 16\n",
            "        - 16\n        - 10\n",
            "estate/limit",
            "the uplink of tor has unequal ends",
            ["      to-ports:"],
        ),
        (
            "kvm-port: 2",
            "kvm-port: 9",
            "estate/limit",
            "the KVM has 8 ports, and none for node two-01",
            ["kvm-port: 2"],
        ),
        (
            "updelay: 200",
            "updelay: 250",
            "estate/limit",
            "updelay 250 is no multiple of miimon 100",
            ["updelay: 200"],
        ),
        (
            "keepalive: 3",
            "keepalive: 4",
            "estate/limit",
            "keepalive 4 is more than a third of 9",
            ["keepalive: 3"],
        ),
        (
            "slots: 48",
            "slots: 47",
            "estate/limit",
            "48 cartridges do not fit into 47 slots",
            ["slots: 48"],
        ),
        (
            "drive: 7",
            "drive: 8",
            "estate/limit",
            "an LTO-8 drive does not write LTO-6",
            ["    - generation: 6"],
        ),
        (
            "      two: 1800",
            "      tow: 1800",
            "estate/limit",
            "what shuts down is tow, one, nas",
            ["    shutdown-below:"],
        ),
        (
            "      one: 1200",
            "      one: 2400",
            "estate/limit",
            "what shuts down first does not come first",
            ["    shutdown-below:"],
        ),
        (
            "host: s3.example.org",
            "host: s3.example.com",
            "estate/limit",
            "s3.example.com is no name of example.org",
            ["host: s3.example.org"],
        ),
    ],
)
def test_a_contradiction_names_both_lines(
    old: str, new: str, rule: str, message: str, parties: list[str]
) -> None:
    lines = [estates.TEXT[: estates.TEXT.index(words)].count("\n") + 1 for words in parties]
    assert (rule, message, lines) in told((old, new))


def test_a_bond_over_two_switches_cannot_be_a_lag() -> None:
    assert told(("mode: active-backup", "mode: 802.3ad")) == [
        (
            "estate/limit",
            f"the bond is 802.3ad, and that of node {name} spans two switches",
            [estates.line("mode: active-backup")],
        )
        for name in ("one-01", "two-01")
    ]


def test_clusters_have_equally_many_nodes_and_an_odd_number() -> None:
    second = estates.TEXT[estates.TEXT.index("      two-01:") : estates.TEXT.index("nas:\n  model")]
    for old, new in [("two-01", "two-02"), ("-port: 2", "-port: 3"), ("11.14", "11.15")]:
        second = second.replace(old, new)
    wrong = told(("nas:\n  model", f"{second}nas:\n  model"))
    assert [message for rule, message, _ in wrong if rule == "estate/limit"] == [
        "two has 2 nodes, and one has 1",
        "two has 2 nodes: etcd survives no more failures than with one less",
    ]
