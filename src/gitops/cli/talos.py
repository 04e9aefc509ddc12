"""`gitops talos`: what the machines are configured with."""

import os
import shutil
import sys
from argparse import Namespace
from collections.abc import Sequence

import msgspec

from gitops.check import building
from gitops.cli import arguments, bundles, compose
from gitops.errors import UsageError
from gitops.estate import loading
from gitops.estate.loading import Loaded
from gitops.model.build import Fleet
from gitops.model.finding import Finding, Severity
from gitops.sources import process, rewriting
from gitops.sources.disk import DiskTree
from gitops.talos import difference, fakes, following, judging, opinion, rendering, schematic
from gitops.talos.rendering import Configuration, Rendered
from gitops.ui import json, text

_DESCRIPTION = "Configure the machines: Talos, from talos/ and fleet.yaml."


def run(given: list[str]) -> int:
    """Run one of the actions; 1 when something is wrong."""
    parser = arguments.parser("talos", _DESCRIPTION)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    render = actions.add_parser("render", help="the configurations of nodes, secrets as references")
    _add_nodes(render)
    render.add_argument(
        "--fake-secrets",
        action="store_true",
        help="secrets of the right form that are worth nothing",
    )
    render.add_argument(
        "-o", "--output", metavar="DIR", help="a file for each node instead of standard output"
    )
    validate = actions.add_parser("validate", help="prove configurations without a machine")
    _add_nodes(validate)
    compare = actions.add_parser("diff", help="what applying would change on a machine that runs")
    compare.add_argument("cluster", metavar="CLUSTER")
    compare.add_argument("node", metavar="NODE")
    secrets = actions.add_parser("secrets", help="make and prove the secrets of a cluster")
    parts = bundles.add(secrets)
    image = actions.add_parser(
        "schematic", help="the id of talos/schematic.yaml at the Image Factory"
    )
    for action in (render, validate, compare, *parts, image):
        action.add_argument(
            "--repo", default=".", metavar="DIR", help="the repository (default: .)"
        )
        arguments.add_json(action)
    options = parser.parse_args(given)
    ways = {
        "render": _render,
        "validate": _validate,
        "diff": _diff,
        "secrets": _secrets,
        "schematic": _schematic,
    }
    return ways[options.action](options)


def _add_nodes(to: arguments.Parser) -> None:
    to.add_argument("cluster", nargs="?", default="", metavar="CLUSTER", help="of this cluster")
    to.add_argument("node", nargs="?", default="", metavar="NODE", help="of this node")


def _render(options: Namespace) -> int:
    _, rendered = _rendered(options)
    if rendered.findings:
        return report(rendered.findings, options)
    texts = {found.path: _text(found, options) for found in rendered.configurations}
    if options.output:
        os.makedirs(options.output, exist_ok=True)
        written = rewriting.write(os.path.abspath(options.output), texts)
        _written(written, options)
    elif options.json:
        print(msgspec.json.encode(texts).decode())
    else:
        sys.stdout.writelines(texts.values())
    return 0


def _text(found: Configuration, options: Namespace) -> str:
    return following.follow(found.text, fakes.value) if options.fake_secrets else found.text


def _written(paths: Sequence[str], options: Namespace) -> None:
    if options.json:
        print(msgspec.json.encode({"written": paths}).decode())
    else:
        sys.stdout.writelines(f"written {path}\n" for path in paths)


def _validate(options: Namespace) -> int:
    """With fake secrets, so that nothing is left out because it is secret."""
    loaded, rendered = _rendered(options)
    faked = tuple(
        msgspec.structs.replace(found, text=following.follow(found.text, fakes.value))
        for found in rendered.configurations
    )
    schema = compose.machine_schemas().of(loaded.estate.versions.talos)
    found = judging.judge(_tree(options), loaded, faked, schema)
    second = opinion.findings(faked, _run) if shutil.which("talosctl") else ()
    code = report((*rendered.findings, *found, *second), options)
    if not options.json:
        proofs = _proved_by(schema=schema is not None)
        sys.stdout.write(f"{len(faked)} configurations, {proofs}\n")
    return code


def _proved_by(*, schema: bool) -> str:
    asked = "talosctl was asked" if shutil.which("talosctl") else "no talosctl was there to ask"
    return f"{'a schema' if schema else 'no schema'}, {asked}"


def _diff(options: Namespace) -> int:
    """1 when the machine differs. Secrets are neither fetched nor shown."""
    loaded, rendered = _rendered(options)
    if rendered.findings:
        return report(rendered.findings, options)
    (wanted,) = rendered.configurations
    address = str(loaded.estate.clusters[options.cluster].nodes[options.node].address)
    asked = ["talosctl", "--nodes", address, "--endpoints", address, *difference.COMMAND]
    found = difference.changes(difference.live(_run(asked, b""), wanted), wanted)
    if options.json:
        print(msgspec.json.encode(found).decode())
    else:
        sys.stdout.writelines(f"{change}\n" for change in found)
        sys.stdout.write(f"{len(found)} changes to {options.node}\n")
    return int(bool(found))


def _secrets(options: Namespace) -> int:
    found = bundles.run(options, estate(options))
    return report(found, options) if options.part == "check" else 0


def _run(command: Sequence[str], stdin: bytes) -> bytes:
    return process.run(command, stdin=stdin)


def _schematic(options: Namespace) -> int:
    loaded = estate(options)
    at = loaded.at("versions", "schematic")
    found, wrong = schematic.load(_tree(options), loaded.estate, at)
    if found is not None and not options.json:
        print(schematic.id_of(found))
    elif found is not None:
        print(msgspec.json.encode({"id": schematic.id_of(found)}).decode())
    return report(wrong, options) if wrong else 0


def _tree(options: Namespace) -> DiskTree:
    return DiskTree(compose.repository(options.repo))


def _rendered(options: Namespace) -> tuple[Loaded, Rendered]:
    loaded = estate(options)
    _check_names(loaded, options.cluster, options.node)
    rendered = rendering.render(_tree(options), loaded.estate, options.cluster, options.node)
    return loaded, rendered


def estate(options: Namespace) -> Loaded:
    """The facts, which have to be without a mistake: machines are wiped by them."""
    tree = _tree(options)
    if not loading.exists(tree):
        raise UsageError(f"there is no {loading.PATH}, which machines are configured from")
    loaded, mistakes = loading.load(tree)
    if loaded is None or mistakes:
        report(mistakes, options)
        raise UsageError(f"{loading.PATH} has mistakes")
    return loaded


def _check_names(loaded: Loaded, cluster: str, node: str) -> None:
    clusters = loaded.estate.clusters
    if cluster and cluster not in clusters:
        raise UsageError(f"no cluster {cluster}; there are {', '.join(clusters)}")
    if node and node not in clusters[cluster].nodes:
        raise UsageError(
            f"no node {node} in {cluster}; it has {', '.join(clusters[cluster].nodes)}"
        )


def report(found: Sequence[Finding], options: Namespace) -> int:
    """Print findings; 1 when one of them is an error."""
    ordered = building.ordered(tuple(found))
    if options.json:
        sys.stdout.writelines(json.report(Fleet(()), ordered))
    else:
        sys.stdout.writelines(text.report(Fleet(()), ordered, colour=sys.stdout.isatty()))
    return int(any(each.severity is Severity.ERROR for each in ordered))
