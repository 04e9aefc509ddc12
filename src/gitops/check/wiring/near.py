"""Names that are nearly right."""

from collections.abc import Iterable


def best(name: str, known: Iterable[str]) -> str:
    """The known name that one or two slips of the finger turn into this one, or ""."""
    limit = 1 if len(name) < 6 else 2
    near = (
        (distance, each) for each in known if (distance := _distance(name, each, limit)) <= limit
    )
    return min(near, default=(0, ""))[1]


def _distance(one: str, other: str, limit: int) -> int:
    """Insertions, deletions, replacements and swaps of neighbours; past the limit any number."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row: list[int] = [*range(len(other) + 1)]
    for i, left in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
