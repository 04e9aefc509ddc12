"""Options that several verbs share."""

import argparse
from typing import NoReturn

from gitops.errors import UsageError


class Parser(argparse.ArgumentParser):
    """A parser whose mistakes are UsageErrors, so that one place decides what they look like."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see `{self.prog} --help`)")


class _Formatter(argparse.HelpFormatter):
    """Help of one width: asking how wide the terminal is takes a millisecond of every start."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=96)


def parser(verb: str, description: str) -> Parser:
    """A parser for one verb."""
    return Parser(
        prog=f"gitops {verb}",
        description=description,
        allow_abbrev=False,
        formatter_class=_Formatter,
    )


def add_clusters(to: Parser) -> None:
    """Which clusters are compiled."""
    to.add_argument("clusters", nargs="*", metavar="CLUSTER", help="only these clusters")


def add_compile(to: Parser) -> None:
    """What decides which objects come out of the compiler."""
    group = to.add_argument_group("what is compiled")
    group.add_argument("--repo", default=".", metavar="DIR", help="the repository (default: .)")
    group.add_argument("--rev", metavar="REV", help="a Git revision instead of the working tree")
    group.add_argument(
        "--entry",
        action="append",
        default=[],
        metavar="[NAME=]DIR",
        help="a cluster's entry folder; may be repeated",
    )
    group.add_argument("--flux-version", metavar="V", help="imitate this Flux release")
    group.add_argument("--kube-version", metavar="V", help="render charts for this Kubernetes")
    group.add_argument(
        "--source",
        action="append",
        default=[],
        metavar="URL=DIR",
        help="a local copy of another repository; may be repeated",
    )
    group.add_argument(
        "--helm", choices=("sdk", "command"), default="sdk", help="which Helm renders charts"
    )
    group.add_argument("--no-cache", action="store_true", help="neither read nor write the cache")


def add_json(to: argparse._ActionsContainer) -> None:
    """`--json`, which every verb knows."""
    to.add_argument("--json", action="store_true", help="print JSON")
