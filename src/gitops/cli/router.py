"""`gitops network diff` and `apply`: the router's configuration, against the router."""

import os
import sys
from argparse import Namespace
from contextlib import closing
from typing import Protocol

import msgspec

from gitops.cli import late
from gitops.errors import PathError, UsageError
from gitops.model.estate import Estate
from gitops.network import applying, bgp
from gitops.network.applying import Applied, Device, Plan, Refused, Unconfirmed
from gitops.network.junos import compare, router, statements
from gitops.network.junos.compare import Difference
from gitops.network.junos.statements import Malformed, Statement
from gitops.sources import clock
from gitops.sources.disk import DiskTree


class Router(Device, Protocol):
    """A router that can be asked what is in force, too."""

    def running(self) -> str: ...
    def close(self) -> None: ...


def diff(options: Namespace, estate: Estate) -> int:
    """Print what the router would be told; 1 when that is something."""
    if options.running:
        return _shown(_difference(_file(options.running), options.running, estate), options)
    with closing(_session(options, estate)) as session:
        found = _difference(session.running(), _host(options, estate), estate)
    return _shown(found, options)


def apply(options: Namespace, estate: Estate) -> int:
    """Tell the router, and let it go back unless all sessions are up again; 1 when they are not."""
    with closing(_session(options, estate)) as session:
        found = _difference(session.running(), _host(options, estate), estate)
        if options.renew_password:
            found = msgspec.structs.replace(found, set=(*found.set, *_passwords(estate, found)))
        _shown(found, options)
        if not found or not _agreed(options):
            return 0 if not found else 1
        plan = Plan(_resolved(found), frozenset(_neighbours(estate)), options.minutes)
        outcome = applying.apply(session, plan, clock.Clock(), _told)
    match outcome:
        case Applied(sessions):
            print(f"confirmed: {len(sessions)} BGP sessions are up as before")
            return 0
        case Refused(reason):
            print(f"refused, nothing changed: {reason}")
        case Unconfirmed(reason, minutes):
            print(f"not confirmed: {reason}; in {minutes} min the router is as it was")
    return 1


def _told(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def _host(options: Namespace, estate: Estate) -> str:
    """Where the router is managed, unless somebody says otherwise."""
    return options.router or str(estate.vlans[estate.management].gateway)


def _session(options: Namespace, estate: Estate) -> Router:
    session: Router = late.load("gitops.sources.netconf", "Session")(_host(options, estate))
    return session


def _file(path: str) -> str:
    folder, name = os.path.split(os.path.abspath(path))
    try:
        return DiskTree(folder).read(name).decode(errors="replace")
    except PathError as cause:
        raise UsageError(str(cause)) from cause


def _difference(running: str, name: str, estate: Estate) -> Difference:
    held = statements.read(running)
    if isinstance(held, Malformed):
        hint = "`show configuration | display set` prints what is expected"
        raise UsageError(f"{name}:{held.line}: {held.reason}; {hint}")
    return compare.between(held, router.statements(estate))


def _shown(found: Difference, options: Namespace) -> int:
    if options.json:
        print(msgspec.json.encode({"lines": found.lines}).decode())
    elif found:
        sys.stdout.writelines(f"{line}\n" for line in found.lines)
    else:
        print("the router is what fleet.yaml says")
    return int(bool(found))


def _agreed(options: Namespace) -> bool:
    """Somebody who sees the lines has said yes."""
    if options.yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError("nobody is there to be asked: say --yes")
    return input("Apply these lines to the router? Type yes: ").strip() == "yes"


def _passwords(estate: Estate, found: Difference) -> list[Statement]:
    wanted = router.statements(estate)
    return [each for each in wanted if each[-1] == bgp.PASSWORD and each not in found.set]


def _neighbours(estate: Estate) -> list[str]:
    speaker = bgp.of(estate)
    return [str(node.address) for group in speaker.groups for node in group.neighbours]


def _resolved(found: Difference) -> tuple[str, ...]:
    """The lines with what references stand for: from here on they are shown to nobody."""
    read = late.load("gitops.sources.onepassword.references", "read")
    names = sorted({word for each in found.set for word in each if word.startswith("op://")})
    values = {name: read(name) for name in names}
    gone = (statements.show(each, "delete") for each in found.delete)
    filled = (tuple(values.get(word, word) for word in each) for each in found.set)
    return (*gone, *map(statements.show, filled))
