"""Small Git repositories for tests."""

import os
from pathlib import Path

from gitops.sources import process

_WHO = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
_MODULE = "1" * 40


class Repository:
    """A repository in a new folder, or around the files of one."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = os.path.realpath(folder)
        self._git("init", "--quiet")

    def write(self, path: str | bytes, content: bytes, executable: bool = False) -> None:
        place = os.path.join(os.fsencode(self.path), os.fsencode(path))
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as file:
            file.write(content)
        os.chmod(place, 0o755 if executable else 0o644)

    def link(self, path: str, target: str) -> None:
        place = os.path.join(self.path, path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        os.symlink(target, place)

    def submodule(self, path: str) -> None:
        """Record a submodule without fetching anything."""
        self._git("update-index", "--add", "--cacheinfo", f"160000,{_MODULE},{path}")

    def remote(self, name: str, url: str) -> None:
        self._git("remote", "add", name, url)

    def commit(self) -> str:
        """Commit everything and give the commit's id."""
        self._git("add", "--force", "--ignore-removal", ".")
        self._git("commit", "--quiet", "--allow-empty", "--message", "Change")
        return self._git("rev-parse", "HEAD")

    def branch(self, name: str) -> None:
        """Begin a branch where we are."""
        self._git("checkout", "--quiet", "-B", name)

    def checkout(self, revision: str) -> None:
        self._git("checkout", "--quiet", revision)

    def commit_tree_with(self, name: str) -> str:
        """A commit whose tree holds one empty file of a name that Git itself refuses."""
        blob = bytes.fromhex(self._git("hash-object", "-w", "--stdin"))
        entry = b"100644 " + name.encode() + b"\0" + blob
        tree = self._git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=entry)
        return self._git("commit-tree", tree, "-m", "By hand")

    def lose(self, path: str) -> None:
        """Delete the object that holds the committed content of a path."""
        name = self._git("rev-parse", f"HEAD:{path}")
        os.unlink(os.path.join(self.path, ".git", "objects", name[:2], name[2:]))

    def _git(self, *arguments: str, stdin: bytes = b"") -> str:
        command = ("git", "-C", self.path, *_WHO, *arguments)
        return process.run(command, stdin=stdin).decode().strip()
