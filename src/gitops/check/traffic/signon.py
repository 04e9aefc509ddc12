"""Single sign-on: what realms of Keycloak say, and what those who trust them do.

Source: keycloak, guide "Realm import": the operator creates the realm of a KeycloakRealmImport,
once, with its clients and groups. Its issuer is `<hostname>/realms/<realm>`.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import msgspec

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.traffic.gateways import Gateways
from gitops.model.finding import Finding

_GROUP = "k8s.keycloak.org"
_RBAC = "rbac.authorization.k8s.io"

Way = tuple[str | int, ...]


class Realm(msgspec.Struct, frozen=True):
    """A realm that is imported, and the host of its Keycloak."""

    facts: Index
    owned: Owned
    body: dict[str, Any]
    host: str

    @property
    def issuer(self) -> str:
        """What clients trust, without the scheme."""
        return f"{self.host}/realms/{text(self.body.get('realm'))}"

    @property
    def clients(self) -> dict[str, int]:
        """The position of each client."""
        found = map(mapping, listing(self.body.get("clients")))
        return {text(each.get("clientId")): position for position, each in enumerate(found)}

    @property
    def groups(self) -> list[str]:
        """The names of its groups."""
        return [text(mapping(each).get("name")) for each in listing(self.body.get("groups"))]

    def spot(self, *way: str | int) -> Spot:
        """A field of the realm."""
        return Spot(self.facts, self.owned, ("spec", "realm", *way))


class User(msgspec.Struct, frozen=True):
    """An object that trusts a realm, and the client that it says to be."""

    facts: Index
    owned: Owned
    way: Way
    client: str


def clients(indexes: tuple[Index, ...]) -> Iterator[Finding]:
    """A client that an object says to be is one of the realm that it trusts, and people come back
    from there to a name that the object's namespace has."""
    for realm in realms(indexes):
        known = realm.clients
        for user in users(indexes, realm) if known else ():
            if user.client not in known:
                yield _in(user.facts, _no_client(realm, user))
            elif _leads_away(realm, user):
                yield _in(realm.facts, _away(realm, user))
            elif wrong := _unheard(realm, user):
                yield _in(realm.facts, _deaf_path(realm, user, wrong))


def groups(indexes: tuple[Index, ...]) -> Iterator[Finding]:
    """A group that has rights in a cluster is one of the realm, with the prefix that the API server
    writes before it: that of others."""
    for realm in realms(indexes):
        known = realm.groups
        bound = [each for facts in indexes for each in _bound(facts)]
        prefixes = {
            name.removesuffix(group)
            for _, name in bound
            for group in known
            if name.endswith(f":{group}")
        }
        for spot, name in bound if len(prefixes) == 1 else ():
            prefix = min(prefixes)
            if name in known:
                yield _in(spot.facts, _bare(spot, name, prefix, realm))
            elif name.startswith(prefix) and name.removeprefix(prefix) not in known:
                yield _in(spot.facts, _no_group(spot, name.removeprefix(prefix), realm))


def deaf(facts: Index) -> Iterator[Finding]:
    """A Keycloak listens at something.

    Source: keycloak, guide "Configuring TLS": without a certificate it starts only with
    `http-enabled`.
    """
    for owned in facts.of(_GROUP, "Keycloak"):
        spec = mapping(facts.body(owned.manifest).get("spec"))
        http = mapping(spec.get("http"))
        options = {mapping(each).get("name") for each in listing(spec.get("additionalOptions"))}
        by_variable = b"KC_HTTP" in owned.manifest.raw
        if (
            not by_variable
            and not (http.get("httpEnabled") or http.get("tlsSecret"))
            and not options & _LISTENING
        ):
            spot = Spot(facts, owned, ("spec", "http", "httpEnabled"))
            yield spot.error(
                "sso/deaf",
                f"{spot.who} has no certificate and does not speak without one: it does not start",
                "name a Secret in spec.http.tlsSecret, or set spec.http.httpEnabled",
            )


_LISTENING = {"http-enabled", "https-certificate-file", "https-key-store-file"}


def realms(indexes: tuple[Index, ...]) -> Iterator[Realm]:
    """The realms that are imported into a Keycloak whose name is known."""
    for facts in indexes:
        for owned in facts.of(_GROUP, "KeycloakRealmImport"):
            spec = mapping(facts.body(owned.manifest).get("spec"))
            name = text(spec.get("keycloakCRName"))
            server = facts.find(_GROUP, "Keycloak", owned.manifest.id.namespace, name)
            body = facts.body(server.manifest) if server else {}
            host = text(at(body, "spec", "hostname", "hostname"))
            if host:
                bare = (urlsplit(host).netloc or host).rstrip("/")
                yield Realm(facts, owned, mapping(spec.get("realm")), bare)


def users(indexes: tuple[Index, ...], realm: Realm) -> Iterator[User]:
    """The objects of all clusters that trust a realm; what charts make of their values is not
    among them."""
    mark = realm.issuer.encode()
    for facts in indexes:
        for owned in facts.holding(mark):
            if owned.unit.id.kind != "HelmRelease":
                body = facts.body(owned.manifest)
                for way, client in _named(body, (), re.compile(rf"{re.escape(realm.issuer)}\b")):
                    yield User(facts, owned, way, client)


_CLIENT = re.compile(r"(?:client_?id|identifier)[\"']?\s*[:=]\s*[\"']?([\w.-]+)", re.I)


def _named(value: object, way: Way, issuer: re.Pattern[str]) -> Iterator[tuple[Way, str]]:
    """The one client that stands beside an issuer: in the same text, or the same mapping."""
    match value:
        case str() if issuer.search(value):
            found = {*_CLIENT.findall(value)}
            yield from ((way, each) for each in found if len(found) == 1)
        case list():
            for position, each in enumerate(value):
                yield from _named(each, (*way, position), issuer)
        case dict():
            beside = any(isinstance(each, str) and issuer.search(each) for each in value.values())
            for key, each in value.items():
                if beside and isinstance(each, str) and _CLIENT.fullmatch(f"{key}={each}"):
                    yield (*way, key), each
                yield from _named(each, (*way, key), issuer)


_PATHS = (
    (b"oidc.config", ("/auth/callback", "/pkce/verify")),
    (b"auth.generic_oauth", ("/login/generic_oauth",)),
    (b"oidc_client_id", ("/c/oidc/callback",)),
)
"""Where programs want people to come back to, by a word of their settings.
Source: Argo CD, user-management/keycloak; Grafana, generic-oauth; Harbor, "OIDC Provider"."""

_TOLD = re.compile(
    r"redirect_u(?:ri|rl)[\"']?\s*[:=]>?\s*[\"']?https?://[^/\s\"']+(/[^\s\"',}]*)", re.I
)


def _unheard(realm: Realm, user: User) -> tuple[str, ...]:
    """The paths that a program has for those who come back, where the client has none of them. A
    pattern may be any path."""
    raw = user.owned.manifest.raw
    paths = next((paths for word, paths in _PATHS if word in raw), ())
    told = {*_TOLD.findall(text(at(user.facts.body(user.owned.manifest), *user.way)))}
    wanted = (*told,) if len(told) == 1 else paths
    client = mapping(listing(realm.body.get("clients"))[realm.clients[user.client]])
    places = [text(each) for each in listing(client.get("redirectUris"))]
    known = {urlsplit(each).path for each in places}
    loose = not places or any("*" in each or "${" in each for each in places)
    fits = any(path.endswith(wanted) for path in known) if wanted else True
    return () if loose or fits else wanted


def _deaf_path(realm: Realm, user: User, wanted: tuple[str, ...]) -> Finding:
    spot = realm.spot("clients", realm.clients[user.client], "redirectUris", 0)
    return spot.warning(
        "sso/redirect-elsewhere",
        f"{user.owned.manifest.id} takes people of client {user.client!r} back at "
        f"{' or '.join(wanted)}, and {realm.owned.manifest.id} sends them to none of these",
        "name the path that the program has",
        user.owned,
    )


def _leads_away(realm: Realm, user: User) -> bool:
    """Whether none of the names that people are sent back to is one of the routes beside the user.
    Patterns and machines of people may be anything."""
    client = mapping(listing(realm.body.get("clients"))[realm.clients[user.client]])
    places = [text(each) for each in listing(client.get("redirectUris"))]
    names = {urlsplit(each).hostname or "" for each in places}
    namespace = user.owned.manifest.id.namespace
    here = {
        host
        for route in user.facts.view(Gateways).routes
        if route.namespace == namespace
        for host in route.hostnames
    }
    loose = any("*" in each for each in here | names) or {"", "localhost", "127.0.0.1"} & names
    return bool(here and names and not loose and not names & here)


def _bound(facts: Index) -> Iterator[tuple[Spot, str]]:
    for kind in ("ClusterRoleBinding", "RoleBinding"):
        for owned in facts.of(_RBAC, kind):
            for position, each in enumerate(listing(facts.body(owned.manifest).get("subjects"))):
                name = text(mapping(each).get("name"))
                if mapping(each).get("kind") == "Group" and not name.startswith("system:"):
                    yield Spot(facts, owned, ("subjects", position, "name")), name


def _no_client(realm: Realm, user: User) -> Finding:
    spot = Spot(user.facts, user.owned, user.way)
    names = ", ".join(sorted(realm.clients))
    return spot.warning(
        "sso/client-missing",
        f"{spot.who} signs people in as client {user.client!r} of {realm.issuer}: it has {names}",
        "name a client of the realm, or add it there",
        realm.owned,
    )


def _away(realm: Realm, user: User) -> Finding:
    position = realm.clients[user.client]
    spot = realm.spot("clients", position, "redirectUris", 0)
    return spot.warning(
        "sso/redirect-elsewhere",
        f"{spot.who} sends people of client {user.client!r} back to names that no route of "
        f"namespace {user.owned.manifest.id.namespace} has, where {user.owned.manifest.id} is",
        "name the host of a route there",
        user.owned,
    )


def _bare(spot: Spot, name: str, prefix: str, realm: Realm) -> Finding:
    return spot.warning(
        "sso/group-missing",
        f"{spot.who} gives rights to group {name!r}, and others have {prefix!r} before the names "
        f"of {realm.owned.manifest.id}: nobody is in it",
        f"write {prefix}{name}",
        realm.owned,
    )


def _no_group(spot: Spot, name: str, realm: Realm) -> Finding:
    return spot.warning(
        "sso/group-missing",
        f"{spot.who} gives rights to group {name!r}, and {realm.owned.manifest.id} has "
        f"{', '.join(sorted(realm.groups))}",
        "name a group of the realm, or add it there",
        realm.owned,
    )


def _in(facts: Index, found: Finding) -> Finding:
    return msgspec.structs.replace(found, cluster=facts.cluster.name)
