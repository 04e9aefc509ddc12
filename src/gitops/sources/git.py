"""A revision of a Git repository, read without a checkout, and what Git knows of a repository."""

import os
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from gitops.errors import MissingPath, ProcessFailed, RevisionError, UnreadablePath
from gitops.sources import process
from gitops.sources.links import Link, Links
from gitops.sources.tree import Kind, join, parent

_LARGEST = 64 * 1024 * 1024
"""Bytes; a larger file is no manifest, and reading it would only cost memory."""

_HELD = 64 * 1024 * 1024
"""Bytes of contents that are kept; above that everything is forgotten at once."""

_AHEAD = 32
"""Files that come along with one that is read: requests that always fit a pipe's buffer."""

_FORGET = frozenset(
    f"GIT_{name}"
    for name in ("DIR", "COMMON_DIR", "WORK_TREE", "INDEX_FILE", "PREFIX", "NAMESPACE")
)
"""Variables a hook inherits that would point Git at another repository than the one named."""

_SAFE = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
"""Reads only: no lock, no question, no network. Git before 2.45 knows only the first of the two
that forbid fetching what a partial clone lacks. Flux does not follow replacement objects either."""

_REMOTE_URL = re.compile(r"remote\..*\.url")
_CREDENTIALS = re.compile(r"(?<=^http://)[^/]*@|(?<=^https://)[^/]*@")


class GitTree:
    """The files of one commit, whatever the working tree, the index and the filters say.

    Symbolic links are followed inside the tree. A submodule is not there: its files belong to
    another repository. Files of Git LFS are the pointers, as Flux sees them.
    """

    def __init__(self, repository: str, revision: str) -> None:
        self.commit = resolve(repository, revision)
        self._objects = _Objects(repository)
        self._entries: dict[str, tuple[str, str]] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._unnamed: list[str] = []
        self._links = Links(self._look)
        self._fill(_listing(repository, self.commit))

    @property
    def unnamed(self) -> tuple[str, ...]:
        """What is left out because its name is not UTF-8, escaped."""
        return tuple(sorted(self._unnamed))

    def kind(self, path: str) -> Kind | None:
        return self._links.kind(path)

    def is_link(self, path: str) -> bool:
        return self._links.is_link(path)

    def read(self, path: str) -> bytes:
        real = self._links.follow(path)
        mode, name = self._entries.get(real, ("", ""))
        if mode in _FILES:
            return self._objects.read(path, name, self._beside(real))
        if mode == _FOLDER or not real:
            raise UnreadablePath(path, f"{path or 'the repository'} is a folder")
        raise MissingPath(path, f"{path} does not exist{_why(mode)}")

    def names(self, path: str) -> tuple[str, ...]:
        return self._names.get(self._links.folder(path), ())

    def close(self) -> None:
        """Stop the program that reads objects; a later read starts it again."""
        self._objects.close()

    def _beside(self, path: str) -> Iterator[str]:
        """The objects of the files in the same folder."""
        folder = parent(path)
        for name in self._names[folder]:
            mode, identity = self._entries[join(folder, name)]
            if mode in _FILES:
                yield identity

    def _look(self, path: str) -> Kind | Link | None:
        mode, name = self._entries.get(path, ("", ""))
        if mode == _FOLDER or not path:
            return Kind.FOLDER
        if mode == _LINK:
            return Link(os.fsdecode(self._objects.read(path, name)))
        return Kind.FILE if mode in _FILES else None

    def _fill(self, listing: bytes) -> None:
        names: dict[str, list[str]] = {"": []}
        for line in listing.split(b"\0")[:-1]:
            facts, _, name = line.partition(b"\t")
            mode, _, identity = facts.decode().split(" ")
            try:
                path = name.decode()
            except UnicodeDecodeError:
                self._unnamed.append(ascii(os.fsdecode(name))[1:-1])
                continue
            if _FORBIDDEN.isdisjoint(path.split("/")):
                self._entries[path] = (mode, identity)
                if mode != _SUBMODULE:
                    names.setdefault(parent(path), []).append(path.rpartition("/")[2])
        self._names = {folder: tuple(sorted(found)) for folder, found in names.items()}


_FOLDER, _LINK, _SUBMODULE = "040000", "120000", "160000"
_FILES = ("100644", "100755", "100664")
"""The last is what Git wrote for group-writable files before 2005; old repositories hold it."""

_FORBIDDEN = frozenset(("", ".", "..", ".git"))
"""Names that Git never writes; a tree made by hand can hold them."""


class _Objects:
    """Reads objects through one `git cat-file --batch`, which is started when first needed. A copy
    of this process (`sources/beside`) starts its own: two cannot talk to one."""

    def __init__(self, repository: str) -> None:
        self._repository = repository
        self._program: process.Program | None = None
        self._process = 0
        self._lock = threading.Lock()
        self._held: dict[str, bytes] = {}
        self._known: set[str] = set()
        self._room = _HELD

    def read(self, path: str, name: str, ahead: Iterable[str] = ()) -> bytes:
        """An object. Those that will be wanted next come along: waiting costs more than reading."""
        with self._lock:
            if name not in self._held:
                others = (other for other in ahead if other != name and other not in self._known)
                self._fetch([name, *islice(others, _AHEAD)])
            if name not in self._held:
                lacks = "it is too large, or this clone lacks it and git fetch gets it"
                raise UnreadablePath(path, f"{path} cannot be read from Git: {lacks}")
            return self._held[name]

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _fetch(self, names: Sequence[str]) -> None:
        """Hold these objects, up to one that cannot be had or for which there is no room."""
        if self._room < 0:
            self._held.clear()
            self._room = _HELD
        if self._program is None or self._process != os.getpid():
            self._process = os.getpid()
            arguments = _arguments(self._repository, "cat-file", "--batch")
            self._program = process.start(arguments, environment=_environment(), quiet=True)
        for name, content in zip(names, _ask(self._program, names), strict=True):
            self._known.add(name)
            if content is not None:
                self._held[name] = content
                self._room -= len(content)
            if content is None or self._room < 0:
                self._stop()
                break

    def _stop(self) -> None:
        if self._program is not None and self._process == os.getpid():
            self._program.kill()
            self._program.communicate()
        self._program = None

    def __del__(self) -> None:
        self._stop()


def _ask(program: process.Program, names: Sequence[str]) -> Iterator[bytes | None]:
    """The objects in their order; None, at the last, for one that cannot be had."""
    assert program.stdin is not None
    assert program.stdout is not None
    try:
        program.stdin.write("".join(f"{name}\n" for name in names).encode())
        program.stdin.flush()
    except OSError:
        yield None
        return
    for _ in names:
        facts = program.stdout.readline().split()
        size = int(facts[2]) if len(facts) == 3 else _LARGEST + 1
        content = program.stdout.read(size + 1) if size <= _LARGEST else b""
        yield content[:size] if len(content) > size else None


def resolve(repository: str, revision: str) -> str:
    """The commit that a revision names. Raises RevisionError."""
    if not revision or revision.startswith("-") or "\0" in revision:
        raise RevisionError(f"{revision!r} is no revision; name a branch, a tag or a commit")
    try:
        return _git(repository, "rev-parse", "--verify", f"{revision}^{{commit}}").decode().strip()
    except ProcessFailed as cause:
        raise RevisionError(_remedy(repository, revision, cause)) from cause


def fork(repository: str, revision: str) -> str:
    """The commit where the checked-out branch left a revision; that revision itself where the two
    have no history in common, or nothing is checked out. Raises RevisionError."""
    commit = resolve(repository, revision)
    try:
        return _git(repository, "merge-base", "HEAD", commit).decode().strip()
    except ProcessFailed:
        return commit


def _listing(repository: str, commit: str) -> bytes:
    try:
        return _git(repository, "ls-tree", "-r", "-z", "-t", "--full-tree", commit)
    except ProcessFailed as cause:
        raise RevisionError(
            f"the files of {commit} cannot be listed ({cause}); fetch it"
        ) from cause


def head(repository: str) -> str | None:
    """The commit that is checked out, or None before the first commit and outside Git."""
    try:
        return resolve(repository, "HEAD")
    except RevisionError:
        return None


def remote_urls(repository: str) -> tuple[str, ...]:
    """The addresses of the repository's remotes, sorted, without credentials."""
    try:
        settings = _git(repository, "config", "--null", "--list").decode(errors="replace")
    except ProcessFailed:
        return ()
    pairs = (setting.partition("\n") for setting in settings.split("\0"))
    urls = {_CREDENTIALS.sub("", url) for key, _, url in pairs if _REMOTE_URL.fullmatch(key)}
    return tuple(sorted(urls))


def _git(repository: str, *arguments: str) -> bytes:
    return process.run(_arguments(repository, *arguments), environment=_environment())


def _arguments(repository: str, *arguments: str) -> tuple[str, ...]:
    return ("git", "--no-optional-locks", "-C", repository, *arguments)


def _environment() -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _FORGET}
    return kept | _SAFE


def _remedy(repository: str, revision: str, cause: ProcessFailed) -> str:
    try:
        _git(repository, "rev-parse", "--git-dir")
    except ProcessFailed as no_repository:
        return f"{repository} cannot be read as a Git repository ({no_repository})"
    known = "git fetch it, or name a branch, a tag or a commit that git log shows"
    return f"revision {revision!r} of {repository} is not known here ({cause}); {known}"


def _why(mode: str) -> str:
    return " in this repository: it is a submodule" if mode == _SUBMODULE else ""
