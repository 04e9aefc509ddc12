"""Addresses and networks as the kinds of Kubernetes itself read them.

Source: k8s.io/utils `net/parse.go`: what Go took before 1.17, numbers that begin with zeros.
"""

import ipaddress

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def is_address(text: str) -> bool:
    """An address of IPv4 or of IPv6."""
    try:
        ipaddress.ip_address(_without_zeros(text))
    except ValueError:
        return False
    return "%" not in text


def network(text: str) -> Network | None:
    """A network, of which an address may be written in the place of its first."""
    address, slash, length = text.partition("/")
    if not slash or not length.isdecimal() or not length.isascii() or "%" in address:
        return None
    try:
        return ipaddress.ip_network(f"{_without_zeros(address)}/{length}", strict=False)
    except ValueError:
        return None


def is_inside(part: Network, whole: Network) -> bool:
    """Whether a network is a part of another, and not all of it."""
    if part.version != whole.version or part.prefixlen <= whole.prefixlen:
        return False
    return part.network_address in whole


def _without_zeros(text: str) -> str:
    parts = text.split(".")
    if len(parts) != 4 or not all(part.isdecimal() and part.isascii() for part in parts):
        return text
    return ".".join(str(int(part)) for part in parts)
