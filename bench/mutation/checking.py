"""Checks a copy of this repository again and again, in one process with one cache."""

import functools
import os
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from bench.mutation.mutations import Mutation
from gitops.check import novelty
from gitops.cli import check, compose, judging
from gitops.model.finding import Finding, Severity
from gitops.model.suppression import Judged

ROOT = Path(__file__).parents[2]
READ = (
    "bootstrap/",
    "docs/",
    "fleet.yaml",
    "gitops.lock.d/",
    "gitops.toml",
    "kubernetes/",
    "network/",
    "power/",
    "secrets/",
    "talos/",
)
ECHOES = ("generate/", "lock/")
"""Areas whose rules compare files byte by byte: that something changed is not what broke."""


class Outcome(msgspec.Struct, frozen=True):
    """What a check said about a mutation."""

    mutation: Mutation
    found: tuple[Finding, ...]
    located: bool

    @property
    def caught(self) -> bool:
        """Whether something new was reported that a person has to look at."""
        return bool(self.found)


class Copy:
    """The files that belong to the project, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = tracked()
        self._write(self.files)
        subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
        self.before = self._check()

    def outcome(self, mutation: Mutation) -> Outcome:
        """What is reported with this one mistake, and was not without it."""
        (found,) = self.together((mutation,))
        return found

    def together(self, mutations: Collection[Mutation]) -> tuple[Outcome, ...]:
        """The same for several mistakes at once, each in files of its own: one check tells of all.

        What is found counts for one of them where it is located for it, and for the only one."""
        changed: dict[str, str | None] = {}
        for mutation in mutations:
            changed |= mutation.apply(self.files)
        new = self._new(changed)
        return tuple(self._outcome(each, new, alone=len(mutations) == 1) for each in mutations)

    def _outcome(self, mutation: Mutation, new: Sequence[Finding], *, alone: bool) -> Outcome:
        counted = [each for each in new if _counts(each, mutation)]
        located = [each for each in counted if mutation.located(each, self.files)]
        return Outcome(mutation, tuple(counted if alone else located), bool(located))

    def _new(self, changed: Mapping[str, str | None]) -> tuple[Finding, ...]:
        self._write(changed)
        try:
            after = self._check()
        finally:
            self._write({path: self.files.get(path) for path in changed})
        return tuple(novelty.new(after.findings, self.before.findings))

    def _check(self) -> Judged:
        chosen = check.parse(["--repo", str(self.folder)])
        return judging.judge(compose.compiled(chosen), chosen)

    def _write(self, files: Mapping[str, str | None]) -> None:
        for path, text in files.items():
            place = self.folder / path
            if text is None:
                place.unlink(missing_ok=True)
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode())


@contextmanager
def cache(folder: Path, charts: Path | None) -> Iterator[None]:
    """A cache of its own, with the charts and schemas of another if there is one."""
    before = os.environ.get("GITOPS_CACHE")
    folder.mkdir()
    for name in ("charts", "schemas"):
        if charts and (charts / name).is_dir():
            (folder / name).symlink_to(charts / name)
    os.environ["GITOPS_CACHE"] = str(folder)
    try:
        yield
    finally:
        os.environ.pop("GITOPS_CACHE")
        if before is not None:
            os.environ["GITOPS_CACHE"] = before


def _counts(found: Finding, mutation: Mutation) -> bool:
    if mutation.rule:
        return found.rule == mutation.rule
    return found.severity is not Severity.NOTE and not found.rule.startswith(ECHOES)


@functools.cache
def tracked() -> dict[str, str]:
    """What `check` reads of the project, by path."""
    names = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0")
    paths = (name for name in names if name.startswith(READ))
    return {path: (ROOT / path).read_text("utf-8") for path in paths if (ROOT / path).is_file()}
