"""Pools of addresses for Services, those of Cilium and of MetalLB."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from typing import Any

import msgspec

from gitops.check import selectors
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.platform.network import ranges
from gitops.check.platform.network.ranges import Address, Range


class Pool(msgspec.Struct, frozen=True):
    """The blocks of a pool; None stands for one that cannot be read."""

    owned: Owned
    body: dict[str, Any]
    blocks: tuple[Range | None, ...]

    @property
    def name(self) -> str:
        """The pool, as messages call it."""
        return str(self.owned.manifest.id)

    def takes(self, labels: Mapping[str, Any]) -> bool:
        """Whether a Service with these labels may have an address of it.

        Source: Cilium, LB IPAM: without a selector, every Service may.
        """
        return selectors.matches(at(self.body, "spec", "serviceSelector"), labels)

    def holds(self, wanted: Address) -> bool:
        """Whether the address lies in one of its blocks."""
        return any(block and block.holds(wanted) for block in self.blocks)

    def keeps(self, wanted: Address) -> bool:
        """Whether it keeps an address back that is the first or last of a CIDR."""
        return at(self.body, "spec", "allowFirstLastIPs") == "No" and wanted in self._ends

    @property
    def _ends(self) -> set[Address]:
        found = [block for block in self.blocks if block and "/" in block.text]
        wide = [b for b in found if ip_network(b.text, strict=False).num_addresses > 2]
        return {end for block in wide for end in (block.first, block.last)}


def of(facts: Index) -> tuple[Pool, ...]:
    """The pools of a cluster that are in use."""
    return (*_cilium(facts), *_metallb(facts))


def _cilium(facts: Index) -> Iterator[Pool]:
    for owned in facts.of("cilium.io", "CiliumLoadBalancerIPPool"):
        body = facts.body(owned.manifest)
        if at(body, "spec", "disabled") is not True:
            blocks = listing(at(body, "spec", "blocks")) or listing(at(body, "spec", "cidrs"))
            read = (_block(facts, owned, n, mapping(each)) for n, each in enumerate(blocks))
            yield Pool(owned, body, tuple(read))


def _block(facts: Index, owned: Owned, place: int, block: dict[str, Any]) -> Range | None:
    """Source: cilium.io/v2: a block is a CIDR, or a start with or without a stop."""
    what, where = str(owned.manifest.id), facts.at(owned, "spec", "blocks", place)
    if "cidr" in block:
        return ranges.parse(block["cidr"], what, where)
    first, last = text(block.get("start")), text(block.get("stop")) or text(block.get("start"))
    ends = (ranges.address(first), ranges.address(last))
    return ranges.between(*ends, f"{first}-{last}", what, where)


def _metallb(facts: Index) -> Iterator[Pool]:
    for owned in facts.of("metallb.io", "IPAddressPool"):
        body = facts.body(owned.manifest)
        blocks = enumerate(listing(at(body, "spec", "addresses")))
        what = str(owned.manifest.id)
        read = (
            ranges.parse(each, what, facts.at(owned, "spec", "addresses", n)) for n, each in blocks
        )
        yield Pool(owned, body, tuple(read))
