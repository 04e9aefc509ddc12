"""Where in `fleet.yaml` a fact stands."""

from collections.abc import Sequence

import msgspec

from gitops.model.origin import Location
from gitops.sources import yamlio

PATH = "fleet.yaml"

Pointer = Sequence[str | int]
"""The way to a fact: keys as the file has them, and positions in lists."""


class Source(msgspec.Struct, frozen=True):
    """The text of the file, and which of its documents holds the facts."""

    text: bytes
    document: int = 0

    def at(self, *keys: str | int) -> Location:
        """The line of the fact, or of the nearest thing around it that is there."""
        return Location(PATH, self.document, yamlio.line_of(self.text, self.document, keys))
