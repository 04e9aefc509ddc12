"""The whole configuration of the router."""

from gitops.network.junos import router, statements
from gitops.network.junos.statements import Running
from tests import estates

ACCESS = """\
access:
  outwards:
    from:
      - nodes
    to:
      - internet
  names:
    from:
      - provisioning
      - nodes
    to:
      - outside
      - apis
      - load-balancers
    ports:
      - udp/53
      - tcp/53
  power:
    from:
      - outside
    to:
      - management
    ports:
      - udp/161
  everything:
    from:
      - management
    to:
      - outside
      - nodes
"""


def lines(text: str, *starts: str) -> list[str]:
    """What the router is told that begins so."""
    found = router.statements(estates.loaded(text).estate)
    shown = (statements.show(each) for each in found)
    return [line for line in shown if line.startswith(starts)]


def test_the_file_holds_the_statements_and_nothing_else() -> None:
    estate = estates.loaded().estate
    assert statements.read(router.text(estate)) == Running(router.statements(estate))


def test_no_statement_stands_there_twice() -> None:
    found = router.statements(estates.loaded(estates.TEXT + ACCESS).estate)
    assert len(set(found)) == len(found)


def test_every_statement_is_in_a_part_that_is_ours() -> None:
    found = router.statements(estates.loaded(estates.TEXT + ACCESS).estate)
    assert [each for each in found if not any(each[: len(w)] == w for w in router.OURS)] == []


def test_a_cluster_has_a_group_that_takes_its_own_addresses_only() -> None:
    lead = "set protocols bgp group K8S-ONE"
    term = "set policy-options policy-statement K8S-ONE-IN term"
    assert lines(estates.TEXT, lead, term) == [
        f"{term} addresses from protocol bgp",
        f"{term} addresses from route-filter 10.0.20.0/24 prefix-length-range /32-/32",
        f"{term} addresses then accept",
        f"{term} rest then reject",
        f"{lead} type external",
        f"{lead} local-address 10.0.11.1",
        f"{lead} hold-time 9",
        f"{lead} passive",
        f"{lead} log-updown",
        f"{lead} import K8S-ONE-IN",
        f"{lead} family inet unicast prefix-limit maximum 64",
        f"{lead} family inet unicast prefix-limit teardown 80",
        f"{lead} family inet unicast prefix-limit teardown idle-timeout 5",
        f"{lead} authentication-key op://operator/bgp-router/password",
        f"{lead} export NOTHING",
        f"{lead} peer-as 64513",
        f"{lead} multipath",
        f"{lead} graceful-restart restart-time 60",
        f"{lead} graceful-restart stale-routes-time 60",
        f"{lead} neighbor 10.0.11.11 description one-01",
    ]


def test_all_paths_are_used_and_nothing_is_announced() -> None:
    assert lines(
        estates.TEXT,
        "set routing-options forwarding-table",
        "set policy-options policy-statement ECMP",
        "set policy-options policy-statement NOTHING",
    ) == [
        "set routing-options forwarding-table export ECMP",
        "set policy-options policy-statement ECMP then load-balance per-packet",
        "set policy-options policy-statement NOTHING then reject",
    ]


def test_an_access_is_one_policy_for_each_pair_of_zones() -> None:
    """Inside a zone, nobody asks the router; a whole zone holds the ends in it."""
    lead = "set security policies from-zone"
    names = f"{lead} provisioning to-zone nodes policy names"
    power = f"{lead} nodes to-zone management policy power"
    everything = f"{lead} management to-zone nodes policy everything"
    outwards = f"{lead} nodes to-zone internet policy outwards"
    assert lines(estates.TEXT + ACCESS, "set security policies") == [
        f"{outwards} match source-address any",
        f"{outwards} match destination-address any",
        f"{outwards} match application any",
        f"{outwards} then permit",
        f"{names} match source-address any",
        f"{names} match destination-address outside",
        f"{names} match destination-address apis",
        f"{names} match destination-address load-balancers",
        f"{names} match application udp-53",
        f"{names} match application tcp-53",
        f"{names} then permit",
        f"{names} then log session-init",
        f"{power} match source-address outside",
        f"{power} match destination-address any",
        f"{power} match application udp-161",
        f"{power} then permit",
        f"{power} then log session-init",
        f"{everything} match source-address any",
        f"{everything} match destination-address any",
        f"{everything} match application any",
        f"{everything} then permit",
        f"{everything} then log session-init",
        "set security policies default-policy deny-all",
    ]


def test_nodes_alone_speak_bgp_to_the_router() -> None:
    lead = "set security zones security-zone nodes interfaces irb.11 host-inbound-traffic"
    found = lines(estates.TEXT, "set security zones")
    assert [line for line in found if "protocols bgp" in line] == [f"{lead} protocols bgp"]


def test_only_management_reaches_the_routers_own_services() -> None:
    found = lines(estates.TEXT, "set security zones")
    lead = "set security zones security-zone management interfaces irb.99 host-inbound-traffic"
    assert [line for line in found if line.endswith((" ssh", " netconf"))] == [
        f"{lead} system-services ssh",
        f"{lead} system-services netconf",
    ]


def test_a_machine_without_a_configuration_has_its_provisioning_address() -> None:
    pool = "set access address-assignment pool provisioning family inet"
    assert lines(estates.TEXT, f"{pool} host") == [
        f"{pool} host one-01 hardware-address 00:00:5e:00:53:11",
        f"{pool} host one-01 ip-address 10.0.13.11",
        f"{pool} host two-01 hardware-address 00:00:5e:00:53:21",
        f"{pool} host two-01 ip-address 10.0.13.14",
    ]


def test_the_largest_frame_passes_the_trunk_with_its_tag() -> None:
    assert lines(estates.TEXT, "set interfaces ae0 mtu", "set interfaces irb unit 11 family") == [
        "set interfaces ae0 mtu 9018",
        "set interfaces irb unit 11 family inet mtu 9000",
        "set interfaces irb unit 11 family inet address 10.0.11.1/24",
        "set interfaces irb unit 11 family inet no-redirects",
        "set interfaces irb unit 11 family inet filter input NODES-IN",
    ]
