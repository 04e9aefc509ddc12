"""Documents about the network of a node.

Source: Talos v1.13.9, `pkg/machinery/config/types/network`; Linux,
Documentation/networking/bonding.
"""

from collections.abc import Iterator
from ipaddress import ip_interface
from itertools import chain
from typing import Any

from gitops.check.schemas.cel.values import CelError
from gitops.model.finding import Finding
from gitops.talos import selectors
from gitops.talos.documents import Document
from gitops.talos.selectors import Unknowable
from gitops.talos.semantics import subject as judged
from gitops.talos.semantics.subject import Subject

_LINKS = ("LinkConfig", "BondConfig", "VLANConfig", "BridgeConfig", "DummyLinkConfig")


def findings(subject: Subject) -> Iterator[Finding]:
    """Links that are not there, addresses that are none, and a node without its own."""
    for check in (_aliases, _bonds, _vlans, _shared, _addresses, _own_address):
        yield from check(subject)


def _aliases(subject: Subject) -> Iterator[Finding]:
    """Each has to select one port of the node. Of those in fleet.yaml only addresses are known."""
    ports = [*subject.node.links.bond, subject.node.links.wake]
    for document in subject.documents.of("LinkAliasConfig"):
        at, text = ("selector", "match"), judged.dig(document.value, "selector", "match")
        if not text:
            yield subject.about("talos/selector", document, at, "is missing", "select one link")
            continue
        try:
            selector = selectors.read(str(text), "link")
            found = [port.mac for port in ports if selector.holds(_link(port.mac))]
        except CelError as cause:
            yield subject.about("talos/selector", document, at, f"is no selector: {cause}", _MAC)
            continue
        except Unknowable as cause:
            words = f"selects nobody knows what: {cause}"
            yield subject.about("talos/selector", document, at, words, _MAC)
            continue
        if len(found) != 1:
            words = f"selects {' and '.join(found) or 'no port'} of the node, not one"
            yield subject.about("talos/selector", document, at, words, _MAC)


_MAC = 'select it by the address that it was made with: mac(link.permanent_addr) == "…"'


def _link(mac: str) -> dict[str, Any]:
    return {"permanent_addr": bytes.fromhex(mac.replace(":", ""))}


def _bonds(subject: Subject) -> Iterator[Finding]:
    aliases = [each.name for each in subject.documents.of("LinkAliasConfig")]
    addressed = {each.name for each in subject.documents.of(*_LINKS) if each.value.get("addresses")}
    owner: dict[str, str] = {}
    for bond in subject.documents.of("BondConfig"):
        yield from _bonding(subject, bond)
        members = [str(each) for each in judged.listed(bond.value.get("links"))]
        if not members:
            yield subject.about("talos/link", bond, ("links",), "is empty", "name its links")
        for number, member in enumerate(members):
            at = ("links", number)
            if member not in aliases:
                words = f"is {member!r}, which no LinkAliasConfig gives a name to"
                yield subject.about("talos/link", bond, at, words, _named(aliases))
            if member in addressed:
                words = f"is {member!r}, which has addresses; they belong on the bond"
                yield subject.about("talos/link", bond, at, words, "move them")
            if owner.setdefault(member, bond.name) != bond.name:
                words = f"is {member!r}, which is of {owner[member]} already"
                yield subject.about("talos/link", bond, at, words, "a link is of one bond")


def _bonding(subject: Subject, bond: Document) -> Iterator[Finding]:
    """What Linux rounds or ignores without a word."""
    value, mode = bond.value, bond.value.get("bondMode")
    miimon = judged.number_of(value.get("miimon"))
    for field in ("updelay", "downdelay"):
        delay = judged.number_of(value.get(field))
        if delay and not miimon:
            words, hint = "means nothing without miimon", "set miimon, or remove the delay"
            yield subject.about("talos/link", bond, (field,), words, hint)
        elif delay and delay % miimon:
            words = f"is {delay}, which is no multiple of miimon {miimon}"
            yield subject.about("talos/link", bond, (field,), words, "Linux would round it down")
    for field in ("lacpRate", "adSelect", "adActorSysPrio", "adUserPortKey", "adLACPActive"):
        if field in value and mode != "802.3ad":
            words = f"is for 802.3ad, and the bond is {mode}"
            yield subject.about("talos/link", bond, (field,), words, "remove it")
    wanted = subject.estate.node_network.bond.mode.value
    if mode != wanted:
        words = f"is {mode}, and fleet.yaml says {wanted}"
        hint = "the switches are configured for that"
        yield subject.about("talos/link", bond, ("bondMode",), words, hint)


def _named(names: list[str]) -> str:
    return f"there are {', '.join(names) or 'none'}"


def _vlans(subject: Subject) -> Iterator[Finding]:
    there = [each.name for each in subject.documents.of("LinkAliasConfig", *_LINKS)]
    for vlan in subject.documents.of("VLANConfig"):
        parent, number = vlan.value.get("parent"), vlan.value.get("vlanID")
        if parent not in there or parent == vlan.name:
            words = f"is {parent!r}, which no document makes"
            yield subject.about("talos/link", vlan, ("parent",), words, _named(there))
        if not isinstance(number, int) or not 1 <= number <= 4094:
            words = f"is {number}, and VLANs are 1 to 4094"
            yield subject.about("talos/link", vlan, ("vlanID",), words, "correct it")
        elif number not in [each.id for each in subject.estate.vlans.values()]:
            words = f"is {number}, which fleet.yaml has no VLAN of"
            yield subject.about("talos/link", vlan, ("vlanID",), words, "the switch drops it")
        yield from _frames(subject, vlan, parent)


def _frames(subject: Subject, vlan: Document, parent: Any) -> Iterator[Finding]:
    """A VLAN cannot carry what its parent does not; and neither what its network does not."""
    size = judged.number_of(vlan.value.get("mtu", 1500))
    below = [each for each in subject.documents.of(*_LINKS) if each.name == parent]
    for each in below:
        carried = judged.number_of(each.value.get("mtu", 1500))
        if size > carried:
            words = f"is {size}, and {each} carries {carried}"
            yield subject.about("talos/link", vlan, ("mtu",), words, "a frame has to fit into both")
    known = [each for each in subject.estate.vlans.values() if each.id == vlan.value.get("vlanID")]
    for network in known:
        if size != network.mtu:
            words = f"is {size}, and fleet.yaml says {network.mtu}"
            hint = "larger frames get lost between machines that disagree"
            yield subject.about("talos/link", vlan, ("mtu",), words, hint)


def _shared(subject: Subject) -> Iterator[Finding]:
    """The address that moves among the nodes of a cluster."""
    there = [each.name for each in subject.documents.of("LinkAliasConfig", *_LINKS)]
    wanted = str(subject.cluster.api.address)
    documents = list(subject.documents.of("Layer2VIPConfig"))
    for vip in documents:
        if not subject.is_control_plane:
            words = "is for control planes: others do not take part in the election"
            yield subject.about("talos/shared-address", vip, (), words, "remove it here")
        if not judged.is_address(vip.name):
            words = f"is {vip.name!r}, which is no address"
            yield subject.about("talos/shared-address", vip, ("name",), words, wanted)
        elif vip.name != wanted:
            words = f"is {vip.name}, and fleet.yaml says {wanted}"
            yield subject.about("talos/shared-address", vip, ("name",), words, wanted)
        if vip.value.get("link") not in there:
            words = f"is {vip.value.get('link')!r}, which no document makes"
            yield subject.about("talos/shared-address", vip, ("link",), words, _named(there))
    if not documents and subject.is_control_plane:
        words = f"has no Layer2VIPConfig, so nobody answers at {wanted}"
        yield subject.error("talos/shared-address", (), words, "add one")


def _addresses(subject: Subject) -> Iterator[Finding]:
    for document in subject.documents.of(*_LINKS):
        for number, each in judged.records(document.value.get("addresses")):
            if not judged.is_network(each.get("address")):
                words = f"is {each.get('address')!r}, and no address with a prefix"
                at = ("addresses", number, "address")
                yield subject.about("talos/link", document, at, words, "10.25.11.11/24")
        for number, each in judged.records(document.value.get("routes")):
            gateway = each.get("gateway")
            if gateway is not None and not judged.is_address(gateway):
                words = f"is {gateway!r}, which is no address"
                at = ("routes", number, "gateway")
                yield subject.about("talos/link", document, at, words, "an address of the router")


def _own_address(subject: Subject) -> Iterator[Finding]:
    """On the VLAN of the nodes, with its prefix, and a way out."""
    vlan = subject.estate.node_vlan
    wanted = ip_interface(f"{subject.node.address}/{vlan.subnet.prefixlen}")
    links = list(subject.documents.of(*_LINKS))
    every = chain.from_iterable(judged.records(each.value.get("addresses")) for each in links)
    found = [str(each.get("address")) for _, each in every]
    if str(wanted) not in found:
        words = f"has the addresses {', '.join(found) or 'none'}, and fleet.yaml says {wanted}"
        yield subject.error("talos/node-address", (), words, "correct the documents of its links")
    routes = chain.from_iterable(judged.records(each.value.get("routes")) for each in links)
    gateways = [str(each.get("gateway")) for _, each in routes if not each.get("destination")]
    if gateways != [str(vlan.gateway)]:
        words = f"leaves by {', '.join(gateways) or 'nothing'}, and fleet.yaml says {vlan.gateway}"
        yield subject.error("talos/node-address", (), words, "one route without a destination")
