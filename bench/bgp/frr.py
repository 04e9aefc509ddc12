"""The router's policy in the words of FRR: the same record that Junos is written from.

Source: FRR 8.4, BGP. `force` counts what is announced before filters, as Junos does.
"""

from collections.abc import Iterator

from gitops.network.bgp import Group, Speaker


def configuration(speaker: Speaker, password: str) -> str:
    """What bgpd reads."""
    return "".join(f"{line}\n" for line in _lines(speaker, password))


def _lines(speaker: Speaker, password: str) -> Iterator[str]:
    yield "frr defaults traditional"
    yield "hostname router"
    yield f"router bgp {speaker.asn}"
    yield f" bgp router-id {speaker.address}"
    yield " no bgp default ipv4-unicast"
    yield " bgp graceful-restart"
    yield f" bgp graceful-restart restart-time {speaker.restart_time}"
    yield f" bgp graceful-restart stalepath-time {speaker.restart_time}"
    for group in speaker.groups:
        yield from _group(speaker, group, password)
    yield " address-family ipv4 unicast"
    yield f"  maximum-paths {speaker.paths}"
    for group in speaker.groups:
        yield from _family(group)
    yield " exit-address-family"
    yield "exit"
    for group in speaker.groups:
        yield f"ip prefix-list {group.name} permit {group.pool} ge 32 le 32"
        yield f"route-map {group.name}-IN permit 10"
        yield f" match ip address prefix-list {group.name}"
        yield "exit"
    yield "route-map NOTHING deny 10"
    yield "exit"


def _group(speaker: Speaker, group: Group, password: str) -> Iterator[str]:
    yield f" neighbor {group.name} peer-group"
    yield f" neighbor {group.name} remote-as {group.asn}"
    yield f" neighbor {group.name} password {password}"
    yield f" neighbor {group.name} passive"
    yield f" neighbor {group.name} timers {speaker.keepalive} {speaker.hold_time}"
    for neighbour in group.neighbours:
        yield f" neighbor {neighbour.address} peer-group {group.name}"


def _family(group: Group) -> Iterator[str]:
    # What `force` counts is kept only where soft reconfiguration is asked for.
    limit = f"maximum-prefix {group.limit} 80 restart {group.idle} force"
    yield f"  neighbor {group.name} activate"
    yield f"  neighbor {group.name} soft-reconfiguration inbound"
    yield f"  neighbor {group.name} route-map {group.name}-IN in"
    yield f"  neighbor {group.name} route-map NOTHING out"
    yield f"  neighbor {group.name} {limit}"
