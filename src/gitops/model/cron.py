"""Schedules: when they are due.

Sources: pkg.go.dev/github.com/robfig/cron v1.2 and v3: five fields, or six with seconds first;
`?` stands for `*`, and a field is a list of values, ranges and steps. In v1, the day of the week
may be left out of the six.
"""

import re

_ZONE = re.compile(r"(?:CRON_)?TZ=\S+\s+")
_PART = re.compile(r"(?P<first>\*|\?|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d+))?")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_NAMES = {name: number for number, name in enumerate(_MONTHS, 1)} | {
    name: number for number, name in enumerate(_DAYS)
}
_BOUNDS = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
"""Of seconds, minutes, hours, days of the month, months and days of the week."""

Times = tuple[frozenset[int], ...]
"""The values of each field, seconds first where there are six."""


def times(text: str, fields: int) -> Times | None:
    """When a schedule is due; None where it cannot be read as that many fields, or is one of the
    words that begin with `@`."""
    given = _ZONE.sub("", text.strip(), count=1).split()
    if len(given) != fields:
        return None
    found = [_values(each, bounds) for each, bounds in zip(given, _BOUNDS[-fields:], strict=True)]
    read = tuple(each for each in found if each)
    return read if len(read) == fields else None


def _values(field: str, bounds: tuple[int, int]) -> frozenset[int]:
    """What a field stands for, nothing where it cannot be read."""
    found: set[int] = set()
    for part in field.split(","):
        values = _range(part, bounds)
        if not values:
            return frozenset()
        found |= {*values}
    return frozenset(found)


def _range(part: str, bounds: tuple[int, int]) -> range:
    match = _PART.fullmatch(part)
    if match is None:
        return range(0)
    if match["first"] in ("*", "?"):
        first: int | None = bounds[0]
        last: int | None = bounds[1] if match["last"] is None else None
    else:
        first = _number(match["first"])
        # A step from one value goes on to the end.
        end = match["last"] or (bounds[1] if match["step"] else first)
        last = _number(str(end))
    step = int(match["step"] or 1)
    if first is None or last is None or not bounds[0] <= first <= last <= bounds[1] or not step:
        return range(0)
    return range(first, last + 1, step)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else _NAMES.get(text.lower())
