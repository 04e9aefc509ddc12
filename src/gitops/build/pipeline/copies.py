"""Other repositories, as far as the operator keeps copies of them."""

from collections.abc import Mapping

from gitops.errors import EscapingPath
from gitops.sources import tree as trees
from gitops.sources.tree import SourceTree


class Copies:
    """Trees by the address of the repository they are copies of. Nothing dials out."""

    def __init__(self, held: Mapping[str, SourceTree]) -> None:
        self._held = {address(url): tree for url, tree in held.items()}

    def repository(self, url: str) -> SourceTree | None:
        """The copy of a whole repository."""
        return self._held.get(address(url))

    def find(self, url: str) -> tuple[SourceTree, str] | None:
        """The copy that a kustomize remote points into, and the folder in it.

        kustomize writes `<repository>//<folder>?ref=<revision>`; hosts it knows need no `//`. Which
        revision a copy holds is up to whoever made it. None where no copy has the folder inside.
        """
        whole, _, _ = url.partition("?")
        wanted = address(whole)
        for known in sorted(self._held, key=len, reverse=True):
            if wanted == known or wanted.startswith(known + "/"):
                return _inside(self._held[known], wanted[len(known) :].lstrip("/"))
        return None


class Watched:
    """Copies that remember whether anybody asked for one: such a build is not to be kept, because
    nothing tells when a copy changes."""

    def __init__(self, held: Copies) -> None:
        self._held = held
        self.asked = False

    def find(self, url: str) -> tuple[SourceTree, str] | None:
        """The copy that a kustomize remote points into, and the folder in it."""
        self.asked = True
        return self._held.find(url)


def _inside(tree: SourceTree, path: str) -> tuple[SourceTree, str] | None:
    try:
        return tree, trees.resolve("", path)
    except EscapingPath:
        return None


def address(url: str) -> str:
    """`host/path` of a repository, however it is written, so that addresses can be compared."""
    text = url.strip().removeprefix("git::")
    scheme, found, rest = text.partition("://")
    if not found:
        rest = scheme.replace(":", "/", 1) if "@" in scheme.partition("/")[0] else scheme
    user, at, after = rest.partition("@")
    if at and "/" not in user:
        rest = after
    host, slash, path = rest.partition("/")
    path = path.replace(".git/", "/", 1).removesuffix("/").removesuffix(".git").replace("//", "/")
    return host.lower() + (slash + path if path else "")
