"""Host names with wildcards, as the Gateway API and as certificates read them.

A name may hold a stand-in for what is not known here. Two names with the same stand-ins are
compared as they are; where one has a stand-in that the other has not, they may be the same, and
count so.
"""

from gitops.model.secret import stand_ins


def meet(one: str, other: str) -> bool:
    """Whether some host has both names; "" is the name of every host.

    Source: Gateway API, Hostname: `*.` stands for one label or more, and not for none.
    """
    one, other = one.lower(), other.lower()
    if not one or not other or one == other or stand_ins(one) != stand_ins(other):
        return True
    if one.startswith("*."):
        return other.endswith(one[1:]) or (other.startswith("*.") and one.endswith(other[1:]))
    return other.startswith("*.") and one.endswith(other[1:])


def certifies(name: str, host: str) -> bool:
    """Whether a name in a certificate covers a host, or all hosts of a wildcard.

    Source: RFC 6125, 6.4.3: `*` stands for exactly one label. A wildcard host of a Gateway may
    have more labels; it counts as covered by the same wildcard, as clients of one label are.
    """
    name, host = name.lower(), host.lower()
    if name == host or stand_ins(name) != stand_ins(host):
        return True
    first, _, rest = host.partition(".")
    return first != "*" and name.startswith("*.") and name[2:] == rest


def lies_in(host: str, zone: str) -> bool:
    """Whether a host, or a wildcard, belongs to a DNS zone."""
    host, zone = host.lower().rstrip("."), zone.lower().rstrip(".")
    if stand_ins(host) != stand_ins(zone):
        return True
    return host == zone or host.endswith(f".{zone}")
