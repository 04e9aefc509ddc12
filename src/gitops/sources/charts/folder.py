"""A chart that lies in a folder, as `helm package` would take it."""

from collections.abc import Iterator

from gitops.errors import ChartError, PathError
from gitops.sources.charts import helmignore
from gitops.sources.charts.archive import LARGEST_CHART, LARGEST_FILE
from gitops.sources.tree import Kind, SourceTree, join

_MOST_ENTRIES = 20_000
"""Files and folders; links that lead round in circles are noticed by their number."""


def files(tree: SourceTree, origin: str) -> dict[str, bytes]:
    """The files of the chart whose folder is the tree's root; `origin` names it in errors.

    `.helmignore` is obeyed and links inside the folder are followed. Raises ChartError for what
    cannot be read, for links that lead out or round in circles, and beyond Helm's limits.
    """
    try:
        ignore = tree.read(".helmignore") if tree.kind(".helmignore") == Kind.FILE else b""
        rules = helmignore.parse(ignore, f"{origin}/.helmignore")
        return _read(tree, rules, origin)
    except PathError as cause:
        raise ChartError(f"{origin}: {cause}") from cause


def _read(tree: SourceTree, rules: tuple[helmignore.Rule, ...], origin: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    size = 0
    for path in _paths(tree, rules, origin):
        body = tree.read(path)
        size += len(body)
        if len(body) > LARGEST_FILE:
            raise ChartError(f"{origin}/{path} is larger than {LARGEST_FILE} bytes")
        if size > LARGEST_CHART:
            raise ChartError(f"{origin} is larger than {LARGEST_CHART} bytes")
        found[path] = body
    return found


def _paths(tree: SourceTree, rules: tuple[helmignore.Rule, ...], origin: str) -> Iterator[str]:
    folders = [""]
    seen = 0
    while folders:
        folder = folders.pop()
        for name in tree.names(folder):
            path = join(folder, name)
            kind = tree.kind(path)
            seen += 1
            if seen > _MOST_ENTRIES:
                raise ChartError(f"{origin} holds more than {_MOST_ENTRIES} files and folders")
            if helmignore.ignored(rules, path, kind == Kind.FOLDER):
                continue
            if kind == Kind.FOLDER:
                folders.append(path)
            else:
                yield path
