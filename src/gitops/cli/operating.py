"""What verbs that change machines and clusters share: facts, a journal, and carrying a plan out."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable

import msgspec

from gitops.bootstrap import gathering, journal, running
from gitops.bootstrap.facts import Facts
from gitops.bootstrap.running import Event, Finished, Interrupted, Outcome, Ports, Stopped
from gitops.bootstrap.step import Phase, Plan
from gitops.check.index import Index
from gitops.cli import arguments, compose, handover
from gitops.cli.arguments import Parser
from gitops.errors import ToolError, UsageError
from gitops.estate import loading
from gitops.model.estate import Estate
from gitops.sources import clock, process, programs, statedir
from gitops.sources.tree import SourceTree
from gitops.ui import steps

INTERRUPTED = 130

_OWN = (sys.executable, "-P", "-m", "gitops")
"""How this program is started by itself."""


def add_options(parser: Parser) -> None:
    """Which cluster, and how much is done."""
    parser.add_argument("clusters", nargs=1, metavar="CLUSTER", help="the cluster")
    arguments.add_compile(parser)
    group = parser.add_argument_group("what is done")
    group.add_argument("--dry-run", action="store_true", help="print the plan, and do nothing")
    arguments.add_json(group)


def add_phases(parser: Parser) -> None:
    """Where to begin and to end."""
    choices = tuple(Phase)
    group = parser.add_argument_group("which phases")
    group.add_argument("--from", dest="first", choices=choices, metavar="PHASE", help="begin there")
    group.add_argument("--to", dest="last", choices=choices, metavar="PHASE", help="end after it")


def estate(tree: SourceTree) -> Estate:
    """The facts of the estate. Raises UsageError where there are none, ToolError where wrong."""
    if not loading.exists(tree):
        raise UsageError(
            f"the repository has no {loading.PATH}, which says what machines there are"
        )
    loaded, mistakes = loading.load(tree)
    if loaded is None or mistakes:
        at = mistakes[0].at
        raise ToolError(f"{at.path}:{at.line}: {mistakes[0].message}")
    return loaded.estate


def folder(found: Estate, cluster: str) -> str:
    """Where this machine keeps what it knows of a cluster. Raises UsageError for unknown ones."""
    if cluster not in found.clusters:
        known = ", ".join(found.clusters)
        raise UsageError(f"{loading.PATH} has no cluster {cluster}; there are {known}")
    return os.path.join(statedir.folder(os.environ), found.clusters[cluster].api.host)


def facts(options: Namespace) -> Facts:
    """What a plan for the cluster is made from."""
    (name,) = options.clusters
    compiled = compose.compiled(options)
    found = estate(compiled.tree)
    place = folder(found, name)
    index = Index(compiled.fleet.clusters[0])
    held = handover.loaded(compiled)
    return gathering.gather(index, held, found, compiled.tree, place)


def perform(plan: Plan, options: Namespace, place: str, *, forget: tuple[str, ...] = ()) -> int:
    """Print the plan, or carry it out: 0 when all was done, 1 when a step failed. Then the journals
    `forget` are over."""
    if options.dry_run:
        return _show(plan, options)
    statedir.make(place)
    keep = statedir.lock(place)
    kept = statedir.Journal(place, plan.name)
    ports = Ports(
        runner=programs.Programs(compose.repository(options.repo), _OWN, (keep,)),
        clock=clock.Clock(),
        keeper=kept,
        tell=_teller(plan, options),
    )
    outcome = running.run(plan, ports)
    for name in forget if isinstance(outcome, Finished) else ():
        journal.forget(statedir.Journal(place, name), name)
    return _ended(outcome, kept.path, options)


def revision(root: str) -> str:
    """The commit that is checked out. Raises ProcessFailed where there is none."""
    return process.run(["git", "-C", root, "rev-parse", "HEAD"]).decode().strip()


def runner(options: Namespace) -> programs.Programs:
    """Programs that only look: nobody has to be kept out."""
    return programs.Programs(compose.repository(options.repo), _OWN)


def chosen(plan: Plan, options: Namespace, place: str) -> Plan:
    """The steps of the phases that were asked for. Raises UsageError when phases are left out whose
    steps were never done."""
    names = list(plan.phases)
    for each in (options.first, options.last):
        if each and each not in names:
            raise UsageError(f"there is no phase {each}; there are {', '.join(names)}")
    first = names.index(options.first) if options.first else 0
    last = names.index(options.last) if options.last else len(names) - 1
    wanted = tuple(step for step in plan.steps if first <= names.index(step.phase) <= last)
    before = next((at for at, each in enumerate(plan.steps) if wanted and each is wanted[0]), 0)
    held = journal.read(statedir.Journal(place, plan.name), plan.name)
    missing = [step.name for step in running.undone(plan, before, held)]
    if missing and not options.dry_run:
        raise UsageError(f"--from {options.first} leaves out what was never done: {missing[0]}")
    return msgspec.structs.replace(plan, steps=wanted)


def _show(plan: Plan, options: Namespace) -> int:
    if options.json:
        print(msgspec.json.encode(plan).decode())
    else:
        sys.stdout.writelines(steps.plan(plan))
    return 0


def _teller(plan: Plan, options: Namespace) -> Callable[[Event], None]:
    if options.json:
        return lambda event: print(steps.event(event), flush=True)
    terminal = sys.stdout.isatty()
    return steps.Progress(_written, terminal=terminal, count=len(plan.steps)).tell


def _written(words: str) -> None:
    sys.stdout.write(words)
    sys.stdout.flush()


def _ended(outcome: Outcome, path: str, options: Namespace) -> int:
    if options.json:
        print(steps.outcome(outcome))
    match outcome:
        case Finished():
            return 0
        case Stopped(step, reason, remedy):
            _tell(f"\nstopped at {step.name}: {reason}\n  next: {remedy}\n  journal: {path}")
            return 1
        case Interrupted(step):
            _tell(f"\ninterrupted at {step.name}; the same command goes on from there")
            return INTERRUPTED


def _tell(words: str) -> None:
    print(words, file=sys.stderr)
