"""Cases of one YAML file each: what is `wrong`, what looks alike and is `right`, and last
`refused`, the report of what is wrong."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gitops.model.build import Fleet
from gitops.model.finding import Finding
from gitops.sources import yamlio
from gitops.ui import text

_REFUSED = "refused: |\n"


def beside(test: str) -> list[Path]:
    """The cases in the folder of a test."""
    return sorted(Path(test).parent.glob("*.yaml"))


def read(path: Path) -> dict[str, Any]:
    """What a case says."""
    (document,), mistakes = yamlio.parse(path.read_bytes(), path.name)
    assert mistakes == ()
    found: dict[str, Any] = document.value
    return found


def report(findings: Sequence[Finding]) -> str:
    """What is printed of findings, without their number."""
    *told, _ = text.report(Fleet(()), sorted(findings, key=lambda each: each.order))
    return "".join(told)


def expected(path: Path, told: str) -> str:
    """The report that a case expects. With GITOPS_REWRITE_GOLDEN set, it is written down first."""
    if os.environ.get("GITOPS_REWRITE_GOLDEN"):
        head, _, _ = path.read_text("utf-8").partition(_REFUSED)
        lines = "".join(f"  {line}\n" for line in told.splitlines())
        path.write_text(f"{head}{_REFUSED}{lines}", "utf-8")
    found: str = read(path)["refused"]
    return found
