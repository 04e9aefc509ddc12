"""Layers of images, for Spegel.

Source: spegel.dev, "Compatibility", Talos: containerd throws layers away once they are unpacked,
unless `discard_unpacked_layers` is false in /etc/cri/conf.d/20-customization.part.
"""

import tomllib
from collections.abc import Iterator

from gitops.check import index, pods
from gitops.check.fields import listing, mapping, text
from gitops.check.index import Index
from gitops.check.platform.machines import configured
from gitops.check.pods import Template
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.machine import Machine

_FILES = ("machine", "files")
_PATH = "/etc/cri/conf.d/20-customization.part"
_FIELD = "discard_unpacked_layers"


def discarded(facts: Index) -> Iterator[Finding]:
    """Where Spegel hands out layers, containerd keeps them."""
    for machine in facts.view(configured.machines):
        for template in pods.templates(facts):
            number, kept = _kept(machine) if _is_spegel(template) else (None, True)
            if not kept:
                who = template.owner.manifest.id
                way = (*_FILES, number, "content") if number is not None else _FILES
                mistake = finding.error(
                    "talos/layers",
                    machine.at(*way),
                    f"machines of {machine.cluster} throw layers away once they are unpacked, and "
                    f"{who} has none to hand out: every node fetches all images itself",
                    f"write `{_FIELD} = false` to {_PATH}",
                    template.owner.manifest.origin.source,
                )
                yield index.about(who, mistake)


def _is_spegel(template: Template) -> bool:
    images = (text(container.get("image")) for _, container in template.containers)
    return any("/spegel-org/spegel" in image for image in images)


def _kept(machine: Machine) -> tuple[int | None, bool]:
    """Which of the files it is, and whether it has containerd keep layers. What cannot be read is
    not judged."""
    for number, file in enumerate(map(mapping, listing(machine.get(*_FILES)))):
        if file.get("path") == _PATH:
            try:
                given = tomllib.loads(text(file.get("content")))
            except tomllib.TOMLDecodeError:
                return number, True
            plugins = mapping(given.get("plugins")).values()
            return number, any(mapping(each).get(_FIELD) is False for each in plugins)
    return None, False


RULES = (discarded,)
