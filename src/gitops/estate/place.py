"""Where in its file a fact stands."""

from collections.abc import Sequence

import msgspec

from gitops.model.origin import Location
from gitops.sources import yamlio

Pointer = Sequence[str | int]
"""The way to a fact: keys as the file has them, and positions in lists."""


class Source(msgspec.Struct, frozen=True):
    """A file of facts: its text, and which of its documents holds them."""

    path: str
    text: bytes
    document: int = 0

    def at(self, *keys: str | int) -> Location:
        """The line of the fact, or of the nearest thing around it that is there."""
        return Location(self.path, self.document, yamlio.line_of(self.text, self.document, keys))
