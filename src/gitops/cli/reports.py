"""The formats of `gitops check`, and where they go."""

import sys
from collections.abc import Callable, Iterator, Sequence

import msgspec

from gitops import __version__
from gitops.cli import late
from gitops.errors import UsageError
from gitops.model.build import Fleet
from gitops.model.suppression import Judged
from gitops.ui import json, text


class Report(msgspec.Struct, frozen=True):
    """What was compiled, and what is said of it."""

    fleet: Fleet
    judged: Judged


Format = Callable[[Report], Iterator[str]]


def _text(report: Report) -> Iterator[str]:
    return text.report(
        report.fleet,
        report.judged.findings,
        ignored=len(report.judged.ignored),
        colour=sys.stdout.isatty(),
    )


def _json(report: Report) -> Iterator[str]:
    return json.report(report.fleet, report.judged.findings, report.judged.ignored)


def _sarif(report: Report) -> Iterator[str]:
    rules = late.load("gitops.check.catalogue", "RULES")
    write = late.function("gitops.ui.sarif", "report")
    lines: Iterator[str] = write(report.judged.findings, report.judged.ignored, rules, __version__)
    return lines


def _junit(report: Report) -> Iterator[str]:
    lines: Iterator[str] = late.function("gitops.ui.junit", "report")(
        report.fleet, report.judged.findings
    )
    return lines


def _annotations(module: str) -> Format:
    def write(report: Report) -> Iterator[str]:
        lines: Iterator[str] = late.function(module, "report")(report.judged.findings)
        return lines

    return write


FORMATS: dict[str, Format] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "junit": _junit,
    "github": _annotations("gitops.ui.github"),
    "gitlab": _annotations("gitops.ui.gitlab"),
}
"""By the name that an option gives."""


def show(report: Report, format: str) -> None:
    """Print a report."""
    sys.stdout.writelines(FORMATS[format](report))
    sys.stdout.flush()


def keep(report: Report, wanted: Sequence[tuple[str, str]]) -> None:
    """Write a report to files, each in a format of its own."""
    replace = late.function("gitops.sources.rewriting", "replace")
    for format, path in wanted:
        replace(path, "".join(FORMATS[format](report)))


def file(text: str) -> tuple[str, str]:
    """`FORMAT=FILE`, as an option has it."""
    format, equals, path = text.partition("=")
    if format not in FORMATS or not equals or not path:
        raise UsageError(f"--report {text}: FORMAT=FILE is expected, with {', '.join(FORMATS)}")
    return format, path
