"""Whether the repository holds the configurations of its network."""

from collections.abc import Iterator

from gitops.cli import late
from gitops.model.estate import Estate
from gitops.model.finding import Finding
from gitops.sources.tree import Kind, SourceTree

_FOLDER, _SOURCE = "network", "fleet.yaml"


def stale(tree: SourceTree, estate: Estate) -> Iterator[Finding]:
    """Where it holds something else than the facts give. A repository without the folder
    configures its network elsewhere."""
    if tree.kind(_FOLDER) is Kind.FOLDER:
        files = late.load("gitops.network.rendered", "files")(estate)
        command = late.load("gitops.network.rendered", "COMMAND")
        yield from late.load("gitops.generate.derived", "stale")(tree, files, _SOURCE, command)
