"""One folder built by kustomize and by us, and what became of it."""

import subprocess
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from gitops.build import kustomize
from gitops.sources import yamlio
from gitops.sources.tree import SourceTree
from gitops.sources.yamlio import Dialect
from tests.oracle import tools

_NETWORK = ("git fetch", "git init", "dial tcp", "no such host", "Client.Timeout")


class Outcome(StrEnum):
    """How the two builds compare."""

    EQUAL = "equal"
    BOTH_FAIL = "both fail"
    NETWORK = "needs the network"
    DIFFERENT = "different"


class Comparison(NamedTuple):
    """A folder, how its builds compare, and in which way they differ."""

    name: str
    outcome: Outcome
    difference: str = ""


def compare(name: str, tree: SourceTree, root: Path, folder: str, order: str) -> Comparison:
    """Builds a folder of a tree that also lies on disk; `order` is `none` or `legacy`."""
    command = [tools.kustomize(), "build", "--load-restrictor", "LoadRestrictionsNone"]
    command += ["--reorder", order, str(root / folder)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    ours = kustomize.build(tree, folder, legacy_order=order == "legacy")
    if done.returncode != 0:
        error = done.stderr.decode(errors="replace")
        if any(sign in error for sign in _NETWORK):
            return Comparison(name, Outcome.NETWORK)
        if ours.failed:
            return Comparison(name, Outcome.BOTH_FAIL)
        return Comparison(name, Outcome.DIFFERENT, f"only kustomize fails: {error}")
    if ours.failed:
        errors = [f"{each.at}: {each.message}" for each in ours.findings]
        return Comparison(name, Outcome.DIFFERENT, "only we fail: " + "; ".join(errors))
    documents, _ = yamlio.parse(done.stdout, "kustomize", Dialect.SIGS)
    difference = _difference(
        [document.value for document in documents], [each.body() for each in ours.manifests]
    )
    return Comparison(name, Outcome.DIFFERENT if difference else Outcome.EQUAL, difference)


def report(comparisons: Iterable[Comparison]) -> str:
    """How many folders came out how."""
    counts = dict.fromkeys(Outcome, 0)
    for comparison in comparisons:
        counts[comparison.outcome] += 1
    return f"{sum(counts.values())} ran: " + ", ".join(f"{n} {each}" for each, n in counts.items())


def _difference(theirs: list[Any], ours: list[Any]) -> str:
    if len(theirs) != len(ours):
        return f"kustomize gives {len(theirs)} objects, and we give {len(ours)}"
    for number, (left, right) in enumerate(zip(theirs, ours, strict=True)):
        if _encode(left) != _encode(right):
            return f"object {number}:\n{yamlio.dump(left)}\nis here\n{yamlio.dump(right)}"
    return ""


def _encode(value: Any) -> bytes:
    """JSON tells 1 from 1.0 and from true, which Python's equality does not."""
    return msgspec.json.encode(value, order="deterministic")
