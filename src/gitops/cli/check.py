"""`gitops check`: compile every cluster and report what is wrong."""

import sys

from gitops.check import engine
from gitops.cli import arguments, compose
from gitops.model.finding import Severity
from gitops.ui import json, text

_DESCRIPTION = (
    "Compile every cluster offline and report every mistake, with its line and a way out."
)


def run(given: list[str]) -> int:
    """Print the report; 1 when it holds an error."""
    parser = arguments.parser("check", _DESCRIPTION)
    arguments.add_clusters(parser)
    arguments.add_compile(parser)
    arguments.add_json(parser)
    options = parser.parse_args(given)
    fleet = compose.compile_repository(options)
    found = engine.check(fleet)
    if options.json:
        sys.stdout.writelines(json.report(fleet, found))
    else:
        sys.stdout.writelines(text.report(fleet, found, colour=sys.stdout.isatty()))
    sys.stdout.flush()
    return int(any(each.severity is Severity.ERROR for each in found))
