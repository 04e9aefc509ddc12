"""The BGP that a cluster speaks, as Cilium's objects describe it.

Source: cilium.io/v2, CiliumBGPClusterConfig, CiliumBGPPeerConfig, CiliumBGPAdvertisement.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned

GROUP = "cilium.io"

Way = tuple[str | int, ...]


class Peer(msgspec.Struct, frozen=True):
    """A neighbour of an instance; `way` leads to it in `owned`."""

    owned: Owned
    way: Way
    body: dict[str, Any]
    local_asn: object

    @property
    def config_name(self) -> str:
        """The CiliumBGPPeerConfig that it names."""
        return text(at(self.body, "peerConfigRef", "name"))


class Advertisement(msgspec.Struct, frozen=True):
    """One entry of a CiliumBGPAdvertisement."""

    owned: Owned
    way: Way
    body: dict[str, Any]


def peers(facts: Index) -> Iterator[Peer]:
    """The neighbours of a cluster."""
    for owned in facts.of(GROUP, "CiliumBGPClusterConfig"):
        body = facts.body(owned.manifest)
        for n, instance in enumerate(listing(at(body, "spec", "bgpInstances"))):
            asn = mapping(instance).get("localASN")
            for m, peer in enumerate(listing(mapping(instance).get("peers"))):
                way = ("spec", "bgpInstances", n, "peers", m)
                yield Peer(owned, way, mapping(peer), asn)


def advertisements(facts: Index) -> Iterator[Advertisement]:
    """What a cluster announces."""
    for owned in facts.of(GROUP, "CiliumBGPAdvertisement"):
        found = listing(at(facts.body(owned.manifest), "spec", "advertisements"))
        for place, each in enumerate(found):
            yield Advertisement(owned, ("spec", "advertisements", place), mapping(each))


def config(facts: Index, name: str) -> Owned | None:
    """The CiliumBGPPeerConfig of a name. It has no namespace, whatever a kustomization put there:
    the API server drops it."""
    found = facts.of(GROUP, "CiliumBGPPeerConfig")
    return next((each for each in found if each.manifest.id.name == name), None)
