"""How nodes are configured, as far as others have to know it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from gitops.model.origin import Location

Pointer = Sequence[str | int]

MAIN = "v1alpha1"
"""What the document without a kind is called here."""


class MachineDocument(msgspec.Struct, frozen=True):
    """One document of a configuration of Talos; `number` is which of them it is, from 0."""

    kind: str
    name: str
    value: dict[str, Any]
    number: int


class Machine(msgspec.Struct, frozen=True):
    """The configuration of a node. `locate` gives the place in the repository that decides a field
    of a document."""

    cluster: str
    node: str
    documents: tuple[MachineDocument, ...]
    locate: Callable[[MachineDocument, Pointer], Location]

    def of(self, *kinds: str) -> Iterator[MachineDocument]:
        """The documents of some kinds."""
        return (each for each in self.documents if each.kind in kinds)

    def get(self, *way: str | int) -> Any:
        """A field of the document without a kind; None where it is not there."""
        found: Any = next((each.value for each in self.of(MAIN)), None)
        for part in way:
            match found:
                case dict() if part in found:
                    found = found[part]
                case list() if isinstance(part, int) and part < len(found):
                    found = found[part]
                case _:
                    return None
        return found

    def at(self, *way: str | int) -> Location:
        """The place of such a field, or of the nearest thing around it."""
        main = next(self.of(MAIN), None) or self.documents[0]
        return self.locate(main, way)
