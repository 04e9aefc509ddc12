"""`gitops build`: compile clusters and print their objects."""

import sys
from argparse import Namespace
from collections.abc import Iterator

import msgspec

from gitops.check import building
from gitops.cli import arguments, compose
from gitops.errors import UsageError
from gitops.model.build import Cluster, Fleet, Locked, Rendered, Unit
from gitops.model.finding import Severity
from gitops.model.manifest import Manifest
from gitops.ui import json, names, text, tree, yaml

_DESCRIPTION = "Compile clusters offline and print the objects that Flux would apply."


def run(given: list[str]) -> int:
    """Print the objects on standard output; findings go to standard error."""
    options = _parse(given)
    fleet = compose.compile_repository(options)
    sys.stdout.writelines(_output(select(fleet, options), options))
    sys.stdout.flush()
    found = building.building(fleet)
    sys.stderr.writelines(text.report(fleet, found, colour=sys.stderr.isatty()))
    if any(each.severity is Severity.ERROR for each in found):
        return 1
    _check_named(fleet, options)
    return 0


def _check_named(fleet: Fleet, options: Namespace) -> None:
    """A name that nothing has is a typing mistake, unless whatever is broken would have it."""
    for kind, name in _wanted(options).items():
        units = (unit.id for cluster in fleet.clusters for unit in cluster.units)
        if name and not any((unit.kind, unit.name) == (kind, name) for unit in units):
            places = ", ".join(cluster.name for cluster in fleet.clusters)
            raise UsageError(f"no {kind} is called {name} in {places or 'any cluster'}")


def _wanted(options: Namespace) -> dict[str, str]:
    return {"HelmRelease": options.release, "Kustomization": options.kustomization}


def select(fleet: Fleet, options: Namespace) -> Fleet:
    """The fleet with only the units and objects that were asked for."""
    if not (options.kind or options.name or options.release or options.kustomization):
        return fleet
    clusters = (_cluster(cluster, options) for cluster in fleet.clusters)
    return msgspec.structs.replace(fleet, clusters=tuple(clusters))


def _cluster(cluster: Cluster, options: Namespace) -> Cluster:
    units = tuple(_unit(unit, options) for unit in cluster.units if _is_wanted(unit, options))
    return msgspec.structs.replace(cluster, units=units)


def _is_wanted(unit: Unit, options: Namespace) -> bool:
    wanted = _wanted(options)
    if not any(wanted.values()):
        return True
    return bool(wanted[unit.id.kind]) and wanted[unit.id.kind] == unit.id.name


def _unit(unit: Unit, options: Namespace) -> Unit:
    kept = tuple(found for found in unit.manifests if _is_asked_for(found, options))
    match unit.outcome:
        case Rendered():
            return msgspec.structs.replace(unit, outcome=Rendered(kept))
        case Locked(_, lock):
            return msgspec.structs.replace(unit, outcome=Locked(kept, lock))
        case _:
            return unit


def _is_asked_for(found: Manifest, options: Namespace) -> bool:
    kind, name = options.kind, options.name
    return (not kind or found.id.kind.lower() == kind.lower()) and name in (None, found.id.name)


def _output(fleet: Fleet, options: Namespace) -> Iterator[str]:
    match "json" if options.json else options.output:
        case "json":
            yield from json.fleet(fleet, origin=options.show_origin)
        case "tree":
            yield from tree.lines(fleet)
        case "names":
            yield from names.lines(fleet)
        case _:
            yield from yaml.documents(fleet, origin=options.show_origin)


def _parse(given: list[str]) -> Namespace:
    parser = arguments.parser("build", _DESCRIPTION)
    arguments.add_clusters(parser)
    arguments.add_compile(parser)
    group = parser.add_argument_group("what is printed")
    group.add_argument("-o", "--output", choices=("yaml", "json", "tree", "names"), default="yaml")
    arguments.add_json(group)
    group.add_argument("--kind", metavar="K", help="only objects of this kind")
    group.add_argument("--name", metavar="N", help="only objects of this name")
    group.add_argument("--release", metavar="R", help="only what this HelmRelease renders")
    group.add_argument("--kustomization", metavar="K", help="only what this Kustomization renders")
    group.add_argument("--show-origin", action="store_true", help="say where each object is from")
    return parser.parse_args(given)
