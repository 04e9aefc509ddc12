"""The written cases: archives whose last file, `expected.yaml`, is what kustomize gives."""

from pathlib import Path

from tests import harness
from tests.harness import Repo

HERE = Path(__file__).parent
EXPECTED = "expected.yaml"


def paths() -> list[str]:
    """The cases, by their paths without the ending."""
    return sorted(str(path.relative_to(HERE).with_suffix("")) for path in HERE.glob("*/*.txt"))


def read(case: str) -> tuple[Repo, str]:
    """The input of a case and what is expected of it."""
    repo = harness.parse((HERE / f"{case}.txt").read_text("utf-8"))
    return repo, repo.files.pop(EXPECTED, "")


def expect(case: str, output: str) -> None:
    """Writes down what is expected of a case."""
    path = HERE / f"{case}.txt"
    text, _, _ = path.read_text("utf-8").partition(f"-- {EXPECTED} --\n")
    path.write_text(f"{text}-- {EXPECTED} --\n{output}", "utf-8")
