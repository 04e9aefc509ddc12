"""`machine.install`: the disk that Talos takes, and the image that it takes it from.

Source: Talos v1.13.9, `v1alpha1_validation.go` and `InstallConfig.DiskMatchExpression`.
"""

import re
from collections.abc import Iterator
from typing import Any

from gitops.model.estate import Disk, Transport
from gitops.model.finding import Finding
from gitops.talos import selectors
from gitops.talos.semantics import sizes
from gitops.talos.semantics.subject import Subject

_INSTALL = ("machine", "install")
_SIZE = re.compile(r"(?P<operator>==|<=|>=|<|>)?\s*(?P<size>.+)")
_TYPES = ("ssd", "hdd", "nvme", "sd")
_IMAGE = re.compile(
    r"factory\.talos\.dev/(?P<kind>[a-z0-9-]+)/(?P<schematic>[0-9a-f]{64}):(?P<version>v[^@]+)"
)


def findings(subject: Subject) -> Iterator[Finding]:
    """What would install nothing, something else, or somewhere else."""
    install = subject.get(*_INSTALL)
    if not isinstance(install, dict):
        hint = "on metal Talos refuses the configuration"
        yield subject.error("talos/install", _INSTALL, "is missing", hint)
        return
    if install.get("extraKernelArgs") and install.get("grubUseUKICmdline", False):
        words = "cannot be beside grubUseUKICmdline"
        hint = "put arguments of the kernel into talos/schematic.yaml"
        yield subject.error("talos/install", (*_INSTALL, "extraKernelArgs"), words, hint)
    yield from _disk(subject, install)
    yield from _image(subject, str(install.get("image", "")))


def _disk(subject: Subject, install: dict[str, Any]) -> Iterator[Finding]:
    selector, path = install.get("diskSelector"), install.get("disk")
    wanted = subject.node.disks.install
    if not path and not selector:
        words = "has neither disk nor diskSelector"
        yield subject.error("talos/install", _INSTALL, words, _way_out(wanted))
    elif path and path != wanted.path:
        words = f"is {path}, and fleet.yaml installs on {wanted.path}"
        yield subject.error("talos/install", (*_INSTALL, "disk"), words, _way_out(wanted))
    elif isinstance(selector, dict):
        yield from _selected(subject, selector)


def _selected(subject: Subject, selector: dict[str, Any]) -> Iterator[Finding]:
    at, disks = (*_INSTALL, "diskSelector"), subject.node.disks
    hint = _way_out(disks.install)
    if "name" in selector:
        words = "is not taken by Talos any more"
        yield subject.error("talos/install", (*at, "name"), words, hint)
        return
    try:
        each = {"install": disks.install, "ceph": disks.ceph, "local": disks.local}
        found = [use for use, disk in each.items() if _fits(disk, selector)]
    except sizes.NoSize as cause:
        yield subject.error("talos/install", (*at, "size"), str(cause), hint)
        return
    if found != ["install"]:
        what = " and ".join(found) or "no disk"
        words = f"selects {what}; fleet.yaml installs on the disk `install`"
        yield subject.error("talos/install", at, words, hint)


def _fits(disk: Disk, selector: dict[str, Any]) -> bool:
    """Whether a disk is selected. What fleet.yaml does not say, such as a model, may be of any."""
    return all(_matches(disk, key, str(value)) for key, value in selector.items())


def _matches(disk: Disk, key: str, value: str) -> bool:
    match key:
        case "wwid":
            return selectors.glob(value, disk.wwid)
        case "serial":
            return selectors.glob(value, disk.serial)
        case "size":
            return _compared(disk.size, value)
        case "type" if value in _TYPES:
            # "ssd" is whatever does not turn, NVMe included.
            return value == "ssd" or (value == "nvme" and disk.transport is Transport.NVME)
        case _:
            return True


def _compared(size: int, text: str) -> bool:
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise sizes.NoSize(f"is no size: {text!r}")
    wanted = sizes.size(found["size"])
    match found["operator"]:
        case "<":
            return size < wanted
        case "<=":
            return size <= wanted
        case ">":
            return size > wanted
        case ">=":
            return size >= wanted
        case _:
            return size == wanted


def _way_out(disk: Disk) -> str:
    return f"select it by its number: wwid: {disk.wwid}"


def _image(subject: Subject, image: str) -> Iterator[Finding]:
    at, versions = (*_INSTALL, "image"), subject.estate.versions
    found = _IMAGE.fullmatch(image)
    if found is None:
        words = f"is {image or 'nothing'}, which is no image of the Image Factory"
        hint = f"factory.talos.dev/metal-installer/{versions.schematic}:{versions.talos}"
        yield subject.error("talos/install-image", at, words, hint)
        return
    if found["schematic"] != versions.schematic:
        words = f"is of schematic {found['schematic']}, and fleet.yaml says {versions.schematic}"
        hint = "without its extensions, services of the node never start"
        yield subject.error("talos/install-image", at, words, hint)
    if found["version"] != versions.talos:
        words = f"installs Talos {found['version']}, and fleet.yaml says {versions.talos}"
        yield subject.error("talos/install-image", at, words, "take the version of the facts")
    if not found["kind"].startswith("metal-installer"):
        words = f"is of {found['kind']}, and the nodes are metal"
        yield subject.error("talos/install-image", at, words, "take metal-installer")
