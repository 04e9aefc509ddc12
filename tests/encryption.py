"""Writes files as sops would, for tests that must run without it."""

import base64
import os
from collections.abc import Mapping
from hashlib import sha256, sha512
from typing import Any

import pyrage
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gitops.sources.age import Keyring

MODIFIED = "2026-01-02T03:04:05Z"


class Person:
    """Somebody with an age key."""

    def __init__(self) -> None:
        identity = pyrage.x25519.Identity.generate()
        self.secret = str(identity)
        self.recipient = str(identity.to_public())
        self.keyring = Keyring([self.secret])


class Encryption:
    """One file's data key and rule. `rule` holds settings of the `sops` block."""

    def __init__(self, person: Person, **rule: Any) -> None:
        self.rule = rule
        self._person = person
        self._key = os.urandom(32)
        self._sum = sha512(sha256(b"sops").digest() if rule.get("mac_only_encrypted") else b"")

    def value(self, plain: object, path: tuple[str, ...], kind: str = "") -> str:
        """One encrypted value; `path` is that of the keys, without list indexes."""
        text = plain if isinstance(plain, bytes) else _text(plain).encode()
        return self._seal(text, ":".join(path) + ":", kind or _kind(plain))

    def encrypt(self, body: Mapping[str, Any], *encrypted: str) -> dict[str, Any]:
        """The object with the values below these top-level keys encrypted, and its block."""
        sealed = {
            key: self._walk(value, (key,), key in encrypted or not encrypted)
            for key, value in body.items()
        }
        return {**sealed, "sops": self.block()}

    def block(self) -> dict[str, Any]:
        """The `sops` block, whose MAC sums up what was encrypted so far."""
        recipient = pyrage.x25519.Recipient.from_str(self._person.recipient)
        armored = pyrage.encrypt(self._key, [recipient], armored=True).decode()
        return {
            "age": [{"recipient": self._person.recipient, "enc": armored}],
            "lastmodified": MODIFIED,
            "mac": self._seal(self._sum.hexdigest().upper().encode(), MODIFIED, "str"),
            **self.rule,
            "version": "3.13.2",
        }

    def _walk(self, value: Any, path: tuple[str, ...], encrypts: bool) -> Any:
        match value:
            case dict():
                return {k: self._walk(inner, (*path, k), encrypts) for k, inner in value.items()}
            case list():
                return [self._walk(inner, path, encrypts) for inner in value]
            case None:
                return None
        if encrypts or not self.rule.get("mac_only_encrypted"):
            self._sum.update(_text(value).encode())
        return self.value(value, path) if encrypts and value != "" else value

    def _seal(self, plain: bytes, proof: str, kind: str) -> str:
        nonce = os.urandom(32)
        sealed = AESGCM(self._key).encrypt(nonce, plain, proof.encode())
        data, tag = (base64.b64encode(part).decode() for part in (sealed[:-16], sealed[-16:]))
        iv = base64.b64encode(nonce).decode()
        return f"ENC[AES256_GCM,data:{data},iv:{iv},tag:{tag},type:{kind}]"


def _text(value: object) -> str:
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _kind(value: object) -> str:
    return {bool: "bool", int: "int", float: "float"}.get(type(value), "str")
