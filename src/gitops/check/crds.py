"""CustomResourceDefinitions, read as far as most questions go.

They are nine tenths of what clusters apply, byte by byte, and nearly all of that is schemas that
no object needs: those stay texts until one does.
"""

from typing import Any

import msgspec

from gitops.check.index import Index, Owned

GROUP, KIND = "apiextensions.k8s.io", "CustomResourceDefinition"


class _Schema(msgspec.Struct, frozen=True, rename={"text": "openAPIV3Schema"}):
    text: msgspec.Raw = msgspec.Raw(b"")


class Version(msgspec.Struct, frozen=True, rename="camel"):
    """One version of a kind, as its definition describes it."""

    name: str = ""
    served: Any = None
    deprecated: Any = None
    deprecation_warning: Any = None
    schema: _Schema | None = None

    @property
    def text(self) -> bytes:
        """The schema as JSON; b"" where there is none."""
        text = bytes(self.schema.text) if self.schema else b""
        return text if text.startswith(b"{") else b""


class _Names(msgspec.Struct, frozen=True):
    kind: str = ""


class Spec(msgspec.Struct, frozen=True):
    """What a definition says. `conversion` has not been looked at."""

    group: str = ""
    names: _Names = _Names()
    versions: tuple[Version, ...] = ()
    conversion: Any = None


class _Definition(msgspec.Struct, frozen=True):
    spec: Spec = Spec()


_decode = msgspec.json.Decoder(_Definition).decode
_UNREADABLE = Spec()


def read(definition: bytes) -> Spec:
    """What a definition in JSON says; nothing where it is of another form, which is told of when it
    is held against the schema of its own kind."""
    try:
        return _decode(definition).spec
    except msgspec.ValidationError:
        return _UNREADABLE


class _Read(dict[bytes, Spec]):
    """Definitions by their bytes, which clusters share."""

    def __init__(self, _facts: Index) -> None:
        super().__init__()

    def __missing__(self, definition: bytes) -> Spec:
        found = self[definition] = read(definition)
        return found


def of(facts: Index, owned: Owned) -> Spec:
    """What a definition in the cluster says."""
    return facts.shared(_Read)[owned.manifest.raw]
