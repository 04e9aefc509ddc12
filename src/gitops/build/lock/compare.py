"""Holds locks against what the releases of a fleet need now."""

import hashlib
from collections.abc import Iterable

import msgspec

from gitops.model.finding import Finding, Severity, warning
from gitops.model.lock import Lock, Wanted
from gitops.model.origin import Location
from gitops.model.render import RenderRequest

_LOCK_AGAIN = "write it again with `gitops lock`"
_encode = msgspec.json.Encoder(order="deterministic").encode


def fingerprint(request: RenderRequest, *more: bytes) -> str:
    """What a release is rendered with, as one digest that does not depend on the order of keys.

    The chart itself is left out, for a lock names it, and so are the API versions of the cluster:
    a lock would go stale with every CRD that others bring. `more` is what happens to the result,
    such as post-renderers. Secret values must stand as placeholders, or locks differ by keyring.
    """
    parts = (
        request.name,
        request.namespace,
        msgspec.json.decode(request.values),
        request.values_files,
        request.defaults.decode(),
        request.ignore_missing_values_files,
        request.kube_version,
        request.include_crds,
        request.disable_hooks,
        [each.hex() for each in more],
    )
    return f"sha256:{hashlib.sha256(_encode(parts)).hexdigest()}"


def compare(locks: Iterable[Lock], wanted: Iterable[Wanted]) -> tuple[Finding, ...]:
    """Every lock that is stale, needed by nobody or missing, in the order of findings."""
    by_path = {lock.path: lock for lock in locks}
    found: list[Finding] = []
    for each in wanted:
        lock = by_path.pop(each.path, None)
        found += [_missing(each)] if lock is None else _stale(lock, each)
    found += map(_orphan, by_path.values())
    return tuple(sorted(found, key=lambda each: each.order))


def _missing(wanted: Wanted) -> Finding:
    message = f"{wanted.release} has no lock, so it cannot be built where its chart is absent"
    return _finding(wanted, "lock/missing", Severity.NOTE, message, "write one with `gitops lock`")


def _orphan(lock: Lock) -> Finding:
    message = f"{lock.path} locks a release that no cluster has"
    return warning("lock/orphan", Location(lock.path), message, "remove it with `gitops lock`")


def _stale(lock: Lock, wanted: Wanted) -> list[Finding]:
    """The first difference alone: it explains the ones after it.

    A lock that was made of an imported copy promises nothing about what the registry serves.
    """
    severity = Severity.ERROR
    if (lock.chart, lock.version) != (wanted.chart, wanted.version):
        rule, field = "lock/stale-version", "version"
        message = (
            f"{wanted.release} wants {wanted.chart} {wanted.version}, "
            f"its lock holds {lock.chart} {lock.version}"
        )
    elif wanted.values and lock.values != wanted.values:
        rule, field = "lock/stale-values", "values"
        message = f"{wanted.release} is rendered with other values than its lock was made of"
    elif wanted.digest and lock.digest != wanted.digest:
        rule, field = "lock/stale-chart", "digest"
        severity = Severity.ERROR if lock.origin_digest else Severity.WARNING
        why = "the chart was published again" if lock.origin_digest else "it was made of a copy"
        message = (
            f"{wanted.chart} {wanted.version} is {wanted.digest}, "
            f"the lock of {wanted.release} holds {lock.digest}: {why}"
        )
    else:
        return []
    return [_finding(wanted, rule, severity, message, _LOCK_AGAIN, lock.at(field))]


def _finding(
    wanted: Wanted, rule: str, severity: Severity, message: str, hint: str, *related: Location
) -> Finding:
    return Finding(
        rule, severity, wanted.at, message, hint, related, wanted.release, wanted.cluster
    )
