"""The internal DNS: BIND on each server, and the zone of the estate.

Clusters add names by RFC 2136. What stands here they may read and not change: a cluster cannot take
the name of a node or of another cluster's API, as it cannot take its addresses in BGP.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address

from gitops.model.estate import Estate

_FOLDER = "network/dns/"

_HEAD = """\
{mark} Derived from fleet.yaml by `gitops network render`: change that file and run it again.
"""

_SOA = """\
$TTL 300
@ IN SOA {primary}.{domain}. {mailbox}. (
  1     ; serial: updates count it up
  3600  ; refresh
  600   ; retry
  86400 ; expire
  60    ; what is not there
)
"""

_REPLACE = """\
; Updates have changed the zone since. To replace it: `rndc freeze {domain}`, copy,
; `rndc thaw {domain}`, and `rndc retransfer {domain}` on the others; clusters add theirs.
"""


def files(estate: Estate) -> dict[str, str]:
    """By path. `op inject` replaces what begins with op:// on the way to a server."""
    found = {f"{_FOLDER}{server}.conf": _server(estate, server) for server in estate.dns.servers}
    found[f"{_FOLDER}{estate.domain}.zone"] = _zone(estate)
    return found


def records(estate: Estate) -> dict[str, IPv4Address]:
    """Names below the domain that do not depend on what runs in the clusters, sorted."""
    found = {name: host.address for name, host in estate.hosts.items()}
    found |= {name: node.address for name, node in estate.nodes.items()}
    found |= {
        _relative(estate, each.api.host): each.api.address for each in estate.clusters.values()
    }
    found |= {f"{name}.net": switch.address for name, switch in estate.switches.items()}
    found |= {f"router.{name}.net": vlan.gateway for name, vlan in estate.vlans.items()}
    found |= {
        "ats.net": estate.power.ats.address,
        "kvm.net": estate.kvm.address,
        "nas": estate.nas.address,
        "tapes.net": estate.tape_library.address,
        "ups.net": estate.power.ups.address,
        _relative(estate, estate.s3.host): estate.nas.address,
    }
    return dict(sorted(found.items()))


def _relative(estate: Estate, host: str) -> str:
    return host.removesuffix(f".{estate.domain}")


def _zone(estate: Estate) -> str:
    primary = estate.dns.servers[0]
    user, _, host = estate.acme.email.partition("@")
    mailbox = ".".join((user.replace(".", "\\."), host))
    lines = [f"@ IN NS {server}.{estate.domain}.\n" for server in estate.dns.servers]
    lines += [f"{name} IN A {address}\n" for name, address in records(estate).items()]
    return (
        _HEAD.format(mark=";")
        + _REPLACE.format(domain=estate.domain)
        + _SOA.format(primary=primary, domain=estate.domain, mailbox=mailbox)
        + "".join(lines)
    )


def _server(estate: Estate, server: str) -> str:
    is_primary = server == estate.dns.servers[0]
    own = _primary(estate) if is_primary else _secondary(estate)
    body = (*_options(estate, server), *own)
    return _HEAD.format(mark="//") + "".join(f"{line}\n" for line in body)


def _options(estate: Estate, server: str) -> Iterator[str]:
    yield "acl estate {"
    for vlan in estate.vlans.values():
        yield f"  {vlan.subnet};"
    yield "  localhost;"
    yield "};"
    yield "options {"
    yield '  directory "/var/cache/bind";'
    yield f"  listen-on {{ 127.0.0.1; {estate.hosts[server].address}; }};"
    yield "  listen-on-v6 { none; };"
    yield "  allow-query { estate; };"
    yield "  allow-recursion { estate; };"
    yield "  allow-transfer { none; };"
    yield "  dnssec-validation auto;"
    yield "};"


def _primary(estate: Estate) -> Iterator[str]:
    others = [f"{address};" for address in estate.dns_addresses[1:]]
    keys = [estate.dns.key(cluster) for cluster in estate.clusters]
    for cluster in estate.clusters:
        yield f'key "{estate.dns.key(cluster)}" {{'
        yield f"  algorithm {estate.dns.tsig_algorithm};"
        yield f'  secret "op://{cluster}/dns-server/tsig-secret";'
        yield "};"
    yield f'zone "{estate.domain}" {{'
    yield "  type primary;"
    yield f'  file "/var/lib/bind/{estate.domain}.zone";'
    yield "  notify explicit;"
    yield f"  also-notify {{ {' '.join(others)} }};"
    transfer = [*(f'key "{key}";' for key in keys), *others]
    yield f"  allow-transfer {{ {' '.join(transfer)} }};"
    yield "  update-policy {"
    for name in ("", *records(estate)):
        whole = f"{name}.{estate.domain}." if name else f"{estate.domain}."
        for key in keys:
            yield f'    deny "{key}" name {whole} ANY;'
    for key in keys:
        yield f'    grant "{key}" zonesub A AAAA CNAME SRV TXT;'
    yield "  };"
    yield "};"


def _secondary(estate: Estate) -> Iterator[str]:
    yield f'zone "{estate.domain}" {{'
    yield "  type secondary;"
    yield f'  file "{estate.domain}.zone";'
    yield f"  primaries {{ {estate.dns_addresses[0]}; }};"
    yield "};"
