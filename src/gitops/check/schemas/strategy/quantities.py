"""Quantities, to be compared.

Source: apimachinery `pkg/api/resource`.
"""

import re
from decimal import Decimal
from functools import lru_cache

_FORM = re.compile(
    r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?"
)
_SMALL = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = ("Ki", "Mi", "Gi", "Ti", "Pi", "Ei")


@lru_cache(1024)
def parse(given: object) -> Decimal:
    """How much it is, 0 for what is no quantity."""
    found = _FORM.fullmatch(str(given))
    if found is None:
        return Decimal(0)
    number, unit = Decimal(found[1]), found[2] or ""
    if unit in _BINARY:
        return number * Decimal(1024 ** (_BINARY.index(unit) + 1))
    power = _SMALL.get(unit)
    return number.scaleb(int(unit[1:] or 0) if power is None and unit else power or 0)


def is_whole(given: object) -> bool:
    """Whether it counts things, to the thousandth that is looked at."""
    return parse(given) * 1000 % 1000 < 1
