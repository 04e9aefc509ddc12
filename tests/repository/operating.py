"""What operators type: the verbs of the Taskfiles, and the commands of the how-to pages."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

import yaml

from tests.repository import manifests

_BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


def tasks() -> dict[str, list[str]]:
    """The commands of every task, by its full name."""
    main = yaml.safe_load((manifests.ROOT / "Taskfile.yaml").read_text("utf-8"))
    found = dict(_commands(main, ""))
    for space, path in main["includes"].items():
        found |= _commands(yaml.safe_load((manifests.ROOT / path).read_text("utf-8")), f"{space}:")
    return found


def described() -> dict[str, str]:
    """What `task --list` says of every task that is meant for people."""
    main = yaml.safe_load((manifests.ROOT / "Taskfile.yaml").read_text("utf-8"))
    files = {"": main} | {
        f"{space}:": yaml.safe_load((manifests.ROOT / path).read_text("utf-8"))
        for space, path in main["includes"].items()
    }
    return {
        f"{space}{name}": task.get("desc", "")
        for space, file in files.items()
        for name, task in file["tasks"].items()
    }


def pages() -> dict[str, list[list[str]]]:
    """The commands of every how-to page, in words, by the name of the page."""
    folder = manifests.ROOT / "docs" / "how-to"
    return {
        page.name: list(_typed(page.read_text("utf-8"))) for page in sorted(folder.glob("*.md"))
    }


def _commands(file: dict[str, Any], space: str) -> dict[str, list[str]]:
    return {
        f"{space}{name}": [str(each) for each in task.get("cmds") or [task["cmd"]]]
        for name, task in file["tasks"].items()
    }


def _typed(text: str) -> Iterator[list[str]]:
    for block in _BLOCK.findall(text):
        lines = block.replace("\\\n", " ").splitlines()
        yield from (shlex.split(line) for line in lines if line.strip())
