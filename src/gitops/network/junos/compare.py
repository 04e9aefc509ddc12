"""What the router does otherwise than our file says, and what makes it do the same."""

from collections.abc import Iterator, Sequence

import msgspec

from gitops.network.junos import router, statements
from gitops.network.junos.statements import Running, Statement

_SECRET = "authentication-key"
_HIDDEN = "(hidden)"

_ORDERED = {
    ("firewall", "family", "inet", "filter"): 5,
    ("policy-options", "policy-statement"): 3,
    ("security", "nat", "source", "rule-set"): 5,
    ("security", "policies", "from-zone"): 6,
}
"""Where the order of statements counts, and how many words name such a place."""

_NAMED = frozenset(
    (
        *("address", "address-set", "application", "filter", "from-zone", "group", "host"),
        *("ids-option", "interface", "neighbor", "policy", "policy-statement", "pool", "range"),
        *("rule", "rule-set", "security-zone", "server", "term", "to-zone", "unit"),
    )
)
"""Words that are nothing without the name that follows."""


class Difference(msgspec.Struct, frozen=True):
    """Statements, or whole parts, to delete, and then statements to set."""

    delete: tuple[Statement, ...]
    set: tuple[Statement, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """As the router takes them."""
        gone = (statements.show(each, "delete") for each in self.delete)
        return (*gone, *(statements.show(each) for each in self.set))

    def __bool__(self) -> bool:
        return bool(self.delete or self.set)


def between(running: Running, wanted: Sequence[Statement]) -> Difference:
    """What leads from one to the other. Parts of the hierarchy that are not ours count for nothing.

    The router shows no password, so one that is set on both sides is taken to be the same. What is
    switched off has to go: what is set there again would stay off.
    """
    held = [each for each in running.statements if _is_ours(each)]
    off = [each for each in running.inactive if _is_ours(each)]
    moved = tuple(place for place in _places(held) if _moved(place, held, wanted))
    shown = {_shown(each) for each in held if not _within(each, moved)}
    named = {_shown(each) for each in wanted}
    gone = [each for each in held if _shown(each) not in named and not _within(each, moved)]
    delete = dict.fromkeys([*off, *moved, *(_whole(each, wanted) for each in gone)])
    new = tuple(each for each in wanted if _shown(each) not in shown)
    return Difference(tuple(sorted(delete)), new)


def _is_ours(found: Statement) -> bool:
    return any(found[: len(way)] == way for way in router.OURS)


def _shown(found: Statement) -> Statement:
    return (*found[:-1], _HIDDEN) if found[-2:-1] == (_SECRET,) else found


def _within(found: Statement, places: Sequence[Statement]) -> bool:
    return any(found[: len(place)] == place for place in places)


def _places(held: Sequence[Statement]) -> Iterator[Statement]:
    """The ordered places that the router has, each once."""
    found = (
        each[:size]
        for each in held
        for lead, size in _ORDERED.items()
        if each[: len(lead)] == lead and len(each) > size
    )
    yield from dict.fromkeys(found)


def _moved(place: Statement, held: Sequence[Statement], wanted: Sequence[Statement]) -> bool:
    """Whether an ordered place is there on both sides and not the same: it is then made anew."""
    one = [each for each in held if _within(each, (place,))]
    other = [each for each in wanted if _within(each, (place,))]
    return bool(other) and one != other


def _whole(gone: Statement, wanted: Sequence[Statement]) -> Statement:
    """The largest part around a statement of which nothing is wanted."""
    ours = next(len(way) for way in router.OURS if gone[: len(way)] == way)
    for size in range(ours, len(gone)):
        part = gone[:size]
        if (
            part[-1] not in _NAMED
            and part[-2:-1] != ("from-zone",)
            and not any(each[:size] == part for each in wanted)
        ):
            return part
    return gone
