"""`fleet.yaml`: what the estate consists of. Each fact stands there once; all else is derived.

Names are keys of mappings, so no two things of one kind share one. `gitops.estate` reads and checks
the file; what is found here has passed.
"""

from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated

import msgspec
from msgspec import Meta

Asn = Annotated[int, Meta(ge=1, le=4294967294)]
Mac = Annotated[str, Meta(pattern="^[0-9a-f]{2}(:[0-9a-f]{2}){5}$")]
Mtu = Annotated[int, Meta(ge=1280, le=9216)]
Name = Annotated[str, Meta(pattern="^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
"""A DNS label."""
Domain = Annotated[str, Meta(pattern="^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9][a-z0-9-]*)+$")]
Count = Annotated[int, Meta(ge=1)]
Port = Annotated[int, Meta(ge=1, le=65535)]
Text = Annotated[str, Meta(min_length=1)]
Version = Annotated[str, Meta(pattern="^v[0-9]+\\.[0-9]+\\.[0-9]+$")]


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True):
    """A part of the estate. In the file its keys have hyphens."""


class Versions(Fact, frozen=True):
    """What the machines run; the versions of all else stand where Flux reads them.

    `schematic` is what the images of Talos hold besides it, by its id at the Image Factory.
    """

    talos: Version
    kubernetes: Version
    schematic: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Git(Fact, frozen=True):
    """The repository that Flux follows."""

    url: Text
    branch: Text


class Acme(Fact, frozen=True):
    """`email` is where Let's Encrypt writes to."""

    email: Annotated[str, Meta(pattern="^[^@ ]+@[^@ ]+$")]


class Leases(Fact, frozen=True):
    """Addresses that the router hands out, from the first to the last."""

    first: IPv4Address
    last: IPv4Address


class Vlan(Fact, frozen=True):
    """A network of layer 2 and its subnet. `gateway` is the router's address in it; without
    `leases` the router gives no addresses there but those of machines that it knows."""

    id: Annotated[int, Meta(ge=1, le=4094)]
    subnet: IPv4Network
    gateway: IPv4Address
    mtu: Mtu
    leases: Leases | None = None


class Plug(Fact, frozen=True):
    """The switch port that a cable leads to."""

    switch: Name
    port: Count


class Link(Plug, frozen=True):
    """A network port of a machine, by the address it was made with, and its cable."""

    mac: Mac


class BondMode(StrEnum):
    """How links share the load; one that spans two switches cannot be `802.3ad` here."""

    ACTIVE_BACKUP = "active-backup"
    LACP = "802.3ad"


class Bond(Fact, frozen=True):
    """What joins a node's links. Times are milliseconds, and the delays multiples of `miimon`."""

    name: Name
    mode: BondMode
    miimon: Count
    updelay: Annotated[int, Meta(ge=0)]
    downdelay: Annotated[int, Meta(ge=0)]


class NodeNetwork(Fact, frozen=True):
    """How all nodes are attached: `vlan` is tagged on the bond and carries everything. What a
    machine without a configuration sends is untagged and belongs to `provisioning`."""

    vlan: Name
    provisioning: Name
    bond: Bond


class MachineModel(Fact, frozen=True):
    """A kind of machine. `threads` is what Kubernetes counts as CPUs."""

    model: Text
    cpu: Text
    threads: Count
    memory_gib: Count


class Transport(StrEnum):
    """How a disk is attached, in the words of Talos."""

    SATA = "sata"
    NVME = "nvme"


class Disk(Fact, frozen=True):
    """A disk by its name in /dev/disk/by-id, with its size in bytes."""

    id: Annotated[str, Meta(pattern="^(wwn-0x|nvme-eui\\.)[0-9a-f]{16}$")]
    serial: Text
    size: Count
    transport: Transport

    @property
    def path(self) -> str:
        """The device file, which stays the same wherever the disk is plugged in."""
        return f"/dev/disk/by-id/{self.id}"

    @property
    def wwid(self) -> str:
        """What Talos calls it: `naa.` for SATA, `eui.` for NVMe."""
        return self.id.replace("wwn-0x", "naa.").removeprefix("nvme-")


class Disks(Fact, frozen=True):
    """What each disk of a node is for: Talos itself, Ceph, and volumes that stay on the node."""

    install: Disk
    ceph: Disk
    local: Disk


class Links(Fact, frozen=True):
    """`bond` joins the fast links, of which any may carry all. `wake` is the port on the board,
    which only listens for the packet that wakes the machine."""

    bond: Annotated[tuple[Link, ...], Meta(min_length=1)]
    wake: Link


class Node(Fact, frozen=True):
    """A machine of a cluster. `provisioning_address` is what it has until it is configured."""

    address: IPv4Address
    provisioning_address: IPv4Address
    machine: Name
    kvm_port: Count
    links: Links
    disks: Disks


class Api(Fact, frozen=True):
    """The way to a cluster's API server: `address` moves among its nodes."""

    host: Domain
    address: IPv4Address
    port: Port

    @property
    def endpoint(self) -> str:
        """The URL, as Talos and kubectl want it."""
        return f"https://{self.host}:{self.port}"


class Gateways(Fact, frozen=True):
    """Addresses of the two Gateways, out of the pool for load balancers."""

    internal: IPv4Address
    external: IPv4Address


class Cluster(Fact, frozen=True):
    """A Kubernetes cluster. All its nodes are control planes; `nodes` is in the order of the file.

    `load_balancers` is routed to the nodes by BGP and lies in no VLAN. `mesh_port` is the NodePort
    of the mesh's API server. `tunnel_id` is given by Cloudflare.
    """

    id: Annotated[int, Meta(ge=1, le=255)]
    asn: Asn
    api: Api
    pods: IPv4Network
    services: IPv4Network
    dns_address: IPv4Address
    load_balancers: IPv4Network
    gateways: Gateways
    mesh_port: Port
    tunnel_id: Annotated[str, Meta(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    nas_share: Annotated[str, Meta(pattern="^/[^ ]+$")]
    nodes: Annotated[dict[Name, Node], Meta(min_length=1)]


class Mesh(Fact, frozen=True):
    """What clusters have in common: inside `native_routing`, packets keep their addresses."""

    native_routing: IPv4Network


class Bgp(Fact, frozen=True):
    """How the router and the nodes talk. Times are seconds; `prefix_limit` is per neighbour."""

    hold_time: Annotated[int, Meta(ge=3, le=65535)]
    keepalive: Count
    restart_time: Annotated[int, Meta(ge=1, le=4095)]
    prefix_limit: Count


class Router(Fact, frozen=True):
    """`links` are bound together as `trunk` and carry all VLANs; `uplink` leads to the Internet."""

    model: Text
    asn: Asn
    trunk: Text
    uplink: Text
    links: dict[Text, Plug]


class Access(Fact, frozen=True, rename={"sources": "from", "targets": "to"}):
    """Who may begin to speak to whom through the router; without `ports`, by any.

    An end is a VLAN, a host, `nas`, `internet`, or `apis` or `load-balancers` of the clusters.
    """

    sources: Annotated[tuple[Name, ...], Meta(min_length=1)]
    targets: Annotated[tuple[Name, ...], Meta(min_length=1)]
    ports: tuple[Annotated[str, Meta(pattern="^(tcp|udp)/[1-9][0-9]{0,4}$")], ...] = ()


class Uplink(Fact, frozen=True):
    """Ports of a switch that are bound together and lead to as many of another."""

    ports: Annotated[tuple[Count, ...], Meta(min_length=1)]
    to: Name
    to_ports: Annotated[tuple[Count, ...], Meta(min_length=1)]


class Switch(Fact, frozen=True):
    """`ports` is how many it has, counted from 1. The one in the middle has no `uplink`."""

    model: Text
    address: IPv4Address
    ports: Count
    uplink: Uplink | None = None


class Nas(Fact, frozen=True):
    """The NAS. `links` are bound together, in VLAN `vlan`; `bays` disks of `disk_tb` terabytes."""

    model: Text
    address: IPv4Address
    vlan: Name
    links: Annotated[tuple[Plug, ...], Meta(min_length=1)]
    bays: Count
    disk_tb: Count


class S3(Fact, frozen=True):
    """The object storage for backups, on the NAS."""

    host: Domain
    port: Port
    region: Text

    @property
    def endpoint(self) -> str:
        """The URL, as its clients want it."""
        return f"https://{self.host}:{self.port}"


class Cartridges(Fact, frozen=True):
    """How many there are of one generation of LTO."""

    generation: Annotated[int, Meta(ge=5, le=9)]
    count: Count


class TapeLibrary(Fact, frozen=True):
    """The tape library; `host` is the one whose adapter it hangs on, `drive` its generation."""

    model: Text
    address: IPv4Address
    link: Plug
    host: Name
    slots: Count
    drive: Annotated[int, Meta(ge=5, le=9)]
    cartridges: tuple[Cartridges, ...]


class Host(Fact, frozen=True):
    """A machine outside of the clusters."""

    purpose: Text
    address: IPv4Address
    vlan: Name
    links: tuple[Plug, ...] = ()


class Ups(Fact, frozen=True):
    """The UPS. Shutting down begins when the runtime that is left falls below these seconds:
    first the clusters, in the order of the mapping, and last the NAS."""

    model: Text
    address: IPv4Address
    link: Plug
    battery_packs: Annotated[int, Meta(ge=0)]
    volt_ampere: Count
    watts: Count
    shutdown_below: dict[Name, Count]


class Appliance(Fact, frozen=True):
    """A device with an address for its management."""

    model: Text
    address: IPv4Address
    link: Plug


class Kvm(Appliance, frozen=True):
    """The switch for keyboard and screen."""

    ports: Count


class Power(Fact, frozen=True):
    """What feeds the rack. `server` is the host that NUT's server runs on, outside of what it
    switches off."""

    server: Name
    ups: Ups
    ats: Appliance


class TsigAlgorithm(StrEnum):
    """How updates are signed (RFC 8945, 6); weaker ones are left out."""

    SHA256 = "hmac-sha256"
    SHA512 = "hmac-sha512"


class Dns(Fact, frozen=True):
    """`servers` answer for the estate, and the first takes updates (RFC 2136), signed with a key
    of each cluster."""

    servers: Annotated[tuple[Name, ...], Meta(min_length=1)]
    tsig_algorithm: TsigAlgorithm = TsigAlgorithm.SHA256

    def key(self, cluster: str) -> str:
        """The name of the key that a cluster's updates are signed with."""
        return f"external-dns-{cluster}"


class Estate(Fact, frozen=True):
    """All of it. Switches, router, UPS, ATS, KVM and tape library are managed in VLAN `management`.

    `dns.servers`, `power.server` and `tape_library.host` name `hosts`.
    """

    domain: Domain
    versions: Versions
    git: Git
    acme: Acme
    vlans: dict[Name, Vlan]
    management: Name
    router: Router
    bgp: Bgp
    switches: dict[Name, Switch]
    hosts: dict[Name, Host]
    dns: Dns
    ntp: Annotated[tuple[Text, ...], Meta(min_length=1)]
    machines: dict[Name, MachineModel]
    node_network: NodeNetwork
    mesh: Mesh
    clusters: Annotated[dict[Name, Cluster], Meta(min_length=1)]
    nas: Nas
    s3: S3
    tape_library: TapeLibrary
    power: Power
    kvm: Kvm
    access: dict[Name, Access] = {}

    @property
    def nodes(self) -> dict[str, Node]:
        """The nodes of all clusters; no two have the same name."""
        return {
            name: node for cluster in self.clusters.values() for name, node in cluster.nodes.items()
        }

    @property
    def node_vlan(self) -> Vlan:
        """The network that nodes have their addresses in."""
        return self.vlans[self.node_network.vlan]

    @property
    def router_address(self) -> IPv4Address:
        """The router as nodes see it: their gateway, and their neighbour in BGP."""
        return self.node_vlan.gateway

    @property
    def dns_addresses(self) -> tuple[IPv4Address, ...]:
        """The resolvers, the one that takes updates first."""
        return tuple(self.hosts[name].address for name in self.dns.servers)

    def peers(self, cluster: str) -> dict[str, Cluster]:
        """All clusters but one."""
        return {name: found for name, found in self.clusters.items() if name != cluster}
