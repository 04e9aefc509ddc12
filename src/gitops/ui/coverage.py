"""How much of a cluster is known: its units by kind and outcome, and its objects."""

from typing import assert_never

import msgspec

from gitops.model.build import Broken, Cluster, Locked, Outcome, Rendered, Suspended, Unknown

WORDS = ("rendered", "from the lock", "unknown", "suspended", "broken")
"""The outcomes of a unit in the order they are told."""


class Coverage(msgspec.Struct, frozen=True):
    """`units` counts units by kind and outcome, without the outcomes that did not occur."""

    units: dict[str, dict[str, int]]
    objects: int


def word(outcome: Outcome) -> str:
    """What became of a unit, in a word or two."""
    match outcome:
        case Rendered():
            return "rendered"
        case Locked():
            return "from the lock"
        case Unknown():
            return "unknown"
        case Suspended():
            return "suspended"
        case Broken():
            return "broken"
        case _:
            assert_never(outcome)


def of(cluster: Cluster) -> Coverage:
    """The coverage of one cluster; kinds stand in the order of their first unit."""
    words: dict[str, list[str]] = {}
    for unit in cluster.units:
        words.setdefault(unit.id.kind, []).append(word(unit.outcome))
    counted = {
        kind: {name: found.count(name) for name in WORDS if name in found}
        for kind, found in words.items()
    }
    return Coverage(counted, sum(len(unit.manifests) for unit in cluster.units))
