"""Whether VMAuth lets those in who send something through it.

Source: docs.victoriametrics.com/operator, VMUser: `paths` are patterns of whole paths, and a target
without any takes all; a Service `vmauth-<name>` is in front.
"""

import difflib
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import msgspec

from gitops.check import selectors
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.model.finding import Finding

_VICTORIA, _FLUENT = "operator.victoriametrics.com", "fluentbit.fluent.io"
_AGENTS = ("VLAgent", "VMAgent")
_OUTPUTS = ("ClusterOutput", "Output")
_OPEN = ("unauthorizedAccessConfig", "unauthorizedUserAccessSpec")

Way = tuple[str | int, ...]
Held = tuple[str, str, str]
"""What a key of a Secret comes from: the store, the item and its field."""


class Sender(msgspec.Struct, frozen=True):
    """Somebody who calls a path of a host, and where the password is kept."""

    spot: Spot
    host: str
    path: str
    password: dict[str, Any]

    def reaches(self, door: Owned) -> bool:
        """Whether the host is the Service of a VMAuth."""
        found = door.manifest.id
        return self.host.split(".")[:2] == [f"vmauth-{found.name}", found.namespace]


class Entry(msgspec.Struct, frozen=True):
    """A path that a user may call."""

    owned: Owned
    way: Way
    path: str

    def takes(self, path: str) -> bool:
        """Whether a path is meant."""
        try:
            return re.fullmatch(self.path, path) is not None
        except re.error:
            return True


def passed(indexes: tuple[Index, ...]) -> Iterator[Finding]:
    """Whoever sends something through a VMAuth calls a path that a user of it has, with the
    password that this one has."""
    for facts, door, sender in _sent(indexes):
        known = [*_entries(facts, door)]
        fits = [each for each in known if each.takes(sender.path)]
        if known and not fits:
            yield _closed(facts, door, sender, known)
        elif len({id(each.owned) for each in fits}) == 1:
            yield from _unlike(facts, fits[0].owned, sender)


def _closed(facts: Index, door: Owned, sender: Sender, known: list[Entry]) -> Finding:
    near = max(known, key=lambda each: _likeness(each.path, sender.path))
    mistake = Spot(facts, near.owned, near.way).warning(
        "vmauth/path-closed",
        f"{sender.spot.who} sends to {sender.path} by {door.manifest.id}, and no user of it may: "
        f"{near.owned.manifest.id} may use {near.path}",
        "add the path to a user, or correct it",
    )
    related = (*mistake.related, sender.spot.at)
    return msgspec.structs.replace(mistake, cluster=facts.cluster.name, related=related)


def _unlike(facts: Index, user: Owned, sender: Sender) -> Iterator[Finding]:
    reference = mapping(at(facts.body(user.manifest), "spec", "passwordRef"))
    one, theirs = _source(facts, user, reference)
    other, ours = _source(sender.spot.facts, sender.spot.owned, sender.password)
    if one and other and theirs and ours and theirs[0] == ours[0] and theirs != ours:
        mistake = one.warning(
            "vmauth/password-unlike",
            f"{user.manifest.id} has the password {'/'.join(theirs[1:])}, and {sender.spot.who} "
            f"sends {'/'.join(ours[1:])}: it is not let in",
            "take both from the same item",
        )
        related = (*mistake.related, other.at)
        yield msgspec.structs.replace(mistake, cluster=facts.cluster.name, related=related)


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _sent(indexes: tuple[Index, ...]) -> Iterator[tuple[Index, Owned, Sender]]:
    doors = [(facts, door) for facts in indexes for door in facts.of(_VICTORIA, "VMAuth")]
    senders = [each for facts in indexes for each in _senders(facts)] if doors else []
    for facts, door in doors:
        spec = mapping(facts.body(door.manifest).get("spec"))
        for sender in senders if not any(spec.get(each) for each in _OPEN) else ():
            if sender.reaches(door):
                yield facts, door, sender


def _senders(facts: Index) -> Iterator[Sender]:
    for kind in _OUTPUTS:
        for owned in facts.of(_FLUENT, kind):
            http = mapping(at(facts.body(owned.manifest), "spec", "http"))
            password = mapping(at(http, "httpPassword", "valueFrom", "secretKeyRef"))
            path = urlsplit(text(http.get("uri"))).path
            if path:
                spot = Spot(facts, owned, ("spec", "http", "uri"))
                yield Sender(spot, text(http.get("host")), path, password)
    for kind in _AGENTS:
        for owned in facts.of(_VICTORIA, kind):
            for number, each in enumerate(
                listing(at(facts.body(owned.manifest), "spec", "remoteWrite"))
            ):
                url = urlsplit(text(mapping(each).get("url")))
                password = mapping(at(each, "basicAuth", "password"))
                spot = Spot(facts, owned, ("spec", "remoteWrite", number, "url"))
                yield Sender(spot, url.hostname or "", url.path, password)


def _entries(facts: Index, door: Owned) -> Iterator[Entry]:
    """The paths of the users that a VMAuth takes."""
    wanted = mapping(at(facts.body(door.manifest), "spec", "userSelector"))
    for owned in facts.of(_VICTORIA, "VMUser"):
        body = facts.body(owned.manifest)
        if not selectors.matches(wanted, mapping(at(body, "metadata", "labels"))):
            continue
        if at(body, "spec", "default_url"):
            yield Entry(owned, ("spec", "default_url"), ".*")
        for number, each in enumerate(listing(at(body, "spec", "targetRefs"))):
            way: Way = ("spec", "targetRefs", number, "paths")
            given = listing(mapping(each).get("paths"))
            for position, path in enumerate(map(text, given)):
                yield Entry(owned, (*way, position), path)
            if not given:
                yield Entry(owned, way[:-1], ".*")


def _source(
    facts: Index, owned: Owned, reference: dict[str, Any]
) -> tuple[Spot | None, Held | None]:
    """Where an ExternalSecret has a key of a Secret from; nothing where it is made otherwise."""
    name, key = text(reference.get("name")), text(reference.get("key"))
    namespace = text(reference.get("namespace")) or owned.manifest.id.namespace
    for made in facts.of("external-secrets.io", "ExternalSecret") if name else ():
        spec = mapping(facts.body(made.manifest).get("spec"))
        target = text(at(spec, "target", "name")) or made.manifest.id.name
        fits = target == name and namespace in ("", made.manifest.id.namespace)
        field = _field(spec, key) if fits else ""
        for number, each in enumerate(map(mapping, listing(spec.get("data")))):
            if field and each.get("secretKey") == field:
                remote = mapping(each.get("remoteRef"))
                store = text(at(spec, "secretStoreRef", "name"))
                held = (store, text(remote.get("key")), text(remote.get("property")))
                return Spot(facts, made, ("spec", "data", number, "remoteRef", "key")), held
    return None, None


_PLAIN = re.compile(r"\{\{-? *\.(\w+) *-?\}\}")


def _field(spec: dict[str, Any], key: str) -> str:
    """What is fetched for a key: under its own name, or what a template writes there alone."""
    template = mapping(at(spec, "target", "template", "data"))
    if not template:
        return "" if at(spec, "target", "template", "templateFrom") else key
    found = _PLAIN.fullmatch(text(template.get(key)).strip())
    return found[1] if found else ""
