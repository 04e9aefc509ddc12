"""The technologies that a platform is asked to have, and where each is to be looked for."""

import msgspec


class Technology(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """One row. `wanted` is the version that was asked for, in its own words.

    It is there when the Flux Kustomization `unit` is in a cluster, or when `file` exists. Its
    version is that of the chart of `release` (`namespace/name`), what `field` of `object`
    (`Kind/namespace/name`) holds, or a `fact` of the estate; elements of lists are named by their
    position, and an image stands for its tag. Where one of them is named, it has to be there, too.
    `note` says what a reader would ask.
    """

    name: str
    wanted: str
    unit: str = ""
    file: str = ""
    release: str = ""
    object: str = ""
    field: tuple[str, ...] = ()
    fact: tuple[str, ...] = ()
    note: str = ""


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Technologies of one purpose."""

    name: str
    technologies: tuple[Technology, ...]


class Inventory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that was asked for."""

    sections: tuple[Section, ...]
