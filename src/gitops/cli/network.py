"""`gitops network`: configurations of router, switches and names, and the router's way onto it."""

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence

import msgspec

from gitops.check import building
from gitops.cli import arguments, compose, judging, networking, router
from gitops.errors import UsageError
from gitops.estate import loading
from gitops.estate.loading import Loaded
from gitops.model.build import Fleet
from gitops.model.estate import Estate
from gitops.model.finding import Finding, Severity
from gitops.network import rendered
from gitops.sources import rewriting
from gitops.sources.disk import DiskTree
from gitops.ui import json, text

_DESCRIPTION = "Configure router, switches and internal DNS from fleet.yaml."

_AREAS = ("address/", "bgp/", "estate/", "network/")
"""What `check` tells of; all else is told by `gitops check`."""


def run(given: list[str]) -> int:
    """Run one of the actions; 1 when something is wrong, differs, or was taken back."""
    options = _parse(given)
    acts = {"render": _render, "check": _check, "diff": _diff, "apply": _apply}
    return acts[options.action](options)


def _parse(given: list[str]) -> Namespace:
    parser = arguments.parser("network", _DESCRIPTION)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    rendering = actions.add_parser("render", help="write all configurations")
    rendering.add_argument("--check", action="store_true", help="write nothing, name what is stale")
    rendering.add_argument("--repo", default=".", metavar="DIR", help="the repository (default: .)")
    checking = actions.add_parser("check", help="hold the router against the clusters")
    arguments.add_compile(checking)
    checking.set_defaults(clusters=(), require_schemas=False, today=None)
    comparing = actions.add_parser("diff", help="hold the router against its configuration")
    comparing.add_argument("--running", metavar="FILE", help="what `display set` printed, instead")
    applying = actions.add_parser("apply", help="tell the router, look, and confirm")
    applying.add_argument("--yes", action="store_true", help="do not ask")
    applying.add_argument(
        "--minutes", type=int, default=5, choices=range(2, 61), metavar="N", help="time to confirm"
    )
    applying.add_argument(
        "--renew-password", action="store_true", help="set the BGP password though one is there"
    )
    for action in (comparing, applying):
        action.add_argument("--router", metavar="HOST", help="as SSH knows it")
        action.add_argument(
            "--repo", default=".", metavar="DIR", help="the repository (default: .)"
        )
    for action in actions.choices.values():
        arguments.add_json(action)
    return parser.parse_args(given)


def _render(options: Namespace) -> int:
    root = compose.repository(options.repo)
    tree = DiskTree(root)
    loaded, mistakes = facts(tree, root)
    if loaded is None or mistakes:
        return _report(mistakes, options)
    if options.check:
        return _report(tuple(networking.stale(tree, loaded.estate)), options)
    written = rewriting.write(root, rendered.files(loaded.estate))
    if options.json:
        print(msgspec.json.encode({"written": written}).decode())
    else:
        sys.stdout.writelines(f"written {path}\n" for path in written)
    return 0


def facts(tree: DiskTree, root: str) -> tuple[Loaded | None, tuple[Finding, ...]]:
    """The estate of a repository that has one."""
    if not loading.exists(tree):
        raise UsageError(f"{root} has no {loading.PATH}, from which files are derived")
    return loading.load(tree)


def _diff(options: Namespace) -> int:
    return _with_router(options, router.diff)


def _apply(options: Namespace) -> int:
    return _with_router(options, router.apply)


def _with_router(options: Namespace, act: Callable[[Namespace, Estate], int]) -> int:
    """What is wrong in the facts never reaches the router."""
    root = compose.repository(options.repo)
    loaded, mistakes = facts(DiskTree(root), root)
    if loaded is None or mistakes:
        return _report(mistakes, options)
    return act(options, loaded.estate)


def _check(options: Namespace) -> int:
    """Of a whole check, what is about the network: the same rules, and the same answers."""
    found = judging.judge(compose.compiled(options), options).findings
    return _report([each for each in found if _is_ours(each)], options)


def _is_ours(found: Finding) -> bool:
    stale = found.rule == "generate/stale" and rendered.COMMAND in found.hint
    return stale or found.rule.startswith(_AREAS)


def _report(mistakes: Sequence[Finding], options: Namespace) -> int:
    fleet, found = Fleet(()), building.ordered(mistakes)
    if options.json:
        sys.stdout.writelines(json.report(fleet, found))
    else:
        sys.stdout.writelines(text.report(fleet, found, colour=sys.stdout.isatty()))
    return int(any(each.severity is Severity.ERROR for each in found))
