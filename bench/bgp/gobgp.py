"""A node in the words of GoBGP, the library that Cilium speaks BGP with.

Source: GoBGP 3, configuration. Port -1 means that it only dials, as Cilium does.
"""

from gitops.network.bgp import Group, Neighbour, Speaker

_TEXT = """\
[global.config]
as = {asn}
router-id = "{own}"
port = -1

[[neighbors]]
[neighbors.config]
neighbor-address = "{router}"
peer-as = {router_asn}
auth-password = "{password}"
[neighbors.timers.config]
connect-retry = 5
hold-time = {hold}
keepalive-interval = {keepalive}
[neighbors.graceful-restart.config]
enabled = true
restart-time = {restart}
[[neighbors.afi-safis]]
[neighbors.afi-safis.config]
afi-safi-name = "ipv4-unicast"
[neighbors.afi-safis.mp-graceful-restart.config]
enabled = true
"""


def configuration(speaker: Speaker, group: Group, node: Neighbour, password: str) -> str:
    """What gobgpd reads."""
    return _TEXT.format(
        asn=group.asn,
        own=node.address,
        router=speaker.address,
        router_asn=speaker.asn,
        password=password,
        hold=speaker.hold_time,
        keepalive=speaker.keepalive,
        restart=speaker.restart_time,
    )
