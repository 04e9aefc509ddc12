"""`gitops secrets`: what 1Password must hold, and whether it does."""

import os
import sys
from argparse import Namespace

import msgspec

from gitops.cli import arguments, compose
from gitops.errors import UsageError
from gitops.estate import loading, vault
from gitops.estate.vault import Loaded
from gitops.model.build import Fleet
from gitops.model.finding import Finding
from gitops.model.holding import Keeper
from gitops.secrets import verification, wanted
from gitops.secrets.wanted import Wanted
from gitops.sources.disk import DiskTree
from gitops.sources.onepassword import connect
from gitops.sources.onepassword.command import Command
from gitops.ui import json, text
from gitops.ui import vault as view

_DESCRIPTION = (
    "Tell what 1Password must hold by secrets/vault.yaml (plan), and whether it does (verify). "
    "Names are asked for and printed, values never are."
)


class _Asked(msgspec.Struct, frozen=True):
    """The list, and what of it is looked at."""

    listed: Loaded
    wanted: tuple[Wanted, ...]


def run(given: list[str]) -> int:
    """Print the plan, or what is missing; 1 when something is."""
    options = _parse(given)
    asked, mistakes = _asked(options)
    if asked is None or mistakes:
        return _report(mistakes, options)
    if options.what == "verify":
        return _report(_missing(asked, _keeper(options.keeper or "connect")), options)
    missing = _missing(asked, _keeper(options.keeper)) if options.keeper else ()
    known = bool(options.keeper)
    if options.json:
        sys.stdout.write(view.json(asked.wanted, missing, known))
    else:
        sys.stdout.writelines(view.plan(asked.wanted, missing, known))
    return 0


def _parse(given: list[str]) -> Namespace:
    parser = arguments.parser("secrets", _DESCRIPTION)
    parser.add_argument("what", choices=("plan", "verify"), help="what to do")
    parser.add_argument("--repo", default=".", metavar="DIR", help="the repository (default: .)")
    parser.add_argument(
        "--vault", action="append", default=[], metavar="NAME", help="only this; may be repeated"
    )
    parser.add_argument(
        "--from",
        dest="keeper",
        choices=("connect", "op"),
        help=f"who is asked: 1Password Connect at {connect.HOST} with {connect.TOKEN}, or `op` "
        "(verify: connect)",
    )
    arguments.add_json(parser)
    return parser.parse_args(given)


def _asked(options: Namespace) -> tuple[_Asked | None, tuple[Finding, ...]]:
    root = compose.repository(options.repo)
    tree = DiskTree(root)
    for path, is_there in ((vault.PATH, vault.exists(tree)), (loading.PATH, loading.exists(tree))):
        if not is_there:
            raise UsageError(f"{root} has no {path}, which says what 1Password must hold")
    listed, mistakes = vault.load(tree)
    estate, others = loading.load(tree)
    if listed is None or estate is None:
        return None, (*mistakes, *others)
    unknown = sorted(set(options.vault) - set(listed.vault.vaults))
    if unknown:
        known = ", ".join(sorted(listed.vault.vaults))
        raise UsageError(f"no vault {', '.join(unknown)} in {vault.PATH}; there are {known}")
    found = wanted.within(wanted.of(listed.vault, estate.estate.clusters), options.vault)
    return _Asked(listed, found), (*mistakes, *others)


def _keeper(name: str) -> Keeper:
    return Command() if name == "op" else connect.from_environment(os.environ)


def _missing(asked: _Asked, keeper: Keeper) -> tuple[Finding, ...]:
    held = verification.look(keeper, asked.wanted)
    return tuple(verification.findings(asked.wanted, held, asked.listed))


def _report(found: tuple[Finding, ...], options: Namespace) -> int:
    if options.json:
        sys.stdout.writelines(json.report(Fleet(()), found))
    else:
        sys.stdout.writelines(text.report(Fleet(()), found, colour=sys.stdout.isatty()))
    return int(bool(found))
