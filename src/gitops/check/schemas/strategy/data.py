"""ConfigMaps and Secrets.

Source: Kubernetes `pkg/apis/core/validation`, ValidateConfigMap and ValidateSecret. Values of
`stringData` take the place of those in `data` before.
"""

import base64
import binascii
import json
from collections.abc import Iterator
from typing import Any

from gitops.check.fields import mapping, text
from gitops.check.schemas import names
from gitops.check.schemas.problem import Pointer, Problem, conflict, required, wrong
from gitops.model import secret as secret_values

_MOST = 1024 * 1024
_NEEDED = {
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}
_ACCOUNT = "kubernetes.io/service-account.name"


def keys(body: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Keys can be names of files."""
    for field in ("data", "binaryData", "stringData"):
        for key in mapping(body.get(field)):
            if not names.is_key_of_data(key):
                words = "letters, digits, - _ and ., at most 253 characters"
                yield wrong((*at, field, key), f"{key!r} is no key of data: {words}")


def config_map(body: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Each key is there once, and all values fit."""
    texts, binary = mapping(body.get("data")), mapping(body.get("binaryData"))
    for key in texts.keys() & binary.keys():
        yield conflict((*at, "binaryData", key), "is a key of data, too")
    size = sum(len(text(value).encode()) for value in texts.values())
    size += sum(len(_decoded(value)) for value in binary.values())
    if size > _MOST:
        yield wrong((*at, "data"), f"takes {size} bytes of the {_MOST} there are")


def secret(body: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A Secret holds what its type needs, and all values fit."""
    plain = mapping(body.get("stringData"))
    data = {**mapping(body.get("data")), **plain}
    own = "stringData" if plain else "data"
    for key in _NEEDED.get(text(body.get("type")), ()):
        empty = key == "ssh-privatekey" and not data.get(key)
        if key not in data or empty:
            yield required((*at, own, key), f"in a Secret of type {body['type']}")
        elif key.startswith(".docker") and not _is_object(data[key], plain=key in plain):
            yield wrong((*at, "stringData" if key in plain else "data", key), "is no JSON object")
    if body.get("type") == "kubernetes.io/basic-auth" and not data.keys() & {
        "username",
        "password",
    }:
        yield required((*at, own, "username"), f"in a Secret of type {body['type']}")
    if body.get("type") == "kubernetes.io/service-account-token":
        marks = mapping(mapping(body.get("metadata")).get("annotations"))
        if not marks.get(_ACCOUNT):
            yield required((*at, "metadata", "annotations", _ACCOUNT))
    size = sum(
        len(text(value).encode() if key in plain else _decoded(value))
        for key, value in data.items()
    )
    if size > _MOST:
        yield wrong((*at, "data"), f"takes {size} bytes of the {_MOST} there are")


def _is_object(value: object, *, plain: bool) -> bool:
    """Whether a value is one, or stands for one that is not known; in `data` both are encoded."""
    read = text(value).encode() if plain else _decoded(value)
    if secret_values.holds_placeholder(read.decode(errors="replace")):
        return True
    try:
        return isinstance(json.loads(read), dict | None)
    except ValueError:
        return False


def _decoded(value: object) -> bytes:
    try:
        return base64.b64decode(text(value))
    except (binascii.Error, ValueError):
        return b""


RULES = (
    ("core.v1.ConfigMap", keys),
    ("core.v1.ConfigMap", config_map),
    ("core.v1.Secret", keys),
    ("core.v1.Secret", secret),
)
