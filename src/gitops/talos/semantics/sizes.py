"""Sizes as people write them: `400GB`, `1 TiB`.

Source: github.com/dustin/go-humanize, `ParseBytes`: units in any case, thousands by default, and
binary ones with an i.
"""

import re
from decimal import Decimal

_SIZE = re.compile(r"(?P<number>[0-9][0-9,]*(\.[0-9]+)?)\s*(?P<unit>[a-z]*)", re.IGNORECASE)
_UNITS = {"": 1, "b": 1} | {
    f"{letter}{unit}": base**power
    for unit, base in (("ib", 1024), ("i", 1024), ("b", 1000), ("", 1000))
    for power, letter in enumerate("kmgtpe", 1)
}


class NoSize(ValueError):
    """The text is no size."""


def size(text: str) -> int:
    """Bytes. Raises NoSize."""
    found = _SIZE.fullmatch(text.strip())
    unit = _UNITS.get(found["unit"].lower()) if found else None
    if found is None or unit is None:
        raise NoSize(f"is no size: {text!r}")
    return int(Decimal(found["number"].replace(",", "")) * unit)
