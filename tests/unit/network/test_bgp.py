"""What the router says and takes in BGP, and its second writer, which the lab uses."""

from ipaddress import IPv4Address, IPv4Network

from bench.bgp import frr, gobgp
from gitops.network import bgp
from gitops.network.bgp import Group, Neighbour, Speaker
from tests import estates

SPEAKER = Speaker(
    asn=64512,
    address=IPv4Address("10.0.11.1"),
    hold_time=9,
    keepalive=3,
    restart_time=60,
    groups=(
        Group(
            cluster="one",
            asn=64513,
            pool=IPv4Network("10.0.20.0/24"),
            limit=64,
            neighbours=(Neighbour("one-01", IPv4Address("10.0.11.11")),),
        ),
        Group(
            cluster="two",
            asn=64514,
            pool=IPv4Network("10.0.21.0/24"),
            limit=64,
            neighbours=(Neighbour("two-01", IPv4Address("10.0.11.14")),),
        ),
    ),
)


def test_each_cluster_is_a_group_with_its_own_pool() -> None:
    assert bgp.of(estates.loaded().estate) == SPEAKER


def test_frr_takes_and_tells_what_junos_does() -> None:
    text = frr.configuration(SPEAKER, "key")
    assert [line for line in text.splitlines() if "K8S-ONE" in line or "10.0.11.11" in line] == [
        " neighbor K8S-ONE peer-group",
        " neighbor K8S-ONE remote-as 64513",
        " neighbor K8S-ONE password key",
        " neighbor K8S-ONE passive",
        " neighbor K8S-ONE timers 3 9",
        " neighbor 10.0.11.11 peer-group K8S-ONE",
        "  neighbor K8S-ONE activate",
        "  neighbor K8S-ONE soft-reconfiguration inbound",
        "  neighbor K8S-ONE route-map K8S-ONE-IN in",
        "  neighbor K8S-ONE route-map NOTHING out",
        "  neighbor K8S-ONE maximum-prefix 64 80 restart 5 force",
        "ip prefix-list K8S-ONE permit 10.0.20.0/24 ge 32 le 32",
        "route-map K8S-ONE-IN permit 10",
        " match ip address prefix-list K8S-ONE",
    ]


def test_a_node_only_dials() -> None:
    group = SPEAKER.groups[1]
    text = gobgp.configuration(SPEAKER, group, group.neighbours[0], "key")
    lines = text.splitlines()
    assert [line for line in lines if line.startswith(("as ", "port", "router-id", "peer-as"))] == [
        "as = 64514",
        'router-id = "10.0.11.14"',
        "port = -1",
        "peer-as = 64512",
    ]
