"""`gitops teardown`: a cluster becomes machines without a configuration again."""

import sys
from argparse import Namespace

from gitops.bootstrap import dismantling
from gitops.cli import arguments, operating
from gitops.errors import UsageError

_DESCRIPTION = (
    "Wipe every node of a cluster, and everything that it stored. Asks twice; without a terminal, "
    "--wipe has to name the cluster."
)


def run(given: list[str]) -> int:
    """Carry the plan out, if somebody means it; 1 when a step failed."""
    parser = arguments.parser("teardown", _DESCRIPTION)
    operating.add_options(parser)
    parser.add_argument("--wipe", metavar="CLUSTER", help="the name again, instead of asking")
    options = parser.parse_args(given)
    if not options.dry_run:
        _confirm(options)
    facts = operating.facts(options)
    plan = dismantling.plan(facts)
    over = (plan.name, f"bootstrap-{facts.name}")
    return operating.perform(plan, options, facts.folder, forget=over)


def _confirm(options: Namespace) -> None:
    """Return when the cluster was named twice. Raises UsageError when it was not."""
    (name,) = options.clusters
    if options.wipe is not None:
        if options.wipe != name:
            raise UsageError(f"--wipe names {options.wipe}, and the cluster is {name}")
        return
    if not sys.stdin.isatty():
        raise UsageError(f"nobody can be asked here: --wipe {name} says that it is meant")
    for wanted, question in (
        (name, f"Everything that {name} stored will be lost. Which cluster is to be wiped? "),
        (f"wipe {name}", f"Really? Then type `wipe {name}`: "),
    ):
        print(question, end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip() != wanted:
            raise UsageError("that was something else; nothing was done")
