"""Images of containers."""

from collections.abc import Iterator

import msgspec

from gitops.check import index, pods
from gitops.check.fields import text
from gitops.check.index import Index, Owned
from gitops.check.operators import MADE
from gitops.check.platform.images import references
from gitops.check.platform.images.references import Reference
from gitops.model import finding
from gitops.model.finding import Finding


class _Use(msgspec.Struct, frozen=True):
    """An image where a container names it."""

    owned: Owned
    way: tuple[str | int, ...]
    written: str


def _uses(facts: Index) -> tuple[_Use, ...]:
    return tuple(
        _Use(template.owner, (*way, "image"), text(container.get("image")))
        for template in pods.templates(facts)
        if template.owner.manifest.incomplete not in (MADE, "locked")
        for way, container in template.containers()
        if text(container.get("image"))
    )


def malformed(facts: Index) -> Iterator[Finding]:
    """A container runtime can read every name of an image."""
    for use in facts.view(_uses):
        if references.parse(use.written) is None:
            who = use.owned.manifest.id
            mistake = finding.error(
                "image/malformed",
                facts.at(use.owned, *use.way),
                f"{who} has the image {use.written!r}, which is no name of an image",
                "write registry/path:tag@digest; paths are lower-case",
            )
            yield index.about(who, mistake)


def floating(facts: Index) -> Iterator[Finding]:
    """The name says which image is meant: `latest` is another one every day."""
    for use in facts.view(_uses):
        found = references.parse(use.written)
        if found and not found.digest and found.tag in ("", "latest"):
            who = use.owned.manifest.id
            mistake = finding.warning(
                "image/latest",
                facts.at(use.owned, *use.way),
                f"{who} has the image {use.written}, which is another one after each release",
                "name a version, and its digest",
            )
            yield index.about(who, mistake)


def at_two_versions(facts: Index) -> Iterator[Finding]:
    """One image runs at one version; told once for each image."""
    found: dict[str, dict[str, _Use]] = {}
    for use in facts.view(_uses):
        image = references.parse(use.written)
        if image is not None:
            # `3.14` and `3.14-alpine` are two variants of one version.
            variant = f"{image.name} {image.tag.partition('-')[2]}".strip()
            found.setdefault(variant, {}).setdefault(_version(image), use)
    for name, versions in found.items():
        if len(versions) > 1:
            yield _two(facts, name, versions)


def _version(image: Reference) -> str:
    return image.tag or image.digest


def _two(facts: Index, name: str, versions: dict[str, _Use]) -> Finding:
    first, *others = versions.values()
    who = first.owned.manifest.id
    mistake = finding.note(
        "image/two-versions",
        facts.at(first.owned, *first.way),
        f"{name.partition(' ')[0]} runs at {len(versions)} versions: {', '.join(versions)}",
        "use one of them, unless the programs need their own",
        *(facts.at(use.owned, *use.way) for use in others),
    )
    return index.about(who, mistake)


RULES = (malformed, floating, at_two_versions)
