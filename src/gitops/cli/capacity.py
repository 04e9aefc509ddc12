"""`gitops capacity`: what the pods of each cluster ask for, against its machines."""

import os
import sys

from gitops.check.index import Index
from gitops.check.knowledge import Knowledge
from gitops.check.platform.capacity import plan
from gitops.cli import arguments, compose
from gitops.errors import UsageError
from gitops.estate import loading
from gitops.ui import capacity

_DESCRIPTION = (
    "Add up what the pods of each cluster ask for, and tell whether all of them find room when one "
    "machine is lost. The machines are those of fleet.yaml."
)


def run(given: list[str]) -> int:
    """Print the tables; 1 when the pods of a cluster do not find room."""
    parser = arguments.parser("capacity", _DESCRIPTION)
    arguments.add_clusters(parser)
    arguments.add_compile(parser)
    arguments.add_json(parser)
    options = parser.parse_args(given)
    compiled = compose.compiled(options)
    known = loading.load(compiled.tree)[0] if loading.exists(compiled.tree) else None
    knowledge = Knowledge(estate=known)
    found = [plan.of(Index(cluster, knowledge)) for cluster in compiled.fleet.clusters]
    plans = [each for each in found if each is not None]
    if not plans:
        root = os.path.abspath(options.repo)
        raise UsageError(f"no machines are known of these clusters: {root} has no fleet.yaml")
    sys.stdout.writelines(capacity.json(plans) if options.json else capacity.tables(plans))
    return int(any(each.homeless or each.crowded for each in plans))
