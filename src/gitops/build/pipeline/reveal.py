"""Secrets of one Kustomization: decrypted where a key is at hand, stood in for where none is.

Source: kustomize-controller, internal/decryptor: DecryptSources before the build, DecryptResource
after it; a Secret that is still encrypted then fails the Kustomization.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import msgspec

from gitops.build import written
from gitops.build.written import Read
from gitops.errors import PathError
from gitops.model import finding, manifest
from gitops.model.finding import Finding, Severity
from gitops.model.flux import Kustomization
from gitops.model.manifest import Manifest
from gitops.model.origin import NOWHERE
from gitops.sources import tree, yamlio
from gitops.sources.age import Keyring
from gitops.sources.sops import audit, files, resources
from gitops.sources.sops.formats import Format
from gitops.sources.sops.outcome import Decrypted
from gitops.sources.tree import Kind, SourceTree

_ENCRYPTED = b"ENC[AES256_GCM"
_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def is_wanted(kustomization: Kustomization) -> bool:
    """Whether Flux decrypts anything for this Kustomization."""
    decryption = kustomization.spec.decryption
    return decryption is not None and decryption.provider == "sops"


def encrypted_files(source: SourceTree, body: Mapping[str, Any], folder: str) -> dict[str, Format]:
    """The files that generators and patches name, here and in the folders that are built in.

    Of a file that is named twice, the first mention tells the format.
    """
    found: dict[str, Format] = {}
    pending: list[tuple[Mapping[str, Any], str]] = [(body, folder)]
    seen = {folder}
    while pending:
        here, place = pending.pop()
        found = {**files.files_of(here, place), **found}
        for below in _folders(source, here, place):
            if below not in seen:
                seen.add(below)
                pending.append((_kustomization(source, below), below))
    return found


def reveal(
    manifests: Iterable[Manifest], kustomization: Kustomization, keyring: Keyring, read: Read
) -> tuple[tuple[Manifest, ...], tuple[Finding, ...]]:
    """The manifests with secrets readable, or with stand-ins and marked so. `read` gives a source
    file, or raises PathError: findings name the line of a field."""
    plain: list[Manifest] = []
    findings: list[Finding] = []
    for each in manifests:
        if b'"sops"' not in each.raw and each.id.kind != "Secret":
            plain.append(each)
            continue
        body = each.body()
        locate = partial(written.place, origin=each.origin, read=read)
        seen = audit.examine(body, locate) if _is_marked(each) else ()
        findings.extend(_about(each, seen))
        if not resources.is_encrypted(body):
            is_made_up = resources.holds_placeholder(body)
            marked = msgspec.structs.replace(each, incomplete="placeholder")
            plain.append(marked if is_made_up else each)
        elif is_wanted(kustomization):
            revealed, why = _revealed(each, body, keyring)
            plain.append(revealed)
            findings.extend(_about(each, () if _is_told(seen) else why))
        else:
            findings.append(_left_encrypted(each, kustomization))
            plain.append(_stood_in(each, body))
    return tuple(plain), tuple(findings)


def _is_marked(each: Manifest) -> bool:
    return _ENCRYPTED in each.raw


def _is_told(seen: Iterable[Finding]) -> bool:
    """Whether it is known already, without a key, why something cannot be decrypted."""
    return any(found.severity is Severity.ERROR for found in seen)


def _about(each: Manifest, found: Iterable[Finding]) -> Iterator[Finding]:
    """A file may hold many objects, and the place is that of the object."""
    for one in found:
        message = f"{each.id}: {one.message}"
        yield msgspec.structs.replace(one, message=message, subject=each.id)


def _revealed(
    each: Manifest, body: dict[str, Any], keyring: Keyring
) -> tuple[Manifest, tuple[Finding, ...]]:
    match resources.decrypt_object(body, keyring):
        case Decrypted(plain):
            return manifest.manifest(plain, each.origin, revealed=True), ()
        case outcome:
            return _stood_in(each, body), audit.report(outcome, each.origin.source)


def _stood_in(each: Manifest, body: dict[str, Any]) -> Manifest:
    return manifest.manifest(resources.placeholders(body), each.origin, "placeholder")


def _left_encrypted(each: Manifest, kustomization: Kustomization) -> Finding:
    """Of a root that nothing declares, it is not known whether it decrypts."""
    at = kustomization.origin.source
    hint = "set spec.decryption.provider: sops and name the Secret with the age key"
    message = f"{each.id} is encrypted, and {kustomization.id} does not decrypt"
    if at == NOWHERE:
        message += ", unless whoever installed Flux made it do so"
        return finding.warning("sops/not-decrypted", each.origin.source, message, hint)
    return finding.error("sops/not-decrypted", each.origin.source, message, hint, at)


def _folders(source: SourceTree, body: Mapping[str, Any], place: str) -> list[str]:
    """Folders among `resources` and `components`; what is wrong with them kustomize will tell."""
    found = []
    for field in ("resources", "components", "bases"):
        for reference in body.get(field) or ():
            try:
                path = tree.resolve(place, reference)
                if source.kind(path) is Kind.FOLDER:
                    found.append(path)
            except (PathError, AttributeError, TypeError):
                continue
    return found


def _kustomization(source: SourceTree, folder: str) -> Mapping[str, Any]:
    for name in _NAMES:
        path = tree.join(folder, name)
        if source.kind(path) is Kind.FILE:
            documents, _ = yamlio.parse(source.read(path), path)
            value = documents[0].value if documents else None
            return value if isinstance(value, dict) else {}
    return {}
