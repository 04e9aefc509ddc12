"""Resources of a build, as kustomize-controller decrypts them (DecryptResource): objects with a
`sops` block, and Secrets in whose data a generator has put an encrypted file."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from gitops.model import secret
from gitops.model.ids import id_of
from gitops.sources.age import Keyring
from gitops.sources.sops import files, formats, objects
from gitops.sources.sops.formats import Format
from gitops.sources.sops.outcome import Damage, Damaged, Decrypted, DecryptedFile, NoKey


def is_encrypted(body: Mapping[str, Any]) -> bool:
    """Whether Flux would decrypt the resource."""
    return objects.has_block(body) or any(_enclosed(body))


def decrypt_object(body: Mapping[str, Any], keyring: Keyring) -> Decrypted | NoKey | Damaged:
    """The resource with plain values and without its `sops` block.

    A value that the rule of the file says is encrypted, and is not, is damage: Flux refuses it.
    """
    if objects.has_block(body):
        return objects.decrypt_values(body, keyring)
    plain: dict[str, Any] = {}
    damages: list[Damage] = []
    for key, content, form in _enclosed(body):
        match files.decrypt_file(content, form, keyring, formats.format_of(key)):
            case DecryptedFile(text):
                plain[key] = base64.b64encode(text).decode()
            case Damaged(found):
                damages += [Damage(("data", key, *one.pointer), one.reason) for one in found]
            case no_key:
                return no_key
    return Damaged(tuple(damages)) if damages else Decrypted(_with_data(body, plain))


def placeholders(body: Mapping[str, Any]) -> dict[str, Any]:
    """The resource without its `sops` block, with a stand-in of its type for each encrypted value.

    In the `data` of a Secret the stand-in is encoded as Kubernetes wants it.
    """
    if objects.has_block(body):
        return objects.stand_in_values(body)
    owner = str(id_of(body))
    stand_ins = {
        key: files.stand_in_file(content, form, f"{owner}/{key}", formats.format_of(key))
        for key, content, form in _enclosed(body)
    }
    encoded = {key: base64.b64encode(text).decode() for key, text in stand_ins.items()}
    return _with_data(body, encoded)


def holds_placeholder(body: Mapping[str, Any]) -> bool:
    """Whether a stand-in is part of any value, also where a generator encoded it.

    Numbers and booleans that stand in are not to be told from others.
    """
    found: list[bool] = []
    data = body.get("data")
    if body.get("kind") == "Secret" and isinstance(data, Mapping):
        texts = (_decoded(value).decode(errors="replace") for value in data.values())
        found += map(secret.holds_placeholder, texts)
    objects.rebuild(body, lambda value, *_: found.append(secret.holds_placeholder(str(value))))
    return any(found)


def _enclosed(body: Mapping[str, Any]) -> Iterator[tuple[str, bytes, Format]]:
    """The keys of a Secret's data that hold an encrypted file."""
    data = body.get("data")
    if body.get("kind") != "Secret" or not isinstance(data, Mapping):
        return
    for key, value in data.items():
        content = _decoded(value)
        form = formats.detect(content)
        if form is not None:
            yield key, content, form


def _decoded(value: object) -> bytes:
    """Empty for what is no base64: that becomes an error when it is applied."""
    try:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        return b""


def _with_data(body: Mapping[str, Any], plain: Mapping[str, str]) -> dict[str, Any]:
    return {**body, "data": {**body["data"], **plain}} if plain else dict(body)
