"""Certificates of cert-manager: whether they can be issued.

Source: cert-manager 1.16, the validation of its webhook (internal/apis/certmanager/validation) and
the solver that its ACME issuer picks (pkg/controller/acmeorders/selectors).
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check import selectors
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.traffic import durations, hosts
from gitops.check.traffic.gateways import GROUP as GATEWAY_GROUP
from gitops.check.traffic.gateways import bodies
from gitops.check.traffic.sight import Sight
from gitops.model.finding import Finding
from gitops.model.secret import holds_placeholder

GROUP = "cert-manager.io"


class Certificate(msgspec.Struct, frozen=True):
    """A Certificate and what rules ask of it."""

    owned: Owned
    spec: dict[str, Any]

    @property
    def namespace(self) -> str:
        """Where it, its Secret and its Issuer are."""
        return self.owned.manifest.id.namespace

    @property
    def secret(self) -> str:
        """The Secret that it becomes."""
        return text(self.spec.get("secretName"))

    @property
    def names(self) -> list[str]:
        """The hosts that it is for."""
        common = text(self.spec.get("commonName"))
        names = [name for name in listing(self.spec.get("dnsNames")) if text(name)]
        return names if names or not common else [common]


class Certificates:
    """All Certificates of a cluster."""

    def __init__(self, facts: Index) -> None:
        found = bodies(facts, GROUP, "Certificate")
        self.all = [Certificate(owned, mapping(body.get("spec"))) for owned, body in found]
        self.of_secret: dict[tuple[str, str], list[Certificate]] = {}
        for each in self.all:
            if each.secret:
                self.of_secret.setdefault((each.namespace, each.secret), []).append(each)


class Issuing(msgspec.Struct, frozen=True):
    """A reference to an issuer."""

    spot: Spot
    kind: str
    name: str

    @property
    def namespace(self) -> str:
        """Where the issuer is; "" for a ClusterIssuer."""
        return "" if self.kind == "ClusterIssuer" else self.spot.owned.manifest.id.namespace


def unissued(facts: Index) -> Iterator[Finding]:
    """Every issuer that is referred to exists."""
    for wanted in _issuings(facts):
        key = (GROUP, wanted.kind, wanted.namespace, wanted.name)
        if wanted.name and facts.find(*key) is None:
            yield facts.view(Sight).absent(
                "certificate/issuer-missing",
                wanted.spot,
                wanted.namespace,
                f"{wanted.spot.owned.manifest.id} is to be issued by {wanted.kind}/{wanted.name}, "
                "which does not exist: there will be no certificate",
                facts.elsewhere(key) or _other_kind(facts, wanted) or "correct the name",
            )


def _other_kind(facts: Index, wanted: Issuing) -> str:
    own = wanted.spot.owned.manifest.id.namespace
    kind, namespace = ("ClusterIssuer", "") if wanted.namespace else ("Issuer", own)
    found = facts.find(GROUP, kind, namespace, wanted.name)
    return f"there is a {kind} of this name: say `kind: {kind}`" if found else ""


def _issuings(facts: Index) -> Iterator[Issuing]:
    for certificate in facts.view(Certificates).all:
        reference = mapping(certificate.spec.get("issuerRef"))
        if reference.get("group", GROUP) == GROUP:
            kind = text(reference.get("kind")) or "Issuer"
            spot = Spot(facts, certificate.owned, ("spec", "issuerRef", "name"))
            yield Issuing(spot, kind, text(reference.get("name")))
    for group, kind in (("networking.k8s.io", "Ingress"), (GATEWAY_GROUP, "Gateway")):
        for owned, body in bodies(facts, group, kind):
            yield from _annotated(facts, owned, mapping(at(body, "metadata", "annotations")))


def _annotated(facts: Index, owned: Owned, annotations: dict[str, Any]) -> Iterator[Issuing]:
    """Source: cert-manager, "Supported Annotations" of Ingresses and Gateways."""
    if annotations.get("cert-manager.io/issuer-group", GROUP) != GROUP:
        return
    for name, kind in (("issuer", "Issuer"), ("cluster-issuer", "ClusterIssuer")):
        annotation = f"cert-manager.io/{name}"
        wanted = text(annotations.get(annotation))
        yield Issuing(Spot(facts, owned, ("metadata", "annotations", annotation)), kind, wanted)


def unsolved(facts: Index) -> Iterator[Finding]:
    """An ACME issuer has a solver for every name of its certificates."""
    for certificate in facts.view(Certificates).all:
        issuer = _issuer(facts, certificate)
        acme = mapping(at(facts.body(issuer.manifest), "spec", "acme")) if issuer else {}
        if issuer is None or not listing(acme.get("solvers")):
            continue
        marks = mapping(at(facts.body(certificate.owned.manifest), "metadata", "labels"))
        for position, name in enumerate(listing(certificate.spec.get("dnsNames"))):
            solvers = [each for each in map(mapping, acme["solvers"]) if _solves(each, name, marks)]
            lacking = _unsolved(solvers, text(name))
            if lacking:
                yield Spot(facts, certificate.owned, ("spec", "dnsNames", position)).error(
                    "certificate/zone-not-solved",
                    f"{certificate.owned.manifest.id} is for {name}, and {issuer.manifest.id} has "
                    f"no solver for {lacking}: it is never issued",
                    "add a solver with the zone to the issuer, or correct the name",
                    issuer,
                )


def _unsolved(solvers: list[dict[str, Any]], name: str) -> str:
    if not solvers:
        return "it"
    if name.startswith("*.") and not any("dns01" in each for each in solvers):
        return "it that uses DNS-01, which a wildcard needs"
    return ""


def _solves(solver: dict[str, Any], name: object, marks: dict[str, Any]) -> bool:
    selector = mapping(solver.get("selector"))
    names, zones = listing(selector.get("dnsNames")), listing(selector.get("dnsZones"))
    if not selectors.matches({"matchLabels": mapping(selector.get("matchLabels"))}, marks):
        return False
    host = text(name).removeprefix("*.")
    if not names and not zones:
        return True
    return name in names or any(hosts.lies_in(host, text(zone)) for zone in zones)


def _issuer(facts: Index, certificate: Certificate) -> Owned | None:
    reference = mapping(certificate.spec.get("issuerRef"))
    kind = text(reference.get("kind")) or "Issuer"
    namespace = "" if kind == "ClusterIssuer" else certificate.namespace
    return facts.find(GROUP, kind, namespace, text(reference.get("name")))


def invalid(facts: Index) -> Iterator[Finding]:
    """Key, times and names are such that cert-manager and the issuer take them."""
    for certificate in facts.view(Certificates).all:
        for field, message in [*_times(certificate.spec), *_keys(certificate.spec)]:
            yield _refused(facts, certificate, field, message)
        issuer = _issuer(facts, certificate)
        if issuer and at(facts.body(issuer.manifest), "spec", "acme") is not None:
            for field, message in _acme(certificate.spec):
                yield _refused(facts, certificate, field, message)


def _refused(facts: Index, certificate: Certificate, field: str, message: str) -> Finding:
    return Spot(facts, certificate.owned, ("spec", *field.split("."))).error(
        "certificate/invalid",
        f"{certificate.owned.manifest.id}: {message}",
        "correct the field; nothing is issued before",
    )


_NINETY_DAYS = 2160 * 3600.0
"""How long a certificate is asked for that does not say."""


def _times(spec: dict[str, Any]) -> Iterator[tuple[str, str]]:
    duration = durations.go(text(spec.get("duration")))
    before = durations.go(text(spec.get("renewBefore")))
    if duration is not None and duration < 3600:
        yield "duration", f"duration {spec['duration']} is less than an hour"
    if before is not None and before < 300:
        yield "renewBefore", f"renewBefore {spec['renewBefore']} is less than five minutes"
    if before is not None and before >= (_NINETY_DAYS if duration is None else duration):
        lasts = spec.get("duration", "2160h")
        yield "renewBefore", f"renewBefore {spec['renewBefore']} is not less than duration {lasts}"
    if "renewBefore" in spec and "renewBeforePercentage" in spec:
        yield "renewBeforePercentage", "renewBefore and renewBeforePercentage exclude each other"


_SIZES = {"RSA": range(2048, 8193), "ECDSA": (256, 384, 521)}
_NAMES = ("commonName", "literalSubject", "dnsNames", "uris", "ipAddresses", "emailAddresses")


def _keys(spec: dict[str, Any]) -> Iterator[tuple[str, str]]:
    key = mapping(spec.get("privateKey"))
    algorithm = text(key.get("algorithm")) or "RSA"
    size = key.get("size")
    if isinstance(size, int) and size and algorithm in _SIZES and size not in _SIZES[algorithm]:
        yield "privateKey.size", f"there is no {algorithm} key of size {size}"
    common = text(spec.get("commonName"))
    if len(common) > 64 and not holds_placeholder(common):
        yield "commonName", "commonName has more than 64 characters"
    if not any(spec.get(name) for name in (*_NAMES, "otherNames")):
        yield "secretName", "it has neither dnsNames nor any other name"


def _acme(spec: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if spec.get("isCA") is True:
        yield "isCA", "an ACME issuer gives no certificate of an authority"
    common = text(spec.get("commonName"))
    named = [*listing(spec.get("dnsNames")), *listing(spec.get("ipAddresses"))]
    if common and common not in named:
        yield "commonName", f"an ACME issuer wants commonName {common} among the dnsNames too"
    if at(spec, "privateKey", "algorithm") == "Ed25519":
        yield "privateKey.algorithm", "public ACME authorities take no Ed25519 keys"


_ENVIRONMENTS = {"prod": "acme-v02.api.letsencrypt.org", "staging": "acme-staging-v02."}


def misnamed(facts: Index) -> Iterator[Finding]:
    """An issuer that is named for one of the two servers of Let's Encrypt asks that one.

    Source: Let's Encrypt, "Staging Environment": nobody trusts what it signs.
    """
    for kind in ("ClusterIssuer", "Issuer"):
        for owned, body in bodies(facts, GROUP, kind):
            name, server = owned.manifest.id.name, text(at(body, "spec", "acme", "server"))
            said = [each for each in _ENVIRONMENTS if each in name]
            asked = [each for each, host in _ENVIRONMENTS.items() if host in server]
            if len(said) == 1 and asked and said != asked:
                spot = Spot(facts, owned, ("spec", "acme", "server"))
                yield spot.warning(
                    "certificate/other-server",
                    f"{spot.who} asks {server}, and is named for the other server",
                    "correct the server, or the name",
                )
