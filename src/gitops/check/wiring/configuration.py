"""Secrets and ConfigMaps: whether those that objects refer to are there, with their keys.

Source: the kubelet starts no container whose Secret, ConfigMap or key is missing, unless the
reference is optional; it waits, without an error of the workload, for ever.
"""

from collections.abc import Iterator

import msgspec

from gitops.check.fields import at, mapping, text
from gitops.check.index import Index, Key, Owned
from gitops.check.spot import Spot, graded
from gitops.check.wiring import near, references
from gitops.check.wiring.presence import Presence, doubtful
from gitops.check.wiring.producers import Producers
from gitops.check.wiring.references import Reference
from gitops.model.finding import Finding, Severity

_OWNED = ("", "Owner", "Orphan")
_HOW = "kustomize.toolkit.fluxcd.io/ssa"
_SOURCES = "source.toolkit.fluxcd.io"
_WORD = 6
"""So many letters at the beginning make two names alike."""


def missing(facts: Index) -> Iterator[Finding]:
    """Whatever is referred to is there."""
    presence = facts.view(Presence)
    seen: set[tuple[object, Key]] = set()
    for each in facts.view(references.all_of):
        once = (each.owned.manifest.id, each.wanted)
        if not (each.optional or presence.has(each.wanted) or once in seen):
            seen.add(once)
            yield _missing(facts, each)


def incomplete(facts: Index) -> Iterator[Finding]:
    """It has the keys that are asked for."""
    producers = facts.view(Producers)
    for each in facts.view(references.all_of):
        if each.keys and not each.optional and producers.of(each.wanted):
            keys = producers.keys(each.wanted)
            lost = [key for key in each.keys if keys is not None and key not in keys]
            if keys is not None and lost:
                yield _incomplete(facts, each, lost, keys)


def contested(facts: Index) -> Iterator[Finding]:
    """One Secret has one author."""
    for key, authors in facts.view(_authors).items():
        if len(authors) > 1:
            first, *_, last = authors
            who = " and ".join(str(each.manifest.id) for each in authors)
            yield Spot(facts, last, ("spec",)).error(
                "secret/two-producers",
                f"{who} write the same Secret/{key[2]}/{key[3]}: each undoes what the other wrote",
                "give each a target of its own",
                first,
            )


def _missing(facts: Index, each: Reference) -> Finding:
    spot = Spot(facts, each.owned, each.pointer)
    what = f"{each.kind}/{each.namespace}/{each.name}"
    message = f"{spot.who} {each.use} {what}, which nothing here creates"
    by_hand = "one that is made by hand belongs under `outside` in gitops.toml"
    close = near.best(each.name, _known(facts, each))
    hint = f"create it, or correct the name; {by_hand}"
    if each.kind == "Secret" and not close and _is_of_chart(facts, each):
        return spot.note("secret/missing", f"{message}; the program itself may make it", hint)
    severity = _severity(facts, each, is_close=bool(close))
    hidden = facts.view(Presence).hiders(each.wanted)
    rule = "secret/missing" if each.kind == "Secret" else "configmap/missing"
    found = doubtful(rule, spot, hidden, message, facts.elsewhere(each.wanted) or hint, severity)
    if severity is Severity.WARNING and not close and _is_laid_in(facts, each):
        return graded(found, Severity.NOTE)
    meant = close or _idle(facts, each)
    return _meaning(facts, each, meant, found) if meant else found


def _meaning(facts: Index, each: Reference, meant: str, found: Finding) -> Finding:
    """The same finding with what is meant: more likely than something that nobody can see."""
    hint = facts.elsewhere(each.wanted) or f"did you mean {meant!r}?"
    makers = facts.view(Producers).of((*each.wanted[:3], meant))
    related = tuple(facts.at(maker, *_naming(maker)) for maker in makers)
    severity = Severity.WARNING if found.severity is Severity.NOTE else found.severity
    return msgspec.structs.replace(found, severity=severity, hint=hint, related=related)


def _naming(maker: Owned) -> tuple[str, ...]:
    """The field that names what is made."""
    match maker.manifest.id.kind:
        case "ExternalSecret":
            return ("spec", "target", "name")
        case "Certificate":
            return ("spec", "secretName")
        case _:
            return ("metadata", "name")


def _idle(facts: Index, each: Reference) -> str:
    """A Secret that somebody wants in the namespace, that begins with the same word, has the keys
    that are asked for, and of which nothing reads them: it is more likely meant than one that
    nobody can see."""
    word = each.name.partition("-")[0]
    producers, read = facts.view(Producers), facts.view(_Read)
    for key in sorted(facts.view(_authors)):
        keys = producers.keys(key)
        is_near = key[1:3] == each.wanted[1:3] and key[3].startswith(word[:_WORD])
        has = is_near and keys is not None and {*each.keys} <= keys
        if has and not read.any_of(key, each.keys):
            return key[3]
    return ""


class _Read:
    """What is read of each Secret and ConfigMap: keys, or `""` for all of them."""

    def __init__(self, facts: Index) -> None:
        self._keys: dict[Key, set[str]] = {}
        for each in facts.view(references.all_of):
            self._keys.setdefault(each.wanted, set()).update(each.keys or ("",))

    def any_of(self, key: Key, keys: tuple[str, ...]) -> bool:
        """Whether something reads one of the keys; without keys, whether it reads anything."""
        read = self._keys.get(key, set())
        return bool(read) if not keys or "" in read else bool(read & {*keys})


def _severity(facts: Index, each: Reference, *, is_close: bool) -> Severity:
    """A repository that tells what is made by hand is held to it; another one may leave it out. A
    name that is nearly right, or right somewhere else, is a mistake in any."""
    if each.use != "needs":
        return Severity.WARNING
    if each.kind == "ConfigMap" or facts.knowledge.outside or is_close:
        return Severity.ERROR
    return Severity.ERROR if facts.elsewhere(each.wanted) else Severity.WARNING


def _is_laid_in(facts: Index, each: Reference) -> bool:
    """Whether whoever installs Flux brings it: what the repository is read with, or a key that
    opens what is encrypted there, which two units or more agree on."""
    if each.pointer == ("spec", "secretRef", "name"):
        roots = [root for root in facts.roots if root.namespace == each.namespace]
        about = each.owned.manifest.id
        return about.group == _SOURCES and about.name in {root.name for root in roots}
    if each.pointer != ("spec", "decryption", "secretRef", "name"):
        return False
    users = [other for other in facts.view(references.all_of) if other.pointer == each.pointer]
    return sum(other.wanted == each.wanted for other in users) > 1


def _known(facts: Index, each: Reference) -> list[str]:
    return [
        owned.manifest.id.name
        for owned in facts.of("", each.kind)
        if owned.manifest.id.namespace == each.namespace
    ]


def _is_of_chart(facts: Index, each: Reference) -> bool:
    """Whether a chart made the name up: no value of the release has it. Programs in charts often
    write the Secrets they read, such as certificates of webhooks."""
    release = facts.find(*each.owned.unit.id.key)
    is_release = each.owned.unit.id.kind == "HelmRelease"
    return is_release and release is not None and each.name.encode() not in release.manifest.raw


def _incomplete(facts: Index, each: Reference, lost: list[str], keys: set[str]) -> Finding:
    maker = facts.view(Producers).of(each.wanted)[0]
    spot = Spot(facts, each.owned, _key_pointer(each))
    rule = "secret/key-missing" if each.kind == "Secret" else "configmap/key-missing"
    what = f"{each.kind}/{each.namespace}/{each.name}"
    has = ", ".join(sorted(keys)) or "no keys"
    close = near.best(lost[0], keys)
    hint = f"did you mean {close!r}?" if close else "correct the key, or add it where it is made"
    message = f"{spot.who} needs {', '.join(lost)} of {what}, which has {has}"
    return spot.error(rule, message, hint, maker)


def _key_pointer(each: Reference) -> references.Way:
    *way, last = each.pointer
    return (*way, "key") if last == "name" else each.pointer


def _authors(facts: Index) -> dict[Key, list[Owned]]:
    found: dict[Key, list[Owned]] = {}
    for owned in facts.of("", "Secret"):
        if owned.manifest.incomplete != "made" and not _is_begun(facts, owned):
            found.setdefault(owned.manifest.id.key, []).append(owned)
    for key, owned in (*_external(facts), *_certificates(facts)):
        found.setdefault(key, []).append(owned)
    return found


def _is_begun(facts: Index, owned: Owned) -> bool:
    """Whether Flux only sees to it that there is a Secret, and leaves it to others from then on."""
    annotations = mapping(at(facts.body(owned.manifest), "metadata", "annotations"))
    return text(annotations.get(_HOW)).lower() in ("ifnotpresent", "ignore")


def _external(facts: Index) -> Iterator[tuple[Key, Owned]]:
    for owned in facts.of("external-secrets.io", "ExternalSecret"):
        target = mapping(at(facts.body(owned.manifest), "spec", "target"))
        once = at(facts.body(owned.manifest), "spec", "refreshPolicy") == "CreatedOnce"
        is_owned = text(target.get("creationPolicy")) in _OWNED and not once
        if is_owned and not target.get("manifest"):
            found = owned.manifest.id
            yield ("", "Secret", found.namespace, text(target.get("name")) or found.name), owned


def _certificates(facts: Index) -> Iterator[tuple[Key, Owned]]:
    for owned in facts.of("cert-manager.io", "Certificate"):
        name = text(at(facts.body(owned.manifest), "spec", "secretName"))
        if name:
            yield ("", "Secret", owned.manifest.id.namespace, name), owned
