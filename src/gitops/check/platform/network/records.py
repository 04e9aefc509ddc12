"""Records that are asked for in the DNS, and the annotations that ask for them.

Source: external-dns, docs/annotations/annotations.md: `target` replaces the addresses of a Gateway,
a Service or an Ingress; `--annotation-prefix` is what an instance reads instead of
external-dns.alpha.kubernetes.io/. docs/sources/crd.md: a DNSEndpoint gives records as they are.
RFC 1035: the data of an A record is an address, that of a CNAME a name.
"""

import difflib
import ipaddress
import re
from collections import Counter
from collections.abc import Iterator

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.platform.versions.rules import charts
from gitops.check.spot import Spot
from gitops.model.finding import Finding
from gitops.model.secret import holds_placeholder

_RELEASE = ("helm.toolkit.fluxcd.io", "HelmRelease")
_ENDPOINT = ("externaldns.k8s.io", "DNSEndpoint")
_USUAL = "external-dns.alpha.kubernetes.io/"
_VERSIONS = {"A": 4, "AAAA": 6}
_NAMES = frozenset({"CNAME", "MX", "NS", "PTR", "SRV"})
_HOST = re.compile(r"(?:[a-z0-9_]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*\.?", re.I)
_HOLDERS = (
    ("", "Service"),
    ("gateway.networking.k8s.io", "Gateway"),
    ("gateway.networking.k8s.io", "GRPCRoute"),
    ("gateway.networking.k8s.io", "HTTPRoute"),
    ("gateway.networking.k8s.io", "TLSRoute"),
    ("networking.k8s.io", "Ingress"),
)
_READ = frozenset({"hostname", "internal-hostname", "target", "ttl", "cloudflare-proxied"})

Way = tuple[str | int, ...]


def misplaced(facts: Index) -> Iterator[Finding]:
    """A record has what its type is for."""
    for owned in facts.of(*_ENDPOINT):
        for number, each in enumerate(_endpoints(facts, owned)):
            kind = text(mapping(each).get("recordType"))
            for position, target in enumerate(map(text, listing(mapping(each).get("targets")))):
                if why := _why(kind, target):
                    way = ("spec", "endpoints", number, "targets", position)
                    spot = Spot(facts, owned, way)
                    yield spot.error(
                        "network/record-type",
                        f"{spot.who} wants a record of type {kind} with {target}: {why}",
                        "correct the type, or the target",
                    )


def _why(kind: str, target: str) -> str:
    address = _address(target)
    if holds_placeholder(target) or "{" in target:
        return ""
    if kind in _VERSIONS and address == 0 and _HOST.fullmatch(target):
        return "that is a name, and an address is wanted"
    if kind in _VERSIONS and address not in (0, _VERSIONS[kind]):
        return f"that is an address of IPv{address}"
    return "that is an address, and a name is wanted" if kind in _NAMES and address else ""


def _address(target: str) -> int:
    """The version of IP; 0 for what is no address."""
    try:
        return ipaddress.ip_address(target).version
    except ValueError:
        return 0


def unread(facts: Index) -> Iterator[Finding]:
    """An annotation of a prefix that somebody chose is read by an instance.

    The usual prefix is read by other programs, too, and says nothing.
    """
    read = facts.view(_prefixes)
    for owned, key, _ in _annotated(facts) if read else ():
        prefix, _, name = key.partition("/")
        if f"{prefix}/" not in read and prefix != _USUAL.rstrip("/") and name in _READ:
            spot = Spot(facts, owned, ("metadata", "annotations", key))
            yield spot.warning(
                "network/annotation-unread",
                f"{spot.who} has {key}, and external-dns reads annotations of "
                f"{', '.join(sorted(read))}",
                "correct the prefix here, or annotationPrefix of the release",
                *(read[each] for each in sorted(read)),
            )


def _prefixes(facts: Index) -> dict[str, Owned]:
    """The prefixes that instances read; none where one of them cannot be seen to its last value."""
    found: dict[str, Owned] = {}
    for owned, chart, _, _ in facts.view(charts):
        if chart == "external-dns":
            spec = mapping(facts.body(owned.manifest).get("spec"))
            values = mapping(spec.get("values"))
            if spec.get("valuesFrom") or "annotation-prefix" in str(values.get("extraArgs")):
                return {}
            found[text(values.get("annotationPrefix")) or _USUAL] = owned
    return found


def dangling(facts: Index) -> Iterator[Finding]:
    """A target of annotations is a name that something gives: told where a record that nothing
    leads to is of the same domain. Where several lead to a name, it is the record that was
    misspelt, or is elsewhere."""
    led = [
        (owned, key, name)
        for owned, key, value in _annotated(facts)
        for name in map(str.strip, value.split(","))
        if key.endswith("/target") and _HOST.fullmatch(name)
    ]
    made = {name: owned for owned in facts.of(*_ENDPOINT) for name in _made(facts, owned)}
    aimed = Counter(name for _, _, name in led)
    for owned, key, name in led if made else ():
        domain = name.partition(".")[2]
        left = [each for each in sorted(made) if each not in aimed]
        near = [each for each in left if each.partition(".")[2] == domain]
        is_told = len(near) == 1 and (aimed[name] == 1 or _is_like(name, near[0]))
        if is_told and name not in made and not _is_served(facts, name):
            spot = Spot(facts, owned, ("metadata", "annotations", key))
            yield spot.warning(
                "network/record-missing",
                f"{spot.who} leads names to {name}, which nothing gives, and nothing leads to "
                f"{near[0]}",
                f"did you mean {near[0]!r}?",
                made[near[0]],
            )


def _is_like(one: str, other: str) -> bool:
    first, second = one.partition(".")[0], other.partition(".")[0]
    return bool(difflib.get_close_matches(first, [second], 1))


_TOLD = re.compile(rb"ssh_host: *[\\\\\"']*([a-z0-9.-]+\.[a-z]+)")
"""Names that programs tell people. Source: GitLab, config/gitlab.yml."""


def untold(facts: Index) -> Iterator[Finding]:
    """The name that a program tells people is one that is made for it."""
    if not facts.view(_prefixes):
        return
    noted = [(owned, value) for owned, key, value in _annotated(facts) if key.endswith("hostname")]
    seen: set[tuple[str, str]] = set()
    for owned in facts.of("", "ConfigMap"):
        found = owned.manifest.id
        told = {each.decode() for each in _TOLD.findall(owned.manifest.raw)}
        for name in sorted(told):
            beside = [
                (other, value)
                for other, value in noted
                if other.manifest.id.namespace == found.namespace
                and value.partition(".")[2] == name.partition(".")[2]
            ]
            if beside and (found.namespace, name) not in seen and not _is_served(facts, name):
                seen.add((found.namespace, name))
                other, value = beside[0]
                way = ("metadata", "annotations")
                yield Spot(facts, other, way).warning(
                    "network/name-unlike",
                    f"{other.manifest.id} gets the name {value}, and {found} tells people "
                    f"{name}, which nothing makes",
                    f"did you mean {name!r}?",
                    owned,
                )


def _made(facts: Index, owned: Owned) -> Iterator[str]:
    """The names that an alias may lead to."""
    for each in map(mapping, _endpoints(facts, owned)):
        name = text(each.get("dnsName"))
        if each.get("recordType") in ("A", "AAAA", "CNAME") and name[:1] not in ("", "*", "_"):
            yield name


def _is_served(facts: Index, name: str) -> bool:
    """Whether a route, an Ingress, or an annotation has the name. What a Gateway says of its
    infrastructure stands on the Service that is made for it, and the values of a release may give
    it to one."""
    quoted = name.encode()
    for group, kind in _HOLDERS:
        for owned in facts.of(group, kind):
            if quoted in owned.manifest.raw and _has(facts, owned, name):
                return True
    given = b'hostname":"' + quoted + b'"'
    return any(given in owned.manifest.raw for owned in facts.of(*_RELEASE))


def _has(facts: Index, owned: Owned, name: str) -> bool:
    body = facts.body(owned.manifest)
    rules = listing(at(body, "spec", "rules"))
    hosts = [
        *listing(at(body, "spec", "hostnames")),
        *(mapping(each).get("host") for each in rules),
        *(mapping(each).get("hostname") for each in listing(at(body, "spec", "listeners"))),
    ]
    notes = [
        *mapping(at(body, "metadata", "annotations")).items(),
        *mapping(at(body, "spec", "infrastructure", "annotations")).items(),
    ]
    said = [text(value) for key, value in notes if key.endswith("hostname")]
    return name in hosts or any(name in each.split(",") for each in said)


def _annotated(facts: Index) -> Iterator[tuple[Owned, str, str]]:
    """Annotations that are for some external-dns, by their prefix."""
    for group, kind in _HOLDERS:
        for owned in facts.of(group, kind):
            if b"external-dns" in owned.manifest.raw:
                notes = mapping(at(facts.body(owned.manifest), "metadata", "annotations"))
                for key, value in notes.items():
                    if "external-dns" in key.partition("/")[0] and isinstance(value, str):
                        yield owned, key, value


def _endpoints(facts: Index, owned: Owned) -> list[object]:
    return listing(at(facts.body(owned.manifest), "spec", "endpoints"))


RULES = (dangling, misplaced, unread, untold)
