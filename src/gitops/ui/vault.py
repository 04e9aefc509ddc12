"""What vaults must hold, for people and for programs. There is no value in it."""

from collections.abc import Collection, Iterator

import msgspec

from gitops.model.finding import Finding
from gitops.secrets.wanted import Wanted
from gitops.ui import phrase


def plan(wanted: Collection[Wanted], missing: Collection[Finding], known: bool) -> Iterator[str]:
    """Every field with how it is made and rotated; what is missing, where the vaults were asked."""
    vault = ""
    for each in wanted:
        if each.vault != vault:
            vault = each.vault
            yield f"vault {vault}\n"
        yield f"  {each.title}: {each.item.purpose}\n"
        for label, secret in sorted(each.item.fields.items()):
            recipe = f" ({secret.recipe})" if secret.recipe else ""
            yield f"    {label}\n      made {secret.made}{recipe}\n      rotate: {secret.rotate}\n"
    fields = sum(len(each.item.fields) for each in wanted)
    yield f"{phrase.count(len(wanted), 'item')}, {phrase.count(fields, 'field')}\n"
    if not known:
        yield "what is there was not asked: --from connect or --from op does\n"
    for found in missing:
        yield f"missing: {found.message}\n"
    if known and not missing:
        yield "nothing is missing\n"


def json(wanted: Collection[Wanted], missing: Collection[Finding], known: bool) -> str:
    """The same as an object; `missing` is null where the vaults were not asked."""
    body = {
        "items": [
            {
                "vault": each.vault,
                "title": each.title,
                "purpose": each.item.purpose,
                "fields": [
                    {
                        "label": label,
                        "made": secret.made,
                        "recipe": secret.recipe,
                        "rotate": secret.rotate,
                    }
                    for label, secret in sorted(each.item.fields.items())
                ],
            }
            for each in wanted
        ],
        "missing": [found.message for found in missing] if known else None,
    }
    return msgspec.json.encode(body).decode() + "\n"
