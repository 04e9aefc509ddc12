"""A list of secrets for two clusters, named one and two."""

from gitops.estate import vault
from gitops.estate.vault import Loaded
from gitops.sources.tree import MemoryTree

TEXT = """\
---
vaults:
  one: the cluster one
  two: the cluster two
  shared: both clusters
  operator: people
references:
  - bootstrap
items:
  database:
    vault: each
    purpose: the database
    fields:
      password:
        made: by 1Password
        recipe: letters,digits,32
        rotate: change it
  mail:
    vault: shared
    purpose: the mail server
    fields:
      password:
        made: by the mail provider
        rotate: change it there
      user:
        made: by the mail provider
        rotate: never
  router:
    vault: operator
    purpose: the router
    by-hand: docs/router.md
    fields:
      password:
        made: by 1Password
        rotate: change it
"""

FILES = {vault.PATH: TEXT, "docs/router.md": "The password of the item `router`.\n"}


def loaded(files: dict[str, str] | None = None) -> Loaded:
    """The list of a repository in which nothing is wrong, with more files."""
    found, findings = vault.load(MemoryTree({**FILES, **(files or {})}))
    assert findings == ()
    assert found is not None
    return found


def line(words: str) -> int:
    """The number of the first line that holds these words."""
    return TEXT[: TEXT.index(words)].count("\n") + 1
