"""What the bootstrap makes besides releases: Secrets, and definitions from elsewhere."""

from collections.abc import Iterator

import msgspec

from gitops.errors import PathError
from gitops.model.origin import Location
from gitops.sources import yamlio
from gitops.sources.tree import Kind, SourceTree, join

FOLDER = "bootstrap"
SECRETS = f"{FOLDER}/secrets.yaml"


class Made(msgspec.Struct, frozen=True):
    """A Secret, by `namespace/name`, or the address of a file, and where it stands."""

    name: str
    at: Location


class Early(msgspec.Struct, frozen=True):
    """All of it. What cannot be read is told by whoever runs it."""

    secrets: tuple[Made, ...] = ()
    remotes: tuple[Made, ...] = ()


def find(tree: SourceTree) -> Early:
    """What the files of the bootstrap name."""
    return Early(tuple(_secrets(tree)), tuple(_remotes(tree)))


def _secrets(tree: SourceTree) -> Iterator[Made]:
    text = _read(tree, SECRETS)
    for document in yamlio.parse(text, SECRETS)[0]:
        match document.value:
            case {"kind": "Secret", "metadata": {"name": str(name), "namespace": str(namespace)}}:
                line = yamlio.line_of(text, document.document, ("metadata", "name"))
                yield Made(f"{namespace}/{name}", Location(SECRETS, document.document, line))


def _remotes(tree: SourceTree) -> Iterator[Made]:
    """Resources that a kustomization of a folder below takes from an address."""
    folders = tree.names(FOLDER) if tree.kind(FOLDER) is Kind.FOLDER else ()
    for path in (join(join(FOLDER, name), "kustomization.yaml") for name in folders):
        text = _read(tree, path)
        for document in yamlio.parse(text, path)[0]:
            match document.value:
                case {"resources": [*resources]}:
                    for number, each in enumerate(resources):
                        if isinstance(each, str) and each.startswith("https://"):
                            way = ("resources", number)
                            line = yamlio.line_of(text, document.document, way)
                            yield Made(each, Location(path, document.document, line))


def _read(tree: SourceTree, path: str) -> bytes:
    """Nothing, where it cannot be read."""
    try:
        return tree.read(path) if tree.kind(path) is Kind.FILE else b""
    except PathError:
        return b""
