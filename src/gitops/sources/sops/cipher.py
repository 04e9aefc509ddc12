"""Single values: `ENC[AES256_GCM,data:…,iv:…,tag:…,type:…]`."""

import base64
import binascii
import math
import re

import msgspec

from gitops.sources.age import Keyring
from gitops.sources.sops.metadata import KEY, TIME, KeyGroup, Metadata
from gitops.sources.sops.outcome import Damaged, NoKey, damaged

Scalar = str | int | float | bool | bytes

_VALUE = re.compile(
    r"ENC\[AES256_GCM,data:([A-Za-z0-9+/=]+),iv:([A-Za-z0-9+/=]+),"
    r"tag:([A-Za-z0-9+/=]+),type:([a-z]+)\]"
)
_MOST_TRIED = 100
_INTEGER = re.compile(r"[+-]?[0-9]+")
_BOOLEANS = dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True) | dict.fromkeys(
    ("0", "f", "F", "FALSE", "false", "False"), False
)


class Encrypted(msgspec.Struct, frozen=True):
    """An encrypted value. `kind` is the type it has when it is open."""

    data: bytes
    nonce: bytes
    kind: str


def parse(text: str) -> Encrypted | None:
    """The encrypted value in a text, or None. What follows counts for nothing, as in sops."""
    found = _VALUE.match(text)
    if found is None:
        return None
    try:
        data, nonce, tag = (base64.b64decode(part, validate=True) for part in found.groups()[:3])
    except binascii.Error:
        return None
    return Encrypted(data + tag, nonce, found[4])


class Cipher:
    """AES-256-GCM with one file's data key. The path of a value is authenticated with it."""

    def __init__(self, key: bytes) -> None:
        # Loading it takes 35 ms, which only those pay who have a key.
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        self._cipher = AESGCM(key)
        self._refusals = (InvalidTag, ValueError)

    def open(self, value: Encrypted, path: tuple[str, ...]) -> bytes | None:
        """The plain bytes, or None when they were changed or moved since they were encrypted."""
        return self._decrypt(value, ":".join(path) + ":")

    def open_mac(self, metadata: Metadata) -> str | None:
        """The MAC that sops stored, which it ties to the time of the last change."""
        value = parse(metadata.mac)
        plain = self._decrypt(value, metadata.lastmodified) if value else None
        return plain.decode(errors="replace") if plain is not None else None

    def _decrypt(self, value: Encrypted, proof: str) -> bytes | None:
        try:
            return self._cipher.decrypt(value.nonce, value.data, proof.encode())
        except self._refusals:
            return None


def unlock(metadata: Metadata, keyring: Keyring) -> Cipher | NoKey | Damaged:
    """The cipher of a file, for whoever holds a key to it."""
    groups = metadata.groups
    if not groups:
        return damaged((KEY,), "names nobody who could decrypt")
    if len(groups) > 1:
        return NoKey(metadata.recipients_of_all, "its data key is split among groups of keys")
    if not keyring:
        return NoKey(metadata.recipients_of_all)
    ours = frozenset(keyring.recipients)
    key = _data_key(groups[0], keyring, ours)
    if key is not None:
        return Cipher(key) if len(key) == 32 else damaged((KEY, "age"), "holds no AES-256 key")
    refused = ours.intersection(metadata.recipients_of_all)
    if refused:
        return damaged((KEY, "age"), f"is not opened by the key of {min(refused)}")
    return NoKey(metadata.recipients_of_all)


def _data_key(group: KeyGroup, keyring: Keyring, ours: frozenset[str]) -> bytes | None:
    """What any of our keys opens; the ones addressed to us come first, and not all of thousands."""
    ages = sorted(group.age or (), key=lambda age: age.recipient not in ours)
    opened = (keyring.open(age.enc) for age in ages[:_MOST_TRIED])
    return next((key for key in opened if key is not None), None)


def typed(kind: str, plain: bytes) -> Scalar | None:
    """The value that plain bytes stand for, or None when they are none of that type."""
    text = plain.decode(errors="surrogateescape")
    match kind:
        case "str":
            return text
        case "int":
            return int(text) if len(text) < 21 and _INTEGER.fullmatch(text) else None
        case "float":
            return _float(text)
        case "bool":
            return _BOOLEANS.get(text)
        case "bytes":
            return plain
        case "time":
            return text if TIME.fullmatch(text) else None
        case _:
            return None


def _float(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
