"""The refused cases: archives whose last file, `expected.txt`, is what our build reports."""

from pathlib import Path

from gitops.build.kustomize import Result
from tests import harness
from tests.harness import Repo

HERE = Path(__file__).parent
EXPECTED = "expected.txt"


def names() -> list[str]:
    """The cases, named after their defects."""
    return sorted(path.stem for path in HERE.glob("*.txt"))


def read(case: str) -> tuple[Repo, str]:
    """The input of a case and the report that is expected."""
    repo = harness.parse((HERE / f"{case}.txt").read_text("utf-8"))
    return repo, repo.files.pop(EXPECTED, "")


def expect(case: str, report: str) -> None:
    """Writes down the report that is expected of a case."""
    path = HERE / f"{case}.txt"
    text, _, _ = path.read_text("utf-8").partition(f"-- {EXPECTED} --\n")
    path.write_text(f"{text}-- {EXPECTED} --\n{report}", "utf-8")


def report(result: Result) -> str:
    """The findings as lines: place, severity, rule and message, then hint and other places."""
    lines: list[str] = []
    for finding in result.findings:
        lines.append(f"{finding.at}: {finding.severity} {finding.rule}: {finding.message}\n")
        if finding.hint:
            lines.append(f"  hint: {finding.hint}\n")
        if finding.related:
            lines.append(f"  see: {', '.join(map(str, finding.related))}\n")
    return "".join(lines)
