"""What the vaults hold, against what they must hold.

External Secrets takes a title for one item and a label for one field; where there are two, it
fails. Source: External Secrets 0.12.1, its provider for 1Password Connect.
"""

from collections.abc import Collection, Iterator, Mapping

from gitops.estate.vault import Loaded
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.holding import Fields, Holding, Keeper
from gitops.secrets.wanted import Wanted


def look(keeper: Keeper, wanted: Collection[Wanted]) -> Holding:
    """What is there of all that is wanted, and of nothing else. Raises KeeperError."""
    seen = keeper.vaults()
    names = sorted({each.vault for each in wanted} & set(seen))
    return {name: dict(_items(keeper, seen[name], _titles(wanted, name))) for name in names}


def _titles(wanted: Collection[Wanted], vault: str) -> frozenset[str]:
    return frozenset(each.title for each in wanted if each.vault == vault)


def _items(
    keeper: Keeper, vault: str, titles: frozenset[str]
) -> Iterator[tuple[str, tuple[Fields, ...]]]:
    by_title: dict[str, list[str]] = {}
    for each in keeper.titles(vault):
        if each.title in titles:
            by_title.setdefault(each.title, []).append(each.id)
    for title, ids in sorted(by_title.items()):
        yield title, tuple(keeper.fields(vault, each) for each in ids)


def findings(wanted: Collection[Wanted], held: Holding, listed: Loaded) -> Iterator[Finding]:
    """All that is missing, empty or there twice, in the order of vaults and titles."""
    for name in sorted({each.vault for each in wanted} - set(held)):
        yield finding.error(
            "vault/closed",
            listed.at("vaults", name),
            f"the vault {name!r} cannot be seen: it is not there, or whoever asks may not open it",
            f"make it, give the token or the person the right to read it, or leave it out: "
            f"{listed.vault.vaults.get(name, '')}",
        )
    for each in wanted:
        if each.vault in held:
            yield from _of_item(each, held[each.vault], listed)


def _of_item(
    wanted: Wanted, held: Mapping[str, tuple[Fields, ...]], listed: Loaded
) -> Iterator[Finding]:
    found = held.get(wanted.title, ())
    if len(found) == 1:
        yield from _of_fields(wanted, found[0], listed)
        return
    at, where = listed.at("items", wanted.title), f"the vault {wanted.vault!r}"
    if not found:
        labels = ", ".join(sorted(wanted.item.fields))
        message = f"{where} has no item {wanted.title!r}: {wanted.item.purpose}"
        yield finding.error("vault/absent", at, message, f"make it, with the fields {labels}")
    else:
        message = f"{where} has {len(found)} items {wanted.title!r}: none of them is read"
        yield finding.error("vault/ambiguous", at, message, "give all but one another title")


def _of_fields(wanted: Wanted, held: Fields, listed: Loaded) -> Iterator[Finding]:
    what = f"the item {wanted.title!r} in the vault {wanted.vault!r}"
    for label, secret in wanted.item.fields.items():
        at = listed.at("items", wanted.title, "fields", label)
        found = [each for each in held if each.label == label]
        if not found:
            message, hint = f"{what} has no field {label!r}", f"add it; it is made {secret.made}"
            yield finding.error("vault/absent", at, message, hint)
        elif len(found) > 1:
            message = f"{what} has {len(found)} fields {label!r}: none of them is read"
            yield finding.error("vault/ambiguous", at, message, "remove all but one")
        elif not found[0].filled:
            message, hint = f"{what} has nothing in {label!r}", f"it is made {secret.made}"
            yield finding.error("vault/empty", at, message, hint)
