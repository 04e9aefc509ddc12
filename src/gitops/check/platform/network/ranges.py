"""Ranges of addresses, from whatever spells them."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import msgspec

from gitops.model.origin import Location

Address = IPv4Address | IPv6Address


class Range(msgspec.Struct, frozen=True):
    """All addresses from `first` to `last`. `what` says whose they are."""

    first: Address
    last: Address
    text: str
    what: str = ""
    place: Location | None = None

    def holds(self, address: Address) -> bool:
        """Whether the address is one of them."""
        if address.version != self.first.version:
            return False
        return int(self.first) <= int(address) <= int(self.last)

    def contains(self, other: "Range") -> bool:
        """Whether all of the other's are."""
        return self.holds(other.first) and self.holds(other.last)

    def overlaps(self, other: "Range") -> bool:
        """Whether they share an address."""
        if self.first.version != other.first.version:
            return False
        return int(self.first) <= int(other.last) and int(other.first) <= int(self.last)


def address(text: object) -> Address | None:
    """The address, None where the text is none."""
    try:
        return ip_address(text) if isinstance(text, str) else None
    except ValueError:
        return None


def parse(text: object, what: str = "", place: Location | None = None) -> Range | None:
    """`10.0.0.0/24`, `10.0.0.1-10.0.0.9` or one address; None for what is none of them."""
    if not isinstance(text, str):
        return None
    first, dash, last = text.partition("-")
    if dash:
        return between(address(first.strip()), address(last.strip()), text, what, place)
    try:
        found = ip_network(text, strict=False)
    except ValueError:
        return None
    return Range(found[0], found[-1], text, what, place)


def between(
    first: Address | None, last: Address | None, text: str, what: str, place: Location | None
) -> Range | None:
    """The range between two addresses."""
    if first is None or last is None or first.version != last.version:
        return None
    return Range(first, last, text, what, place)


def is_aligned(text: str) -> bool:
    """Whether a CIDR names its first address."""
    try:
        ip_network(text)
    except ValueError:
        return parse(text) is None or "/" not in text
    return True


def pairs(found: list[Range]) -> Iterator[tuple[Range, Range]]:
    """Those that overlap, each pair once, in the order given."""
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            if one.overlaps(other):
                yield one, other
