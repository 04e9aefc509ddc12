"""1Password through `op`, its command, with the rights of the person who is signed in.

Source: 1Password CLI 2 reference: `op vault list`, `op item list`, `op item get`, `--format json`.
"""

from collections.abc import Mapping

from gitops.errors import KeeperError, ProcessFailed
from gitops.model.holding import Fields, Title
from gitops.sources import process
from gitops.sources.onepassword import answers

_TIMEOUT = 60


class Command:
    """The command `op`."""

    name = "op"

    def vaults(self) -> Mapping[str, str]:
        """The ids of all vaults that the person may see, by name."""
        return answers.vaults(_op("vault", "list"), self.name)

    def titles(self, vault: str) -> tuple[Title, ...]:
        """The items of a vault."""
        return answers.titles(_op("item", "list", "--vault", vault), self.name)

    def fields(self, vault: str, item: str) -> Fields:
        """The fields and files of an item."""
        return answers.fields(_op("item", "get", item, "--vault", vault), self.name)


def _op(*arguments: str) -> bytes:
    try:
        return process.run(("op", *arguments, "--format", "json"), timeout=_TIMEOUT)
    except ProcessFailed as cause:
        raise KeeperError(f"{cause}; `op signin` opens the vaults to `op`") from None
