"""Whether facts fit together."""

from collections.abc import Iterator

from gitops.estate import limits, names, networks, unique, ways
from gitops.estate.place import Source
from gitops.model.estate import Estate
from gitops.model.finding import Finding


def findings(estate: Estate, source: Source) -> Iterator[Finding]:
    """Whatever in the estate contradicts something else in it."""
    for check in (names, networks, unique, limits, ways):
        yield from check.findings(estate, source)
