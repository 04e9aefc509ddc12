"""Results of earlier builds, under the names of all they depend on."""

from typing import Protocol


class Store(Protocol):
    """Results of earlier builds. Losing any costs only time."""

    def get(self, kind: str, key: str) -> bytes | None:
        """What was put, or None."""

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Keep an entry if that is possible."""
