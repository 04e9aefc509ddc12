"""Secrets of a configuration: there, of the right form, and only where they belong.

Source: Talos v1.13.9, `v1alpha1_validation.go`. A reference that nobody followed yet counts as
there; what it leads to is judged by `gitops talos secrets check`.
"""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator

from gitops.model.finding import Finding
from gitops.talos.semantics.subject import Subject

_TOKEN = re.compile(r"[0-9a-z]{6}\.[0-9a-z]{16}")
_REFERENCE = "op://"
_HINT = "it comes from the bundle of secrets"


def findings(subject: Subject) -> Iterator[Finding]:
    """Keys that are missing, in the wrong place, or none."""
    for check in (_authorities, _tokens, _encryption, _service_account):
        yield from check(subject)


def _authorities(subject: Subject) -> Iterator[Finding]:
    """Whoever holds the keys can make certificates for anybody: so control planes alone do."""
    names = (("machine", "ca"), ("cluster", "ca"), ("cluster", "aggregatorCA"))
    for at in (*names, ("cluster", "etcd", "ca")):
        if subject.is_control_plane:
            for part in ("crt", "key"):
                yield from _pem(subject, (*at, part))
        elif subject.get(*at, "key"):
            words = "is for control planes only"
            yield subject.error("talos/secret", (*at, "key"), words, "leave it out here")


def _pem(subject: Subject, at: tuple[str, ...]) -> Iterator[Finding]:
    text = subject.get(*at)
    if not text:
        yield subject.error("talos/secret", at, "is missing", _HINT)
    elif not str(text).startswith(_REFERENCE) and not _decoded(str(text)).startswith(
        b"-----BEGIN "
    ):
        words = "is not the base64 of a text in PEM"
        yield subject.error("talos/secret", at, words, _HINT)


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (Error, ValueError):
        return b""


def _tokens(subject: Subject) -> Iterator[Finding]:
    for at in (("machine", "token"), ("cluster", "token")):
        text = str(subject.get(*at) or "")
        if not text:
            yield subject.error("talos/secret", at, "is missing", _HINT)
        elif not text.startswith(_REFERENCE) and not _TOKEN.fullmatch(text):
            words = "is no token: six and sixteen letters or digits, with a dot between"
            yield subject.error("talos/secret", at, words, _HINT)


def _encryption(subject: Subject) -> Iterator[Finding]:
    """With what the API server encrypts Secrets in etcd."""
    fields = ("secretboxEncryptionSecret", "aescbcEncryptionSecret")
    found = [field for field in fields if subject.get("cluster", field)]
    if not found and subject.is_control_plane:
        words = "is missing: Secrets would lie in etcd, and in its backups, for all to read"
        yield subject.error("talos/secret", ("cluster", fields[0]), words, _HINT)
    if len(found) > 1:
        words = "cannot be beside secretboxEncryptionSecret"
        yield subject.error("talos/secret", ("cluster", fields[1]), words, "keep secretbox")
    for field in found:
        text = str(subject.get("cluster", field))
        if not text.startswith(_REFERENCE) and len(_decoded(text)) != 32:
            words = "is not the base64 of 32 bytes"
            yield subject.error("talos/secret", ("cluster", field), words, _HINT)


def _service_account(subject: Subject) -> Iterator[Finding]:
    if subject.is_control_plane:
        yield from _pem(subject, ("cluster", "serviceAccount", "key"))
