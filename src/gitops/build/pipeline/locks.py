"""The locks of a repository, by cluster and path."""

from collections.abc import Mapping

from gitops.build.lock import text
from gitops.model.finding import Finding
from gitops.model.lock import FOLDER, Lock

Locks = dict[str, dict[str, Lock]]


def by_cluster(files: Mapping[str, bytes]) -> tuple[Locks, tuple[Finding, ...]]:
    """Every lock that can be read; those that cannot are findings."""
    locks: Locks = {}
    findings: list[Finding] = []
    for path, content in files.items():
        lock = text.parse(content, path)
        if isinstance(lock, Lock):
            cluster = path.removeprefix(f"{FOLDER}/").partition("/")[0]
            locks.setdefault(cluster, {})[path] = lock
        else:
            findings.extend(lock)
    return locks, tuple(findings)
