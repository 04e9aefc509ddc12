"""1Password: what is read and what `secrets/vault.yaml` lists are the same."""

from collections.abc import Iterator, Sequence

from gitops.check import building, fields, index
from gitops.check.facts import remote
from gitops.check.facts.remote import Read
from gitops.check.index import Index, Owned
from gitops.estate.references import Reference
from gitops.estate.vault import Loaded
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.vault import EACH, Item

_HINT = "correct the name, or list it in secrets/vault.yaml with how it is made and changed"


def missing(clusters: Sequence[Index]) -> Iterator[Finding]:
    """Every item and field that something reads is listed, in a vault that the reader opens."""
    for facts in clusters:
        if facts.knowledge.vault:
            yield from _missing_of(facts, facts.knowledge.vault)
    held = clusters[0].knowledge.vault if clusters else None
    for reference in held.references if held else ():
        if held and not any(_named(reference, held)):
            message = f"{reference} is nothing that secrets/vault.yaml lists"
            yield finding.error("vault/missing", reference.at, message, _HINT, held.at("items"))


def opened(clusters: Sequence[Index]) -> Iterator[Finding]:
    """Every vault that a store opens is listed; those that items call `each` bear the names of the
    clusters."""
    for facts in clusters:
        held = facts.knowledge.vault
        known = {*held.vault.vaults, *(each.cluster.name for each in clusters)} if held else set()
        for kind in ("ClusterSecretStore", "SecretStore") if held else ():
            for owned in facts.of("external-secrets.io", kind):
                way = ("spec", "provider", "onepassword", "vaults")
                for name in sorted(fields.mapping(fields.at(facts.body(owned.manifest), *way))):
                    if name not in known:
                        yield _closed(facts, owned, (*way, name), known)


def _closed(facts: Index, owned: Owned, way: tuple[str, ...], known: set[str]) -> Finding:
    mistake = finding.error(
        "vault/unlisted",
        facts.at(owned, *way),
        f"{owned.manifest.id} opens the vault {way[-1]!r}, which secrets/vault.yaml does not list",
        f"there is {', '.join(sorted(known))}",
    )
    return index.about(owned.manifest.id, building.within(facts.cluster, mistake))


def unused(clusters: Sequence[Index]) -> Iterator[Finding]:
    """Every field of every item is read by something."""
    for facts in clusters[:1]:
        if facts.knowledge.vault and facts.knowledge.whole:
            yield from _unused(facts.knowledge.vault, clusters)


def _missing_of(facts: Index, held: Loaded) -> Iterator[Finding]:
    for read in facts.view(remote.reads):
        mistake = _missing(read, facts, held)
        if mistake:
            yield mistake


def _missing(read: Read, facts: Index, held: Loaded) -> Finding | None:
    cluster = facts.cluster.name
    named = [title for title in held.vault.items if read.names(title)]
    opened = [title for title in named if _opens(read, held.vault.items[title], cluster)]
    if any(read.reads(field) for title in opened for field in held.vault.items[title].fields):
        return None
    what = f"{read.owned.manifest.id} reads {read.what}"
    if opened:
        words, at = "which the item does not have", held.at("items", opened[0], "fields")
    elif named:
        words = f"which is in vault {held.vault.items[named[0]].vault!r}: its store opens others"
        at = held.at("items", named[0], "vault")
    else:
        words, at = "which secrets/vault.yaml does not list", held.at("items")
    place = facts.at(read.owned, *read.pointer)
    mistake = finding.error("vault/missing", place, f"{what}, {words}", _HINT, at)
    return index.about(read.owned.manifest.id, building.within(facts.cluster, mistake))


def _opens(read: Read, item: Item, cluster: str) -> bool:
    """A store that is not known is told of elsewhere; it is taken to open everything."""
    vault = cluster if item.vault == EACH else item.vault
    return read.vaults is None or vault in read.vaults


def _named(reference: Reference, held: Loaded) -> Iterator[tuple[str, str]]:
    for title, item in held.vault.items.items():
        known = frozenset(held.vault.vaults if item.vault == EACH else (item.vault,))
        for field in item.fields:
            if reference.names(known, title) and reference.reads(field):
                yield title, field


def _unused(held: Loaded, clusters: Sequence[Index]) -> Iterator[Finding]:
    by_file = {name for reference in held.references for name in _named(reference, held)}
    for title, item in held.vault.items.items():
        for field in () if item.by_hand else item.fields:
            if (title, field) not in by_file:
                yield from _idle(held, title, field, clusters)


def _idle(held: Loaded, title: str, field: str, clusters: Sequence[Index]) -> Iterator[Finding]:
    """In vault `each`, every cluster has the item and reads it; elsewhere one reader is enough."""
    item = held.vault.items[title]
    readers = [facts for facts in clusters if _reads(facts, title, item, field)]
    unread = [facts.cluster.name for facts in clusters if facts not in readers]
    if readers and (item.vault != EACH or not unread):
        return
    words = f"in {', '.join(unread)}, where there is one too" if readers else "at all"
    message = f"nothing reads {field!r} of the item {title!r} {words}"
    hint = "remove it here and from 1Password, or name the vault of the cluster that reads it"
    make = finding.note if any(facts.hidden for facts in clusters) else finding.error
    yield make("vault/unused", held.at("items", title, "fields", field), message, hint)


def _reads(facts: Index, title: str, item: Item, field: str) -> bool:
    return any(
        read.names(title) and read.reads(field) and _opens(read, item, facts.cluster.name)
        for read in facts.view(remote.reads)
    )
