"""`gitops power`: what goes down and up, in which order, and doing it."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable

import msgspec

from gitops.bootstrap import journal
from gitops.bootstrap.journal import Journal
from gitops.bootstrap.running import Event, Finished, Interrupted, Outcome, Ports, Stopped
from gitops.bootstrap.step import Plan
from gitops.check.index import Index
from gitops.cli import arguments, compose, operating
from gitops.errors import UsageError
from gitops.model.estate import Estate
from gitops.power import carrying, groups, nas, order, outage
from gitops.power.carrying import Care, Carried, Haste, Manner
from gitops.power.groups import Group
from gitops.power.outage import Watch
from gitops.sources import clock, programs, statedir
from gitops.ui import steps

_DESCRIPTION = (
    "Shut clusters and NAS down in order, or start them, as fleet.yaml and the compiled clusters "
    "say (plan: print both ways). What was done before is not done again."
)


class _Estate(msgspec.Struct, frozen=True):
    """The facts, and the groups that were asked for."""

    facts: Estate
    groups: tuple[Group, ...]


def run(given: list[str]) -> int:
    """Print or carry out; 1 when a step failed, 130 when a person ended it."""
    options = _parse(given)
    estate = _estate(options)
    if options.what == "plan" or options.dry_run:
        return _show(estate, options)
    if options.what == "up":
        return _up(estate, options)
    return _follow(estate, options) if options.on_battery else _down(estate, options)


def _parse(given: list[str]) -> Namespace:
    parser = arguments.parser("power", _DESCRIPTION)
    parser.add_argument("what", choices=("plan", "down", "up"), help="what to do")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"clusters, or {nas.NAME}")
    arguments.add_compile(parser)
    group = parser.add_argument_group("what is done")
    group.add_argument("--dry-run", action="store_true", help="print the plan, and do nothing")
    group.add_argument(
        "--on-battery",
        action="store_true",
        help="down: each when the UPS has less time left than fleet.yaml says, until the mains are "
        "back; what fails is passed over",
    )
    group.add_argument(
        "--go-on", action="store_true", help="down: pass over what fails, to the last machine"
    )
    arguments.add_json(group)
    options = parser.parse_args(given)
    if options.what != "down" and (options.on_battery or options.go_on):
        raise UsageError("--on-battery and --go-on are about going down")
    return options


def _estate(options: Namespace) -> _Estate:
    """Every cluster is compiled, whichever are asked for: they decide what stops when."""
    wanted = options.groups
    options.clusters = []
    compiled = compose.compiled(options)
    facts = operating.estate(compiled.tree)
    orders = {each.name: order.of(Index(each)) for each in compiled.fleet.clusters}
    folders = {name: operating.folder(facts, name) for name in facts.clusters}
    found = groups.of(facts, orders, folders)
    unknown = sorted(set(wanted) - {each.name for each in found})
    if unknown:
        known = ", ".join(each.name for each in found)
        raise UsageError(f"there is no {', '.join(unknown)}; there are {known}")
    return _Estate(facts, groups.chosen(found, wanted))


def _show(estate: _Estate, options: Namespace) -> int:
    ways = {
        "down": [each.down for each in estate.groups],
        "up": [each.up for each in reversed(estate.groups)],
    }
    chosen = ways if options.what == "plan" else {options.what: ways[options.what]}
    if options.json:
        print(msgspec.json.encode(chosen).decode())
        return 0
    for way, plans in chosen.items():
        for each in plans:
            sys.stdout.write(f"# {each.cluster} {way}\n")
            sys.stdout.writelines(steps.plan(each))
    return 0


def _down(estate: _Estate, options: Namespace) -> int:
    seconds = groups.seconds(estate.groups, estate.facts)
    for each in estate.groups:
        manner: Manner = Haste(seconds[each.name]) if options.go_on else Care()
        code = _take_down(each, manner, options)
        if code:
            return code
    return 0


def _up(estate: _Estate, options: Namespace) -> int:
    for each in reversed(estate.groups):
        place = _place(each)
        _forget(place, each.down)
        code = _ended(_carry_out(each.up, Care(), place, options))
        if code:
            return code
        _forget(place, each.up)
    return 0


def _follow(estate: _Estate, options: Namespace) -> int:
    """What is down already stays so, should this process have been started anew."""
    seconds = groups.seconds(estate.groups, estate.facts)
    left = [each for each in estate.groups if not each.is_down(_held(each))]
    watch = Watch(
        runner=_programs(options, ()),
        clock=clock.Clock(),
        take_down=lambda each: _passed_over(_take_down(each, Haste(seconds[each.name]), options)),
        tell=lambda words: print(words, flush=True),
    )
    ended = outage.follow(left, estate.facts.power.ups.shutdown_below, watch)
    down = ", ".join(ended.down) or "nothing"
    print(f"the mains are back; {down} went down. `gitops power up` starts it again")
    return 0


def _passed_over(code: int) -> None:
    """Whatever became of one group, the next one has its time, too; Ctrl-C ends all of it."""
    if code == operating.INTERRUPTED:
        raise KeyboardInterrupt


def _take_down(each: Group, manner: Manner, options: Namespace) -> int:
    place = _place(each)
    _forget(place, each.up)
    return _ended(_carry_out(each.down, manner, place, options))


def _carry_out(plan: Plan, manner: Manner, place: str, options: Namespace) -> Carried:
    statedir.make(place)
    descriptor = statedir.lock(place)
    try:
        ports = Ports(
            runner=_programs(options, (descriptor,)),
            clock=clock.Clock(),
            keeper=statedir.Journal(place, plan.name),
            tell=_teller(plan, options),
        )
        return carrying.carry_out(plan, ports, manner)
    finally:
        os.close(descriptor)


def _teller(plan: Plan, options: Namespace) -> Callable[[Event], None]:
    if options.json:
        return lambda event: print(steps.event(event), flush=True)
    terminal = sys.stdout.isatty()
    return steps.Progress(_written, terminal=terminal, count=len(plan.steps)).tell


def _written(words: str) -> None:
    sys.stdout.write(words)
    sys.stdout.flush()


def _programs(options: Namespace, keep: tuple[int, ...]) -> programs.Programs:
    own = (sys.executable, "-P", "-m", "gitops")
    return programs.Programs(compose.repository(options.repo), own, keep)


def _ended(carried: Carried) -> int:
    for failed in carried.failed:
        _tell(f"{failed.step.name} failed: {failed.reason}\n  next: {failed.remedy}")
    if carried.left_out:
        _tell(f"left out, for want of time: {', '.join(carried.left_out)}")
    return _code(carried.outcome, failed=bool(carried.failed))


def _code(outcome: Outcome, *, failed: bool) -> int:
    match outcome:
        case Finished():
            return int(failed)
        case Stopped(step, reason, remedy):
            _tell(f"stopped at {step.name}: {reason}\n  next: {remedy}")
            return 1
        case Interrupted(step):
            _tell(f"interrupted at {step.name}; the same command goes on from there")
            return operating.INTERRUPTED


def _place(each: Group) -> str:
    """Where the journals of a group are; what is done of a cluster otherwise has its own."""
    return os.path.join(statedir.folder(os.environ), "power", each.name)


def _held(each: Group) -> Journal:
    return journal.read(statedir.Journal(_place(each), each.down.name), each.down.name)


def _forget(place: str, plan: Plan) -> None:
    """The way back begins: the next time, everything is done anew."""
    statedir.make(place)
    kept = statedir.Journal(place, plan.name)
    if kept.load() is not None:
        kept.save(msgspec.json.encode(Journal(plan.name)))


def _tell(words: str) -> None:
    print(words, file=sys.stderr)
