"""Small repositories for tests: files in memory, written down as one text."""

import re
from collections.abc import Mapping
from pathlib import Path

from gitops.sources.tree import MemoryTree

_HEADER = re.compile(r"^-- (\S+)( crlf)? --\n", re.M)


class Repo:
    """Files by path. `build` is the folder that a test is about."""

    def __init__(self, files: Mapping[str, str], build: str = "") -> None:
        self.files = dict(files)
        self.build = build

    @property
    def tree(self) -> MemoryTree:
        """The files as a source tree."""
        return MemoryTree(self.files)

    def write(self, folder: Path) -> Path:
        """The files on disk; the path of what is built."""
        for path, text in self.files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode())
        return folder / self.build


def parse(text: str) -> Repo:
    """A repository from an archive: `-- path --` lines, each followed by what the file holds.

    Lines before the first header are about the test: `build: folder` names what is built. A file
    whose header ends in `crlf` gets the line ends of Windows.
    """
    parts = _HEADER.split(text)
    about = dict(line.partition(": ")[::2] for line in parts[0].splitlines() if ": " in line)
    files = {
        path: content.replace("\n", "\r\n") if crlf else content
        for path, crlf, content in zip(parts[1::3], parts[2::3], parts[3::3], strict=True)
    }
    return Repo(files, about.get("build", ""))
