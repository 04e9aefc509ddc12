"""One Kubernetes object as it would be sent to the API server, with its origin."""

from typing import Any

import msgspec

from gitops.model.ids import ObjectId, id_of
from gitops.model.origin import Origin

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Manifest(msgspec.Struct, frozen=True, array_like=True):
    """`raw` is the object as JSON, key order kept: bytes cannot be changed by a reader.

    `incomplete` says that some of the body is not known: `locked` when only the interface from the
    lock is there, `placeholder` when secret values stand as typed placeholders, else "".
    `revealed` says that the body holds values that were decrypted here: it is never kept anywhere.
    """

    id: ObjectId
    origin: Origin
    raw: bytes
    incomplete: str = ""
    revealed: bool = False

    def body(self) -> dict[str, Any]:
        """A fresh copy of the object; the caller may change it."""
        return _decode(self.raw)


def manifest(
    body: dict[str, Any], origin: Origin, incomplete: str = "", *, revealed: bool = False
) -> Manifest:
    """Freeze a body. Its keys are strings and its values JSON values."""
    return Manifest(id_of(body), origin, _encode(body), incomplete, revealed)
