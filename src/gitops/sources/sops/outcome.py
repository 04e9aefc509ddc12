"""What trying to decrypt can come to."""

from typing import Any

import msgspec

Pointer = tuple[str | int, ...]
"""The way to a field: keys and list indexes."""


class Decrypted(msgspec.Struct, frozen=True):
    """The object as Flux would apply it. It is secret: not to be kept, not to be shown."""

    body: dict[str, Any]

    def __repr__(self) -> str:
        return "Decrypted(…)"


class DecryptedFile(msgspec.Struct, frozen=True):
    """The file as kustomize would read it in Flux. It is secret: not to be kept or shown."""

    content: bytes

    def __repr__(self) -> str:
        return "DecryptedFile(…)"


class NoKey(msgspec.Struct, frozen=True):
    """It cannot be opened here; these could, age recipients by name and others by their kind.

    `reason` is for a person, empty when it is only that none of the keys at hand fits.
    """

    recipients: tuple[str, ...]
    reason: str = ""


class Damage(msgspec.Struct, frozen=True, order=True):
    """One thing that keeps Flux from decrypting; `reason` never quotes a value."""

    pointer: Pointer
    reason: str

    def __str__(self) -> str:
        return f"{dotted(self.pointer)} {self.reason}"


class Damaged(msgspec.Struct, frozen=True):
    """Flux fails to decrypt it, and so do we."""

    damages: tuple[Damage, ...]


def damaged(pointer: Pointer, reason: str) -> Damaged:
    """One damage."""
    return Damaged((Damage(pointer, reason),))


def dotted(pointer: Pointer) -> str:
    """`("spec", "ports", 0)` -> `spec.ports[0]`"""
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in pointer)
    return words.removeprefix(".") or "the file"
