"""Secrets that anybody can read who can read the repository."""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from gitops.check import index
from gitops.check.fields import mapping, text
from gitops.check.index import Index, Owned
from gitops.model import finding, secret
from gitops.model.finding import Finding

_SECRET = re.compile(r"(?i)pass(word|wd|phrase)?$|token|secret|api-?_?key|private|credential")
_STAND_IN = re.compile(
    r"(?i)\$\{|ENC\[|<.*>|change-?_?me|example|placeholder|dummy|xxx|\*\*\*|^(\W)*$"
)
_PLACE = re.compile(r"(?i)ur[il]$|endpoint$|issuer$")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/@?#]+(?:/(?![^/\s]*[A-Za-z0-9]{16})[^\s/@?#]*)*")
"""An address that nobody logs in with, and without a word that only a machine makes up: it tells
where a token is given, and is none."""
_LEAST = 8
"""Characters below which a value is taken for a setting."""


def readable(facts: Index) -> Iterator[Finding]:
    """A Secret that a file of the repository holds is encrypted there.

    Told of keys whose name says that they are secret; words that stand in for a value, and what was
    encrypted, are left out. What charts make is theirs.
    """
    for owned in facts.of("", "Secret"):
        found = owned.manifest
        if found.incomplete or found.revealed or "@" in found.origin.source.path:
            continue
        keys = [(way, key) for way, key, value in _values(facts, owned) if _is_secret(key, value)]
        if keys:
            way, _ = keys[0]
            names = ", ".join(key for _, key in keys)
            mistake = finding.error(
                "secret/plaintext",
                facts.at(owned, *way),
                f"{found.id} holds {names} in plain text: whoever reads the repository has it",
                "change the secret, and keep it encrypted with SOPS or in a vault",
            )
            yield index.about(found.id, mistake)


def _values(facts: Index, owned: Owned) -> Iterator[tuple[tuple[str, str], str, str]]:
    body = facts.body(owned.manifest)
    for key, value in mapping(body.get("stringData")).items():
        yield ("stringData", key), key, text(value)
    for key, value in mapping(body.get("data")).items():
        yield ("data", key), key, _decoded(value)


def _decoded(value: Any) -> str:
    try:
        return base64.b64decode(text(value), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _is_secret(key: str, value: str) -> bool:
    named = _SECRET.search(key) is not None and not secret.is_public(value)
    told = _STAND_IN.search(value) or (_PLACE.search(key) and _ADDRESS.fullmatch(value.strip()))
    return named and len(value) >= _LEAST and not told


RULES = (readable,)
