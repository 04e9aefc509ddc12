"""The artifact of a Flux source: what of a repository source-controller packs.

Links and version control files are never packed. Images, archives, CI files and `.sops.yaml` are
left out too, unless there is any pattern in a `.sourceignore` or in `spec.ignore`: then patterns
alone decide. Files are judged one by one, so a file can come back although its folder is left out.
Source: fluxcd/pkg sourceignore and artifact/storage/archive.go. Its patterns are not quite Git's.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from gitops.errors import MissingPath, PathError
from gitops.sources import tree as trees
from gitops.sources.tree import Kind, SourceTree

FILE = ".sourceignore"

_VERSION_CONTROL = re.compile(r"(?:^|/)(?:\.git/|\.git(?:ignore|modules|attributes)(?:/|$))")
_BY_DEFAULT = re.compile(
    r"(?:^|/)(?:\.github/|\.circleci/"
    r"|(?:[^/]*\.(?:jpe?g|gif|png|wmv|flv|tar\.gz|zip)|\.travis\.yml|\.gitlab-ci\.yml"
    r"|appveyor\.yml|\.drone\.yml|cloudbuild\.yaml|codeship-services\.yml|codeship-steps\.yml"
    r"|\.goreleaser\.yml|\.sops\.yaml|\.flux\.yaml)(?:/|$))"
)

_LITERAL = re.compile(r"\\.|[^\\*\[]", re.DOTALL)
_RANGE = re.compile(r"(\\.|[^]\\-])(?:-(\\.|[^]\\-]))?", re.DOTALL)
_CLASS = re.compile(rf"\[(\^?)((?:{_RANGE.pattern})+)\]", re.DOTALL)


class Rule(Struct, frozen=True):
    """One line of a `.sourceignore`; `depth` is that of the folder it lies in."""

    parts: tuple[str, ...]
    include: bool
    folders_only: bool
    depth: int

    def matches(self, path: list[str], is_folder: bool) -> bool:
        """Whether the rule speaks about the path. One that matches a folder matches all in it."""
        below = path[self.depth :]
        if not below:
            return False
        if len(self.parts) > 1:
            return self._matches_path(below, is_folder)
        for index, name in enumerate(below):
            if _name_matches(self.parts[0], name):
                return is_folder or not self.folders_only or index < len(below) - 1
        return False

    def _matches_path(self, below: list[str], is_folder: bool) -> bool:
        matched = anywhere = False
        for part in self.parts:
            if part in ("", "**"):
                anywhere = part == "**"
                continue
            reach = below if anywhere else below[:1]
            found = next((i for i, name in enumerate(reach) if _name_matches(part, name)), None)
            if found is None or "**" in part:
                return False
            matched, anywhere = True, False
            below = below[found + 1 :]
        return matched and (is_folder or not self.folders_only or bool(below))


def rules(text: str, depth: int = 0) -> tuple[Rule, ...]:
    """The rules of a `.sourceignore`, or of `spec.ignore`; later ones win."""
    lines = (line.removesuffix("\r") for line in text.split("\n"))
    return tuple(_rule(line, depth) for line in lines if line.strip() and line[0] != "#")


def _rule(line: str, depth: int) -> Rule:
    """As go-git reads it: there is no `\\#`, and a space at the end stays only behind a `\\`."""
    include = line.startswith("!")
    pattern = line[include:]
    pattern = pattern if pattern.endswith("\\ ") else pattern.rstrip(" ")
    folders_only = pattern.endswith("/")
    return Rule(tuple(pattern.removesuffix("/").split("/")), include, folders_only, depth)


class IgnoringTree:
    """A tree without what the source's artifact leaves out. `ignore` is the source's
    `spec.ignore`, None where it is not set."""

    def __init__(self, tree: SourceTree, ignore: str | None = None) -> None:
        self._tree = tree
        self._own = rules(ignore or "")
        self._chains: dict[str, tuple[Rule, ...]] = {}
        self._real: dict[str, bool] = {"": True}
        self._kinds: dict[str, Kind | None] = {"": Kind.FOLDER}
        self._any_rule: bool | None = True if self._own else None

    def kind(self, path: str) -> Kind | None:
        if path not in self._kinds:
            self._kinds[path] = self._look(path)
        return self._kinds[path]

    def read(self, path: str) -> bytes:
        self._require(path)
        return self._tree.read(path)

    def names(self, path: str) -> tuple[str, ...]:
        self._require(path)
        names = self._tree.names(path)
        return tuple(name for name in names if self.kind(trees.join(path, name)))

    def is_link(self, path: str) -> bool:
        return False

    def _require(self, path: str) -> None:
        if self.kind(path) is not None:
            return
        if self._tree.kind(path) is None:
            raise MissingPath(path, f"{path} does not exist")
        why = "it is, or lies behind, a symbolic link"
        if self._is_real(path):
            why = f"the rules of {FILE}, spec.ignore or source-controller leave it out"
        raise MissingPath(path, f"{path} does not exist in the artifact: {why}")

    def _look(self, path: str) -> Kind | None:
        if not self._is_real(path):
            return None
        kind = self._tree.kind(path)
        if kind is None or not self._is_ignored(path, kind):
            return kind
        if kind is Kind.FOLDER and self._is_private(path):
            return None
        return kind if kind is Kind.FOLDER and self._holds_anything(path) else None

    def _is_real(self, path: str) -> bool:
        """Whether neither the path nor a folder on the way to it is a link."""
        if path not in self._real:
            real = self._is_real(trees.parent(path)) and not self._tree.is_link(path)
            self._real[path] = real
        return self._real[path]

    def _is_ignored(self, path: str, kind: Kind) -> bool:
        is_folder = kind is Kind.FOLDER
        parts = path.split("/")
        for rule in reversed(self._chain(trees.parent(path)) + self._own):
            if rule.matches(parts, is_folder):
                return not rule.include
        marked = f"{path}/" if is_folder else path
        if _VERSION_CONTROL.search(marked):
            return True
        return bool(_BY_DEFAULT.search(marked)) and not self._has_rules()

    def _holds_anything(self, folder: str) -> bool:
        """Whether a rule takes something back in an ignored folder."""
        if not self._has_rules():
            return False
        return any(self.kind(trees.join(folder, name)) for name in self._tree.names(folder))

    def _is_private(self, folder: str) -> bool:
        """Whether a `.gitignore` keeps all of an ignored folder out of Git, and so out of every
        artifact: tools say so of their caches, which may hold tens of thousands of files."""
        try:
            lines = self._tree.read(trees.join(folder, ".gitignore")).split(b"\n")
        except PathError:
            return False
        return b"*" in lines and not any(line.startswith(b"!") for line in lines)

    def _chain(self, folder: str) -> tuple[Rule, ...]:
        """The rules for what lies in a folder: those of the root first."""
        if folder not in self._chains:
            above = self._chain(trees.parent(folder)) if folder else ()
            self._chains[folder] = above + self._rules_in(folder)
        return self._chains[folder]

    def _rules_in(self, folder: str) -> tuple[Rule, ...]:
        try:
            text = self._tree.read(trees.join(folder, FILE))
        except PathError:
            return ()
        depth = folder.count("/") + 1 if folder else 0
        return rules(text.decode(errors="surrogateescape"), depth)

    def _has_rules(self) -> bool:
        """Whether any folder has a rule: one alone switches the default ones off everywhere."""
        if self._any_rule is None:
            self._any_rule = any(map(self._rules_in, self._folders("")))
        return self._any_rule

    def _folders(self, folder: str) -> Iterator[str]:
        yield folder
        for name in self._tree.names(folder):
            path = trees.join(folder, name)
            if (
                name != ".git"
                and not self._tree.is_link(path)
                and self._tree.kind(path) is Kind.FOLDER
            ):
                yield from self._folders(path)


def _name_matches(pattern: str, name: str) -> bool:
    compiled = _compiled(pattern)
    return compiled is not None and compiled.fullmatch(name) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Go's filepath.Match as a regular expression; None for a pattern that it refuses."""
    chunks = [""]
    at = 0
    while at < len(pattern):
        if pattern[at] == "*":
            chunks.append("")
            at += 1
            continue
        found = (_CLASS if pattern[at] == "[" else _LITERAL).match(pattern, at)
        if found is None:
            return None
        chunks[-1] += _one_character(found)
        at = found.end()
    first, *rest = chunks
    middle = "".join(f"(?>.*?{chunk})" for chunk in rest[:-1])
    last = f".*{rest[-1]}" if rest else ""
    return re.compile(first + middle + last, re.DOTALL)


def _one_character(found: re.Match[str]) -> str:
    """The regular expression for a class, a question mark or a literal character."""
    if found[0] == "?":
        return "."
    if found.re is _LITERAL:
        return re.escape(found[0][-1])
    ranges = ((low[-1], (high or low)[-1]) for low, high in _RANGE.findall(found[2]))
    inside = "".join(f"{re.escape(low)}-{re.escape(high)}" for low, high in ranges if low <= high)
    if not inside:
        return "." if found[1] else "(?!)"
    return f"[{found[1]}{inside}]"
