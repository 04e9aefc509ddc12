"""`docs/how-to/rotate-secrets.md`: a section for each item, and what reads it."""

from collections.abc import Iterator, Sequence

from gitops.check.facts import remote
from gitops.check.index import Index
from gitops.model.flux import KUSTOMIZE_GROUP
from gitops.model.vault import Item, Secret, Vault
from gitops.secrets import wanted
from gitops.secrets.wanted import Wanted

PATH = "docs/how-to/rotate-secrets.md"

_HEAD = """\
# Rotate a secret

`gitops generate` derives this page from [vault.yaml](../../secrets/vault.yaml) and the compiled
clusters: change that file, not this one.

For every secret:

1. Make the new value as its section says. Where two may be valid at once, make the second before
   you take the first away.
2. Put it into the field in 1Password, in its app. Not with `op item edit item field=value`: what
   stands on a command line is seen by every process of the machine, and kept by the shell.
3. See that nothing is missing: `gitops secrets verify --vault <vault>`. It asks for names, and
   prints no value.
4. External Secrets reads the vaults every hour. To have it read at once, where a section names who
   reads:

   ```sh
   kubectl annotate externalsecret --namespace <namespace> <name> --overwrite \\
     force-sync="$(date +%s)"
   ```

5. See that what uses it is well, then take the old value out of use.

A value that somebody has seen who should not have is rotated at once, and so is everything that it
opens. What Git has ever held in plain text counts as seen.
"""


def text(vault: Vault, facts: Sequence[Index]) -> str:
    """The page; sections are in the order of titles."""
    names = [each.cluster.name for each in facts]
    by_title: dict[str, list[Wanted]] = {}
    for each in wanted.of(vault, names):
        by_title.setdefault(each.title, []).append(each)
    sections = (_section(title, by_title[title], facts) for title in sorted(by_title))
    return "\n".join([_HEAD, *sections])


def _section(title: str, places: list[Wanted], facts: Sequence[Index]) -> str:
    item = places[0].item
    vaults = ", ".join(f"`{each.vault}`" for each in places)
    fields = [line for name in sorted(item.fields) for line in _field(name, item.fields[name])]
    where = f"In the vault {vaults}: {item.purpose}."
    lines = [f"## {title}", "", where, "", *fields, "", *_readers(title, places, facts)]
    return "\n".join([*lines, *_by_hand(item), ""])


def _field(name: str, secret: Secret) -> Iterator[str]:
    recipe = f" (`{secret.recipe}`)" if secret.recipe else ""
    yield f"- `{name}`: made {secret.made}{recipe}."
    yield f"  To rotate: {secret.rotate}."


def _readers(title: str, places: list[Wanted], facts: Sequence[Index]) -> Iterator[str]:
    """Only what Kustomizations apply is named: the page does not depend on charts at hand."""
    vaults = {each.vault for each in places}
    for cluster in facts:
        found = {
            f"`{read.owned.manifest.id.namespace}/{read.owned.manifest.id.name}`"
            for read in cluster.view(remote.reads)
            if read.owned.unit.id.group == KUSTOMIZE_GROUP
            and read.item == title
            and (read.vaults is None or read.vaults & vaults)
        }
        if found:
            yield f"Read in {cluster.cluster.name} by {', '.join(sorted(found))}."


def _by_hand(item: Item) -> Iterator[str]:
    if item.by_hand:
        name = item.by_hand.rpartition("/")[2]
        yield f"Put where it belongs by hand: [{name}](../../{item.by_hand})."
