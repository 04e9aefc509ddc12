"""`gitops schemas`: the CustomResourceDefinitions that objects are checked against."""

import sys
from argparse import Namespace
from collections.abc import Sequence

import msgspec

from gitops.cli import arguments, compose
from gitops.errors import UsageError
from gitops.sources.schemas import store
from gitops.sources.schemas.machines import Kept
from gitops.sources.schemas.store import Held

_DESCRIPTION = (
    "Keep CustomResourceDefinitions that the repository does not hold, so that `check` can "
    "hold custom resources against them; and schemas of Talos, for `talos validate`. Nothing is "
    "fetched."
)


def run(given: list[str]) -> int:
    """Run one of the two."""
    parser = arguments.parser("schemas", _DESCRIPTION)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    importing = actions.add_parser("import", help="keep the definitions in a folder or file")
    importing.add_argument("path", metavar="DIR|FILE", help="YAML or JSON, folders with all below")
    actions.add_parser("list", help="what is here")
    for action in actions.choices.values():
        arguments.add_json(action)
    options = parser.parse_args(given)
    held = compose.schema_store()
    found = _listing(held) if options.action == "list" else _import(options, held)
    _print(options, found)
    return 0


def _listing(held: store.Store) -> Sequence[Held]:
    return (*held.listing(), *map(_of_machines, compose.machine_schemas().listing()))


def _import(options: Namespace, held: store.Store) -> Sequence[Held]:
    definitions = store.read(options.path)
    schema = None if definitions else compose.machine_schemas().add(options.path)
    if schema:
        return (_of_machines(schema),)
    if not definitions:
        raise UsageError(f"{options.path} holds no CustomResourceDefinition")
    return held.add(definitions)


def _of_machines(schema: Kept) -> Held:
    """The schema of a Talos, told like the others."""
    return Held("talos.dev", "MachineConfig", (f"v{schema.minor}",), schema.digest)


def _print(options: Namespace, found: Sequence[Held]) -> None:
    if options.json:
        print(msgspec.json.encode(list(found)).decode())
        return
    for each in found:
        served = ", ".join(each.versions) or "no version served"
        sys.stdout.write(f"{each.kind}.{each.group} {served} sha256:{each.digest[:16]}\n")
