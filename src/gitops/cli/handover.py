"""`gitops handover`: what Helmfile installs before Flux, as Flux will own it."""

import sys

import msgspec

from gitops.bootstrap import handover
from gitops.check.index import Index
from gitops.cli import arguments, compose
from gitops.cli.compose import Compiled
from gitops.errors import ToolError, UsageError
from gitops.estate import helmfiles
from gitops.estate.helmfiles import Loaded
from gitops.sources import rewriting

_DESCRIPTION = (
    "Print chart, version and values of each release that bootstrap/helmfile.d installs, compiled "
    "from the files that Flux reads. Helmfile runs this."
)


def run(given: list[str]) -> int:
    """Print what one cluster hands over, or write the files of values of all."""
    parser = arguments.parser("handover", _DESCRIPTION)
    arguments.add_clusters(parser)
    arguments.add_compile(parser)
    group = parser.add_argument_group("what is printed")
    arguments.add_json(group)
    group.add_argument(
        "--write", action="store_true", help="write the files of values in bootstrap/clusters/"
    )
    options = parser.parse_args(given)
    if not options.write and len(options.clusters) != 1:
        raise UsageError("name one cluster, or --write")
    compiled = compose.compiled(options)
    held = loaded(compiled)
    indexes = tuple(Index(cluster) for cluster in compiled.fleet.clusters)
    if options.write:
        return _write(compose.repository(options.repo), indexes, held)
    (facts,) = indexes
    if options.json:
        print(msgspec.json.encode(handover.mapping(facts, held)).decode())
    else:
        sys.stdout.write(handover.text(facts, held))
    return 0


def loaded(compiled: Compiled) -> Loaded:
    """What the repository installs before Flux. Raises UsageError where it does not say."""
    if not helmfiles.exists(compiled.tree):
        raise UsageError(f"the repository has no {helmfiles.FOLDER}")
    held, mistakes = helmfiles.load(compiled.tree)
    if held is None:
        raise ToolError(f"{mistakes[0].at.path}: {mistakes[0].message}")
    return held


def _write(root: str, indexes: tuple[Index, ...], held: Loaded) -> int:
    files = {path: text for each in indexes for path, text in handover.files(each, held).items()}
    sys.stdout.writelines(f"written {path}\n" for path in rewriting.write(root, files))
    return 0
