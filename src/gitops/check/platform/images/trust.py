"""Where images come from, and whether their names can come to mean something else."""

from collections.abc import Iterator

from gitops.check import index
from gitops.check.index import Index
from gitops.check.platform.images import references
from gitops.check.platform.images.references import Reference
from gitops.check.platform.images.uses import Use, uses
from gitops.model import finding
from gitops.model.finding import Finding


def elsewhere(facts: Index) -> Iterator[Finding]:
    """Images come from the registries that the repository lists; without a list, from any."""
    allowed = facts.knowledge.registries
    for use, image in _read(facts) if allowed else ():
        if not any(_is_below(image.name, each) for each in allowed):
            mistake = finding.error(
                "image/registry",
                use.place(facts),
                f"{use.who} has the image {use.written}, and {image.registry}/"
                f"{image.path.partition('/')[0]} is not under registries in gitops.toml",
                "take it from one that is listed, or list this one there",
            )
            yield index.about(use.owned.manifest.id, mistake)


def _is_below(name: str, allowed: str) -> bool:
    allowed = allowed.rstrip("/")
    return name == allowed or name.startswith(f"{allowed}/")


def drifting(facts: Index) -> Iterator[Finding]:
    """A tag stands for one digest: where two are written, one of them is no longer what it says."""
    first: dict[str, tuple[Use, str]] = {}
    for use, image in _read(facts):
        if image.tag and image.digest:
            name = f"{image.name}:{image.tag}"
            held, digest = first.setdefault(name, (use, image.digest))
            if digest != image.digest:
                mistake = finding.warning(
                    "image/two-digests",
                    use.place(facts),
                    f"{use.who} has {name} with another digest than {held.who}: the tag was moved",
                    "use the digest that the tag has now in both places",
                    held.place(facts),
                )
                yield index.about(use.owned.manifest.id, mistake)


def by_tag(facts: Index) -> Iterator[Finding]:
    """Who names some images by digest is told how many can still be changed by others."""
    images: dict[str, tuple[Use, Reference]] = {}
    for use, image in _read(facts):
        if image.digest or image.tag not in ("", "latest"):
            images.setdefault(use.written, (use, image))
    loose = [use for use, image in images.values() if not image.digest]
    if loose and len(loose) < len(images):
        yield finding.note(
            "image/tag-only",
            loose[0].place(facts),
            f"{len(loose)} of {len(images)} images of {facts.cluster.name} are named by a tag "
            f"alone, such as {loose[0].written}: whoever owns the registry can move it",
            "add the digest: name:tag@sha256:…",
        )


def _read(facts: Index) -> Iterator[tuple[Use, Reference]]:
    for use in facts.view(uses):
        image = references.parse(use.written)
        if image is not None:
            yield use, image


RULES = (elsewhere, drifting, by_tag)
