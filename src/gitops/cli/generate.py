"""`gitops generate`: derive files from the facts of the estate."""

import sys
from argparse import Namespace

import msgspec

from gitops.check import building
from gitops.cli import arguments, compose
from gitops.errors import UsageError
from gitops.estate import loading
from gitops.generate import derived
from gitops.model.build import Fleet
from gitops.model.finding import Finding, Severity
from gitops.sources import rewriting
from gitops.sources.disk import DiskTree
from gitops.ui import json, text

_DESCRIPTION = "Derive the settings of clusters and the values of their bootstrap from fleet.yaml."


def run(given: list[str]) -> int:
    """Write what is stale, or name it with `--check`; 1 when a fact is wrong or a file is stale."""
    parser = arguments.parser("generate", _DESCRIPTION)
    parser.add_argument("--repo", default=".", metavar="DIR", help="the repository (default: .)")
    parser.add_argument("--check", action="store_true", help="write nothing, name what is stale")
    arguments.add_json(parser)
    options = parser.parse_args(given)
    root = compose.repository(options.repo)
    tree = DiskTree(root)
    if not loading.exists(tree):
        raise UsageError(f"{root} has no {loading.PATH}, from which files are derived")
    loaded, mistakes = loading.load(tree)
    if loaded is None or mistakes:
        return _report(mistakes, options)
    files = derived.files(loaded.estate)
    if options.check:
        return _report(tuple(derived.stale(tree, files, loading.PATH)), options)
    return _written(rewriting.write(root, files), options)


def _report(mistakes: tuple[Finding, ...], options: Namespace) -> int:
    fleet, found = Fleet(()), building.ordered(mistakes)
    if options.json:
        sys.stdout.writelines(json.report(fleet, found))
    else:
        sys.stdout.writelines(text.report(fleet, found, colour=sys.stdout.isatty()))
    return int(any(each.severity is Severity.ERROR for each in found))


def _written(paths: tuple[str, ...], options: Namespace) -> int:
    if options.json:
        print(msgspec.json.encode({"written": paths}).decode())
    else:
        sys.stdout.writelines(f"written {path}\n" for path in paths)
    return 0
