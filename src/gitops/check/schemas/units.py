"""Units in texts that a program reads: schemas know them as texts only.

Source: PostgreSQL, "Setting Parameters": memory is in B, kB, MB, GB or TB, time in us, ms, s, min,
h or d, and the case counts; CloudNativePG hands the parameters of a Cluster on as they are.
"""

import re
from collections.abc import Iterator

from gitops.check.fields import at, mapping, text
from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.model.finding import Finding

_WAY = ("spec", "postgresql", "parameters")
_OF_OTHERS = re.compile(r"(\d+) ?([KMGT]i?|[kmgt]|[KMGT]iB|KB|[kmgt]b)")
"""Numbers with the units of Kubernetes or of others; none of these is one of PostgreSQL."""


def unknown(facts: Index) -> Iterator[Finding]:
    """Numbers among the parameters of PostgreSQL have units that it knows."""
    for owned in facts.of("postgresql.cnpg.io", "Cluster"):
        for name, value in mapping(at(facts.body(owned.manifest), *_WAY)).items():
            found = _OF_OTHERS.fullmatch(text(value).strip())
            if found:
                spot = Spot(facts, owned, (*_WAY, name))
                yield spot.error(
                    "schema/unit",
                    f"{spot.who} sets {name} to {value!r}, and PostgreSQL has no unit "
                    f"{found[2]!r}: it does not start",
                    f"did you mean '{found[1]}{_meant(found[2])}'?",
                )


def _meant(unit: str) -> str:
    """The unit of PostgreSQL that begins with the same letter."""
    letter = unit[0].upper()
    return "kB" if letter == "K" else f"{letter}B"
