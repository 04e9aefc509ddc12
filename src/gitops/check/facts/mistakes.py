"""What was wrong with facts when they were read."""

from collections.abc import Iterator, Sequence

from gitops.check.index import Index
from gitops.model.finding import Finding


def told(clusters: Sequence[Index]) -> Iterator[Finding]:
    """Once, however many clusters there are."""
    for facts in clusters[:1]:
        yield from facts.knowledge.mistakes
