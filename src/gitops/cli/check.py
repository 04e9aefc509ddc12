"""`gitops check`: compile every cluster and report what is wrong."""

import argparse
import datetime
import gc
import sys
from argparse import Namespace

import msgspec

from gitops.cli import arguments, compose, judging, late, reports
from gitops.cli.reports import Report
from gitops.errors import UsageError
from gitops.model.finding import Severity
from gitops.model.suppression import Judged

_DESCRIPTION = (
    "Compile every cluster offline and report every mistake, with its line and a way out."
)


def run(given: list[str]) -> int:
    """Print the report; 1 when it holds an error."""
    options = parse(given)
    files = [reports.file(text) for text in options.report]
    if not options.watch:
        return _once(options, files)
    _once(options, files)
    changes = late.load("gitops.sources.watching", "changes")
    for changed in changes(compose.repository(options.repo)):
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        sys.stdout.write(f"\n--- {changed[0]}{more} changed\n")
        gc.collect()  # The last round's rules refer to what they look at, and that to them.
        _once(options, files)
    return 0


def parse(given: list[str]) -> Namespace:
    """What a command line asks for."""
    parser = arguments.parser("check", _DESCRIPTION)
    arguments.add_clusters(parser)
    arguments.add_compile(parser)
    group = parser.add_argument_group("what is reported")
    group.add_argument(
        "--changed-since",
        metavar="REV",
        help="only what came since this branch left REV, such as origin/main",
    )
    group.add_argument(
        "--require-schemas",
        action="store_true",
        help="an object that no schema was found for is an error",
    )
    group.add_argument(
        "--today",
        type=_day,
        metavar="DATE",
        help="what has ended by this day, such as 2027-01-31, instead of today",
    )
    group.add_argument("--watch", action="store_true", help="check again whenever a file changes")
    formats = group.add_mutually_exclusive_group()
    formats.add_argument(
        "-o", "--output", choices=tuple(reports.FORMATS), default="text", help="how it is printed"
    )
    arguments.add_json(formats)
    group.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="FORMAT=FILE",
        help="write it to a file as well; may be repeated",
    )
    options = parser.parse_args(given)
    if options.rev and (options.watch or options.changed_since):
        raise UsageError("--rev is no working tree: leave out --watch and --changed-since")
    return options


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as cause:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2027-01-31") from cause


def _once(options: Namespace, files: list[tuple[str, str]]) -> int:
    report = _report(options)
    if options.changed_since:
        report = _since(report, options)
    reports.keep(report, files)
    reports.show(report, "json" if options.json else options.output)
    return int(any(each.severity is Severity.ERROR for each in report.judged.findings))


def _report(options: Namespace) -> Report:
    compiled = compose.compiled(options)
    return Report(compiled.fleet, judging.judge(compiled, options))


def _since(report: Report, options: Namespace) -> Report:
    """What a reviewer has to know: the findings that the common ancestor does not have."""
    root = compose.repository(options.repo)
    before = late.load("gitops.sources.git", "fork")(root, options.changed_since)
    old = _report(Namespace(**{**vars(options), "rev": before}))
    news = late.function("gitops.check.novelty", "new")
    new = tuple(news(report.judged.findings, old.judged.findings))
    return msgspec.structs.replace(report, judged=Judged(new, report.judged.ignored))
