"""`gitops charts`: the charts that are here, and how they come here."""

import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator

import msgspec

from gitops.build.helm import versions
from gitops.cli import arguments, compose
from gitops.errors import RegistryError, UsageError
from gitops.model.build import Fleet
from gitops.model.chart import StoredChart
from gitops.sources.charts import keep
from gitops.sources.charts.pull import Failed, Outcome, Puller
from gitops.sources.charts.store import Store, split

_DESCRIPTION = "Pull, import, list and verify Helm charts. Only `pull` uses the network."


def run(given: list[str]) -> int:
    """Run one of the four; 1 when a chart is damaged, 3 when one could not be had."""
    parser = arguments.parser("charts", _DESCRIPTION)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    pulling = actions.add_parser("pull", help="fetch what the repository needs, or one chart")
    pulling.add_argument("address", nargs="?", help="oci://… or https://…, with the chart's name")
    pulling.add_argument("version", nargs="?", help="a version, a range or a tag")
    pulling.add_argument("--again", action="store_true", help="fetch also what is here")
    arguments.add_compile(pulling)
    importing = actions.add_parser("import", help="keep a folder or .tgz under an address")
    importing.add_argument("path", help="the folder or archive of the chart")
    importing.add_argument("address", help="the address that it stands for")
    actions.add_parser("list", help="what is here")
    actions.add_parser("verify", help="whether all that is here is whole")
    for action in actions.choices.values():
        arguments.add_json(action)
    options = parser.parse_args(given)
    act = {"pull": _pull, "import": _import, "list": _list, "verify": _verify}[options.action]
    return act(options, compose.chart_store())


def _pull(options: Namespace, store: Store) -> int:
    puller = Puller(store)
    if options.address and not options.version:
        raise UsageError("name the version too: `gitops charts pull ADDRESS VERSION`")
    if options.address:
        split(options.address)
        wanted = [(options.address, options.version)]
    else:
        wanted = _needed(compose.compile_repository(options))
    exact, failed = _exact(puller, wanted)
    outcomes = [*failed, *puller.pull_all(exact, again=options.again)]
    _print(options, outcomes, map(_pulled, outcomes))
    return 3 if any(isinstance(outcome, Failed) for outcome in outcomes) else 0


def _needed(fleet: Fleet) -> list[tuple[str, str]]:
    """Address and version of every chart that a release names, each once."""
    uses = (unit.chart for cluster in fleet.clusters for unit in cluster.units)
    remote = (use for use in uses if use and use.address.startswith(("oci://", "http")))
    return sorted({(use.address, use.version) for use in remote})


def _exact(
    puller: Puller, wanted: Iterable[tuple[str, str]]
) -> tuple[list[tuple[str, str]], list[Outcome]]:
    """The version that Flux would take from each range."""
    exact: list[tuple[str, str]] = []
    failed: list[Outcome] = []
    for address, version in wanted:
        if versions.is_exact(version) or version.startswith("sha256:"):
            exact.append((address, version))
            continue
        try:
            found = versions.resolve(version, puller.versions(address))
        except RegistryError as cause:
            failed.append(Failed(address, version, str(cause)))
            continue
        match found:
            case versions.Unresolved(reason):
                failed.append(Failed(address, version, reason))
            case _:
                exact.append((address, found))
    return exact, failed


def _pulled(outcome: Outcome) -> str:
    match outcome:
        case Failed(address, version, reason):
            return f"{address} {version}: {reason}\n"
        case StoredChart(address, version, digest):
            return f"{address} {version} {digest}\n"


def _import(options: Namespace, store: Store) -> int:
    chart = keep.import_chart(options.path, options.address, store)
    _print(options, [chart], [_pulled(chart)])
    return 0


def _list(options: Namespace, store: Store) -> int:
    held = keep.listing(store)
    _print(options, held, (_pulled(each.chart) for each in held))
    return 0


def _verify(options: Namespace, store: Store) -> int:
    damaged = keep.verify(store)
    lines = (f"{each.chart.address} {each.chart.version}: {each.reason}\n" for each in damaged)
    _print(options, damaged, _or(lines, f"{len(keep.listing(store))} charts, all whole\n"))
    return int(bool(damaged))


def _or(lines: Iterable[str], nothing: str) -> Iterator[str]:
    given = list(lines)
    yield from given or [nothing]


def _print(options: Namespace, found: Iterable[object], lines: Iterable[str]) -> None:
    if options.json:
        print(msgspec.json.encode(list(found)).decode())
    else:
        sys.stdout.writelines(lines)
