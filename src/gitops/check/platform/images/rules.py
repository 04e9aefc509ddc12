"""Images: whether their names can be read, and mean one thing."""

from collections.abc import Iterator

from gitops.check import index
from gitops.check.index import Index
from gitops.check.platform.images import references
from gitops.check.platform.images.references import Reference
from gitops.check.platform.images.uses import Use, uses
from gitops.model import finding
from gitops.model.finding import Finding


def malformed(facts: Index) -> Iterator[Finding]:
    """A container runtime can read every name of an image."""
    for use in facts.view(uses):
        if references.parse(use.written) is None:
            mistake = finding.error(
                "image/malformed",
                use.place(facts),
                f"{use.who} has the image {use.written!r}, which is no name of an image",
                "write registry/path:tag@digest; paths are lower-case",
            )
            yield index.about(use.owned.manifest.id, mistake)


def floating(facts: Index) -> Iterator[Finding]:
    """The name says which image is meant: `latest` is another one every day."""
    for use in facts.view(uses):
        found = references.parse(use.written)
        if found and not found.digest and found.tag in ("", "latest"):
            mistake = finding.warning(
                "image/latest",
                use.place(facts),
                f"{use.who} has the image {use.written}, which is another one after each release",
                "name a version, and its digest",
            )
            yield index.about(use.owned.manifest.id, mistake)


def at_two_versions(facts: Index) -> Iterator[Finding]:
    """One image runs at one version; told once for each image."""
    found: dict[str, dict[str, Use]] = {}
    for use in facts.view(uses):
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


def _two(facts: Index, name: str, versions: dict[str, Use]) -> Finding:
    first, *others = versions.values()
    mistake = finding.note(
        "image/two-versions",
        first.place(facts),
        f"{name.partition(' ')[0]} runs at {len(versions)} versions: {', '.join(versions)}",
        "use one of them, unless the programs need their own",
        *(use.place(facts) for use in others),
    )
    return index.about(first.owned.manifest.id, mistake)


RULES = (malformed, floating, at_two_versions)
