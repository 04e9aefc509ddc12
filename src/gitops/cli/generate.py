"""`gitops generate`: derive files from the facts of the estate."""

import sys
from argparse import Namespace

import msgspec

from gitops.check import building, index
from gitops.cli import arguments, compose, deriving
from gitops.errors import UsageError
from gitops.estate import loading
from gitops.generate import derived
from gitops.model.build import Fleet
from gitops.model.finding import Finding, Severity
from gitops.sources import rewriting
from gitops.sources.disk import DiskTree
from gitops.ui import json, text

_DESCRIPTION = (
    "Derive the settings of clusters, the values of their bootstrap and the inventory from "
    "fleet.yaml and the compiled clusters."
)


def run(given: list[str]) -> int:
    """Write what is stale, or name it with `--check`; 1 when a fact is wrong or a file is stale."""
    options = _parse(given)
    root = compose.repository(options.repo)
    tree = DiskTree(root)
    if not loading.exists(tree):
        raise UsageError(f"{root} has no {loading.PATH}, from which files are derived")
    loaded, mistakes = loading.load(tree)
    if loaded is None or mistakes:
        return _report(mistakes, options)
    if options.check:
        fleet = compose.compile_repository(options)
        stale = derived.stale_of(tree, loaded, fleet)
        return _report((*stale, *deriving.stale(tree, loaded, index.of_fleet(fleet))), options)
    # Clusters are compiled with the settings that were just written.
    written = rewriting.write(root, derived.files(loaded.estate))
    fleet = compose.compile_repository(options)
    found, mistakes = derived.pages(DiskTree(root), loaded.estate, fleet)
    if mistakes:
        return _report(mistakes, options)
    found.update(deriving.texts(DiskTree(root), loaded, index.of_fleet(fleet)))
    return _written((*written, *rewriting.write(root, found)), options)


def _parse(given: list[str]) -> Namespace:
    parser = arguments.parser("generate", _DESCRIPTION)
    parser.add_argument("--check", action="store_true", help="write nothing, name what is stale")
    arguments.add_compile(parser)
    arguments.add_json(parser)
    options = parser.parse_args(given)
    if options.rev:
        raise UsageError("--rev is no working tree, and files are written to one")
    return options


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
