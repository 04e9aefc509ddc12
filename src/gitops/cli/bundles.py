"""`gitops talos secrets`: the authorities and tokens of a cluster."""

import datetime
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from gitops.errors import UsageError
from gitops.estate.loading import Loaded
from gitops.model.finding import Finding
from gitops.sources import clock, process, randomness, writing
from gitops.talos import bundle, keeping, making, proving
from gitops.talos.bundle import Bundle
from gitops.talos.making import Draws

_BITS = 4096
"""Of the key that signs tokens of service accounts, as Talos makes it."""


def add(to: ArgumentParser) -> tuple[ArgumentParser, ...]:
    """The two actions."""
    actions = to.add_subparsers(dest="part", required=True, metavar="PART")
    new = actions.add_parser("new", help="make the secrets of a cluster that is not there yet")
    new.add_argument("cluster", metavar="CLUSTER")
    places = new.add_mutually_exclusive_group(required=True)
    places.add_argument("--onepassword", action="store_true", help="as an item of 1Password")
    places.add_argument("--sops", metavar="FILE", help="as a file, encrypted by .sops.yaml")
    places.add_argument(
        "--output", metavar="FILE", help="as a file that anybody can read who has it; - prints it"
    )
    check = actions.add_parser("check", help="prove that Talos can use them; shows no value")
    check.add_argument("cluster", metavar="CLUSTER")
    check.add_argument(
        "--from", dest="path", metavar="FILE", help="a file, also of SOPS (default: 1Password)"
    )
    return new, check


def run(options: Namespace, loaded: Loaded) -> tuple[Finding, ...]:
    """Do it; what is wrong with secrets that are there."""
    clusters = loaded.estate.clusters
    if options.cluster not in clusters:
        raise UsageError(f"no cluster {options.cluster}; there are {', '.join(clusters)}")
    if options.part == "check":
        return _check(options)
    _new(options)
    return ()


def _new(options: Namespace) -> None:
    """Nothing that is there is replaced: it would be the end of a cluster."""
    path = options.sops or (options.output if options.output != "-" else "")
    if path and os.path.lexists(path):
        raise UsageError(f"{path} is there already; who replaces secrets, loses the cluster")
    draws = Draws(randomness.octets, lambda: randomness.rsa_key(_BITS))
    now = datetime.datetime.fromisoformat(clock.Clock().moment())
    made = making.bundle(draws, now)
    if options.onepassword:
        person = bundle.admin_fields(making.admin(made, draws, now))
        keeping.create(options.cluster, {**bundle.fields(made), **person}, _run)
        print(f"made the item {bundle.item(options.cluster)} in the vault {keeping.VAULT}")
    elif options.output == "-":
        sys.stdout.write(bundle.text(made))
    else:
        text = bundle.text(made).encode()
        content = keeping.encrypt(bundle.text(made), path, _run) if options.sops else text
        writing.write_private(path, content)
        print(f"written {path}")


def _check(options: Namespace) -> tuple[Finding, ...]:
    place = options.path or f"op://{keeping.VAULT}/{bundle.item(options.cluster)}"
    match _read(options, place):
        case Bundle() as found:
            return tuple(proving.findings(found, place, clock.today(os.environ)))
        case wrong:
            return wrong


def _read(options: Namespace, place: str) -> Bundle | tuple[Finding, ...]:
    if options.path is None:
        return bundle.convert(keeping.fetch(options.cluster, _run), place)
    if not os.path.isfile(options.path):
        raise UsageError(f"{options.path} is no file")
    with open(options.path, "rb") as file:
        return bundle.read(keeping.decrypt(file.read(), _run), place)


def _run(command: Sequence[str], stdin: bytes) -> bytes:
    return process.run(command, stdin=stdin)
