"""Documents about volumes.

Source: Talos v1.13.9, `pkg/machinery/config/types/block`. The label of a partition has 36
characters, of which `u-` or `r-` are two.
"""

import re
from collections.abc import Iterator
from typing import Any

from gitops.check.schemas.cel.values import CelError
from gitops.model.estate import Disk
from gitops.model.finding import Finding
from gitops.talos import selectors
from gitops.talos.documents import Document
from gitops.talos.selectors import Unknowable
from gitops.talos.semantics import sizes
from gitops.talos.semantics.subject import Subject, dig

_NAME = re.compile(r"[A-Za-z0-9-]{1,34}")
_SYSTEM = ("STATE", "EPHEMERAL", "IMAGECACHE")
_SIZE = "write a number and a unit, such as 100GB or 10GiB"
_MATCH = ("provisioning", "diskSelector", "match")


def findings(subject: Subject) -> Iterator[Finding]:
    """Volumes that Talos refuses, and disks that are not meant for them."""
    for document in subject.documents.of("UserVolumeConfig", "RawVolumeConfig"):
        if not _NAME.fullmatch(document.name):
            words = f"is {document.name!r}: letters, digits and hyphens, at most 34"
            yield subject.about("talos/volume", document, ("name",), words, "rename it")
        yield from _by_type(subject, document)
    for document in subject.documents.of("VolumeConfig"):
        if document.name not in _SYSTEM:
            words = f"is {document.name!r}, and Talos has {', '.join(_SYSTEM)}"
            hint = "a volume of your own is a UserVolumeConfig"
            yield subject.about("talos/volume", document, ("name",), words, hint)
        if document.name == "STATE" and document.value.get("provisioning"):
            words = "cannot be for STATE, which is where Talos is installed"
            yield subject.about("talos/volume", document, ("provisioning",), words, "remove it")
    if not any(subject.documents.of("UserVolumeConfig")):
        words = "has no UserVolumeConfig, and OpenEBS keeps its volumes on the disk `local`"
        yield subject.error("talos/volume", (), words, "add one")


def _by_type(subject: Subject, document: Document) -> Iterator[Finding]:
    kind = document.value.get("volumeType", "partition")
    given = document.value.get("provisioning")
    spec = given if isinstance(given, dict) else {}
    if kind == "directory":
        for field in ("provisioning", "filesystem", "encryption", "mount"):
            if document.value.get(field):
                words = "cannot be with volumeType directory"
                yield subject.about("talos/volume", document, (field,), words, "remove it")
        return
    yield from _disk(subject, document)
    if kind == "disk":
        for field in ("minSize", "maxSize", "grow"):
            if field in spec:
                at, words = ("provisioning", field), "cannot be with volumeType disk"
                yield subject.about("talos/volume", document, at, words, "remove it")
    elif kind == "partition":
        yield from _sizes(subject, document, spec)
    else:
        words = f"is {kind!r}; there are partition, disk and directory"
        yield subject.about("talos/volume", document, ("volumeType",), words, "correct it")


def _sizes(subject: Subject, document: Document, spec: dict[str, Any]) -> Iterator[Finding]:
    """`maxSize` may be a share of the disk, or what is left free of it."""
    if not spec.get("minSize") and not spec.get("maxSize"):
        words = "has neither minSize nor maxSize"
        yield subject.about("talos/volume", document, ("provisioning",), words, "say one of them")
        return
    found: dict[str, int] = {}
    for field in ("minSize", "maxSize"):
        text = str(spec.get(field, ""))
        is_relative = field == "maxSize" and (text.endswith("%") or text.startswith("-"))
        if not text or is_relative:
            continue
        try:
            found[field] = sizes.size(text)
        except sizes.NoSize as cause:
            yield subject.about(
                "talos/volume", document, ("provisioning", field), str(cause), _SIZE
            )
    if found.get("minSize", 0) > found.get("maxSize", found.get("minSize", 0)):
        words = f"is {spec['minSize']}, more than maxSize {spec['maxSize']}"
        hint = "lower minSize, or raise maxSize"
        yield subject.about("talos/volume", document, ("provisioning", "minSize"), words, hint)
    local = subject.node.disks.local.size
    if found.get("minSize", 0) > local:
        words = f"is {spec['minSize']}, and the disk `local` has {local} bytes"
        hint = "lower minSize, or correct the size of the disk in fleet.yaml"
        yield subject.about("talos/volume", document, ("provisioning", "minSize"), words, hint)


def _disk(subject: Subject, document: Document) -> Iterator[Finding]:
    """One disk, and the one that fleet.yaml means: never the one of Ceph."""
    disks, text = subject.node.disks, dig(document.value, *_MATCH)
    wanted = "ceph" if document.kind == "RawVolumeConfig" else "local"
    hint = f'select it by its number: disk.wwid == "{getattr(disks, wanted).wwid}"'
    if not text:
        yield subject.about("talos/selector", document, _MATCH, "is missing", hint)
        return
    try:
        selector = selectors.read(str(text), "disk")
        uses = {"install": disks.install, "ceph": disks.ceph, "local": disks.local}
        found = [
            use
            for use, disk in uses.items()
            if selector.holds(_fields(disk), system_disk=use == "install")
        ]
    except CelError as cause:
        yield subject.about("talos/selector", document, _MATCH, f"is no selector: {cause}", hint)
        return
    except Unknowable as cause:
        words = f"selects nobody knows what: {cause}"
        yield subject.about("talos/selector", document, _MATCH, words, hint)
        return
    if found != [wanted]:
        words = f"selects {' and '.join(found) or 'no disk'}; fleet.yaml means the disk `{wanted}`"
        yield subject.about("talos/selector", document, _MATCH, words, hint)


def _fields(disk: Disk) -> dict[str, Any]:
    return {
        "size": disk.size,
        "serial": disk.serial,
        "wwid": disk.wwid,
        "transport": disk.transport.value,
        "symlinks": [disk.path],
        "readonly": False,
        "cdrom": False,
        "rotational": False,
    }
