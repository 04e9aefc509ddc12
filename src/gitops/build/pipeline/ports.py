"""What the compiler needs from outside: everything with an effect comes in through here."""

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from gitops.build.pipeline.copies import Copies
from gitops.build.pipeline.locks import Locks
from gitops.build.pipeline.results import Store
from gitops.build.pipeline.work import Builder, Finisher, Patcher
from gitops.model.chart import ChartStore, StoredChart
from gitops.model.render import ChartRenderer
from gitops.sources.age import Keyring
from gitops.sources.recording import Digests
from gitops.sources.tree import SourceTree


class Packer(Protocol):
    """Keeps charts that lie in the repository where a renderer can read them."""

    def pack(self, chart: SourceTree, address: str) -> StoredChart:
        """The chart whose folder is the root of the tree. Raises ChartError when it is none."""


def _untold(done: int, total: int, what: str) -> None:
    """For whoever does not want to be told."""


class Ports(msgspec.Struct, frozen=True):
    """`tree` is the repository and `digests` its memory; `locks` are those of each cluster by path;
    `remotes` gives the addresses of the repository's remotes; `program` tells this program from
    others that use the same cache; `told` hears of each unit as it is done."""

    tree: SourceTree
    digests: Digests
    cache: Store
    renders: ChartRenderer
    charts: ChartStore
    packer: Packer
    copies: Copies
    locks: Locks
    keyring: Keyring
    builder: Builder
    finisher: Finisher
    patcher: Patcher
    remotes: Callable[[], Sequence[str]]
    program: str
    told: Callable[[int, int, str], None] = _untold
