"""BGP, and how many of its paths are used at once."""

from collections.abc import Iterator

from gitops.model.estate import Estate
from gitops.network import bgp
from gitops.network.bgp import Group, Speaker
from gitops.network.junos.statements import Statement, statement

_WARN = 80
"""Per cent of a limit at which the router logs that it is near."""


def statements(estate: Estate) -> Iterator[Statement]:
    """Routing, and the policies that it uses."""
    speaker = bgp.of(estate)
    options = "routing-options"
    yield statement(f"{options} router-id", speaker.address)
    yield statement(f"{options} autonomous-system", speaker.asn)
    yield statement(f"{options} graceful-restart restart-duration 120")
    yield statement(f"{options} forwarding-table export ECMP")
    yield from _policies(speaker)
    for group in speaker.groups:
        yield from _group(speaker, group)


def _policies(speaker: Speaker) -> Iterator[Statement]:
    """Source: Junos, BGP: without a policy everything is taken, and everything told to everybody.
    `per-packet` is by flow on this hardware; without it one next hop is used."""
    lead = "policy-options policy-statement"
    yield statement(f"{lead} ECMP then load-balance per-packet")
    yield statement(f"{lead} NOTHING then reject")
    for group in speaker.groups:
        term = f"{lead} {group.name}-IN term addresses"
        wanted = f"{term} from route-filter {group.pool} prefix-length-range /32-/32"
        yield statement(f"{term} from protocol bgp")
        yield statement(wanted)
        yield statement(f"{term} then accept")
        yield statement(f"{lead} {group.name}-IN term rest then reject")


def _group(speaker: Speaker, group: Group) -> Iterator[Statement]:
    """`idle-timeout` is in minutes. The keepalive is a third of the hold time, which Junos has no
    statement for."""
    lead = f"protocols bgp group {group.name}"
    limit = f"{lead} family inet unicast prefix-limit"
    restart = f"{lead} graceful-restart"
    yield statement(f"{lead} type external")
    yield statement(f"{lead} local-address {speaker.address}")
    yield statement(f"{lead} hold-time {speaker.hold_time}")
    yield statement(f"{lead} passive")
    yield statement(f"{lead} log-updown")
    yield statement(f"{lead} import {group.name}-IN")
    yield statement(f"{limit} maximum {group.limit}")
    yield statement(f"{limit} teardown {_WARN}")
    yield statement(f"{limit} teardown idle-timeout {group.idle}")
    yield statement(f"{lead} authentication-key", bgp.PASSWORD)
    yield statement(f"{lead} export NOTHING")
    yield statement(f"{lead} peer-as {group.asn}")
    yield statement(f"{lead} multipath")
    yield statement(f"{restart} restart-time {speaker.restart_time}")
    yield statement(f"{restart} stale-routes-time {speaker.restart_time}")
    for neighbour in group.neighbours:
        yield statement(f"{lead} neighbor {neighbour.address} description {neighbour.name}")
