"""Whole objects, as kustomize-controller decrypts them between building and substituting."""

import base64
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from hashlib import sha256, sha512
from typing import Any

from gitops.model.ids import id_of
from gitops.model.secret import placeholder
from gitops.sources.age import Keyring
from gitops.sources.sops import cipher, metadata
from gitops.sources.sops.cipher import Cipher, Scalar
from gitops.sources.sops.metadata import KEY, Metadata, Rule
from gitops.sources.sops.outcome import Damage, Damaged, Decrypted, NoKey, Pointer
from gitops.sources.yamlio import scalars

Leaf = Callable[[Any, tuple[str, ...], Pointer], Any]
"""What becomes of a value, given the keys that lead to it and the whole way."""

_MOST_TRIES = 100_000
"""Of paths for comments, in one file; that takes a fraction of a second."""


def has_block(body: Mapping[str, Any]) -> bool:
    """Whether an object has a `sops` block with a MAC, which makes Flux decrypt it."""
    block = body.get(KEY)
    return isinstance(block, Mapping) and bool(block.get("mac"))


def decrypt_values(body: Mapping[str, Any], keyring: Keyring) -> Decrypted | NoKey | Damaged:
    """The object without its `sops` block and with plain values.

    A value that the rule of the file says is encrypted, and is not, is damage: Flux refuses it.
    """
    opened = open_block(body.get(KEY), keyring)
    if not isinstance(opened, Opened):
        return opened
    plain = rebuild(body, lambda *place: _as_json(opened.value(*place)))
    return Damaged(tuple(sorted(opened.damages))) if opened.damages else Decrypted(plain)


def stand_in_values(body: Mapping[str, Any]) -> dict[str, Any]:
    """The object without its `sops` block, with a stand-in of its type for each encrypted value.

    In the `data` of a Secret the stand-in is encoded as Kubernetes wants it.
    """
    identity = id_of(body)
    names = (identity.kind, identity.namespace, identity.name)
    owner = ["" if cipher.parse(name) else name for name in names]

    def leaf(value: Any, path: tuple[str, ...], pointer: Pointer) -> Any:
        encrypted = cipher.parse(value) if isinstance(value, str) else None
        if encrypted is None:
            return value
        stand_in = stand_in_for(encrypted.kind, *owner, *map(str, pointer))
        if identity.kind == "Secret" and path[0] == "data" and isinstance(stand_in, str):
            return base64.b64encode(stand_in.encode()).decode()
        return stand_in

    return rebuild(body, leaf)


def mac_matches(bodies: Iterable[Mapping[str, Any]], keyring: Keyring) -> bool | None:
    """Whether nothing changed in a file since sops wrote it; None when that cannot be told.

    `bodies` are all documents of the file as read, keys in their order. Flux does not look at the
    MAC; sops does, and will not open the file any more.
    """
    bodies = list(bodies)
    opened = open_block(bodies[0].get(KEY) if bodies else None, keyring)
    if not isinstance(opened, Opened):
        return None
    for body in bodies:
        rebuild(body, opened.value)
    if opened.damages:
        return None
    return opened.mac() == opened.cipher.open_mac(opened.metadata)


class Opened:
    """A file that a key opens. It collects what is wrong with the values, and sums them up."""

    def __init__(self, block: Metadata, rule: Rule, unlocked: Cipher) -> None:
        self.metadata = block
        self.cipher = unlocked
        self.damages: list[Damage] = []
        self._rule = rule
        self._tries = _MOST_TRIES
        self._sum = sha512(sha256(b"sops").digest() if block.mac_only_encrypted else b"")

    def mac(self) -> str:
        """The sum over the values seen so far."""
        return self._sum.hexdigest().upper()

    def value(self, value: Any, path: tuple[str, ...], pointer: Pointer) -> Any:
        """The plain value."""
        if not self._rule.covers(path):
            if not self.metadata.mac_only_encrypted:
                self._sum.update(_bytes_of(value))
            return value
        if value == "":
            return value
        encrypted = cipher.parse(value) if isinstance(value, str) else None
        if encrypted is None:
            return self._damage(pointer, "should be encrypted and is not")
        plain = self.cipher.open(encrypted, path)
        if plain is None:
            return self._damage(pointer, "was changed or moved after it was encrypted")
        self._sum.update(plain)
        typed = cipher.typed(encrypted.kind, plain)
        if typed is None:
            return self._damage(pointer, f"does not hold the {encrypted.kind} that it says")
        return typed

    def comment(self, text: str, paths: Iterable[tuple[str, ...]]) -> str | None:
        """A plain comment; None when it is not encrypted. Which path it has, only trying tells."""
        encrypted = cipher.parse(text)
        if encrypted is None or encrypted.kind != "comment":
            return None
        for path in paths:
            self._tries -= 1
            plain = self.cipher.open(encrypted, path) if self._tries > 0 else None
            if plain is not None:
                return plain.decode(errors="surrogateescape")
        return None

    def _damage(self, pointer: Pointer, reason: str) -> None:
        self.damages.append(Damage(pointer, reason))


def open_block(block: object, keyring: Keyring) -> Opened | NoKey | Damaged:
    """What is needed to read the values of a file, from its `sops` block."""
    facts = metadata.read(block)
    if isinstance(facts, Damaged):
        return facts
    rule = metadata.rule(facts)
    if not isinstance(rule, Rule):
        return rule
    unlocked = cipher.unlock(facts, keyring)
    return Opened(facts, rule, unlocked) if isinstance(unlocked, Cipher) else unlocked


def rebuild(body: Mapping[str, Any], leaf: Leaf) -> dict[str, Any]:
    """A copy without the `sops` block, each value except null replaced by what `leaf` gives."""
    return {key: _rebuilt(value, (key,), (key,), leaf) for key, value in body.items() if key != KEY}


def stand_in_for(kind: str, *names: str) -> str | int | float | bool:
    """A value of a sops type that tells nothing but where it stands."""
    match kind:
        case "int":
            return 0
        case "float":
            return 0.5
        case "bool":
            return False
        case "time":
            return "1970-01-01T00:00:00Z"
        case _:
            return placeholder(*names)


def _rebuilt(value: Any, path: tuple[str, ...], pointer: Pointer, leaf: Leaf) -> Any:
    match value:
        case Mapping():
            return {
                key: _rebuilt(inner, (*path, key), (*pointer, key), leaf)
                for key, inner in value.items()
            }
        case list():
            return [
                _rebuilt(inner, path, (*pointer, index), leaf) for index, inner in enumerate(value)
            ]
        case None:
            return None
        case _:
            return leaf(value, path, pointer)


def _as_json(value: Scalar | None) -> Any:
    """What is left of a Go value after Go's JSON."""
    match value:
        case float():
            return scalars.json_number(value)
        case bytes():
            return base64.b64encode(value).decode()
        case str() if not value.isascii():
            return value.encode(errors="surrogateescape").decode(errors="gitops-each")
        case _:
            return value


def _bytes_of(value: Any) -> bytes:
    """What sops sums up of a plain value (sops.ToBytes)."""
    match value:
        case bool():
            return b"True" if value else b"False"
        case float():
            return f"{Decimal(repr(value)):f}".removesuffix(".0").encode()
        case _:
            return str(value).encode(errors="surrogateescape")
