"""What the router says and takes in BGP, whoever makes the router.

Source: RFC 4271, RFC 4724 (graceful restart), RFC 7454 (what to filter).
"""

from ipaddress import IPv4Address, IPv4Network

import msgspec

from gitops.model.estate import Estate

PASSWORD = "op://operator/bgp-router/password"
"""Where the password of the sessions is; what is read of 1Password replaces it on the way out."""


class Neighbour(msgspec.Struct, frozen=True):
    """A node, which dials."""

    name: str
    address: IPv4Address


class Group(msgspec.Struct, frozen=True):
    """The nodes of a cluster. Of `pool`, they may announce single addresses, and nothing else; the
    router announces nothing to them. Past `limit` addresses a session is closed for `idle` minutes.
    """

    cluster: str
    asn: int
    pool: IPv4Network
    limit: int
    neighbours: tuple[Neighbour, ...]
    idle: int = 5

    @property
    def name(self) -> str:
        """What the router calls it."""
        return f"K8S-{self.cluster.upper()}"


class Speaker(msgspec.Struct, frozen=True):
    """The router. Times are seconds; what several nodes of a cluster announce goes to all of
    them."""

    asn: int
    address: IPv4Address
    hold_time: int
    keepalive: int
    restart_time: int
    groups: tuple[Group, ...]

    @property
    def paths(self) -> int:
        """How many nodes may share an address at most."""
        return max(len(group.neighbours) for group in self.groups)


def of(estate: Estate) -> Speaker:
    """The router of the estate."""
    times = estate.bgp
    return Speaker(
        asn=estate.router.asn,
        address=estate.router_address,
        hold_time=times.hold_time,
        keepalive=times.keepalive,
        restart_time=times.restart_time,
        groups=tuple(_group(estate, name) for name in estate.clusters),
    )


def _group(estate: Estate, name: str) -> Group:
    cluster = estate.clusters[name]
    return Group(
        cluster=name,
        asn=cluster.asn,
        pool=cluster.load_balancers,
        limit=estate.bgp.prefix_limit,
        neighbours=tuple(Neighbour(node, found.address) for node, found in cluster.nodes.items()),
    )
