"""Mutations as data: `cases/*.toml`, by the file that each of them breaks.

A case replaces the first `old` after the text `after`, appends a text, or removes the file. A
finding counts as located when it, or the other party that it shows, is where the mistake was made:
in that file, within three lines. Where the place to look is another, as for what is missing, `at`
names it: a file, and a text of the line.
"""

import posixpath
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from gitops.estate import loading
from gitops.generate import derived
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources.tree import MemoryTree

CASES = Path(__file__).parent / "cases"
NEAR = 3
TOGETHER = 8
UNITS = (
    "kubernetes/bases",
    "kubernetes/components",
    "kubernetes/infrastructure",
    "kubernetes/workloads",
)
FACTS = "fleet.yaml"


class Mutation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One mistake. `rule` is given where a rule that only says that something changed is meant."""

    name: str
    kind: str
    file: str
    old: str = ""
    new: str = ""
    after: str = ""
    append: str = ""
    remove: bool = False
    at: Mapping[str, str] = {}
    rule: str = ""

    def apply(self, files: Mapping[str, str]) -> dict[str, str | None]:
        """What is written instead, by path. Facts bring what is derived from them."""
        if self.remove:
            return {self.file: None}
        text = self._broken(files[self.file])
        if self.file != FACTS:
            return {self.file: text}
        return {self.file: text, **_derived({**files, FACTS: text})}

    def located(self, found: Finding, files: Mapping[str, str]) -> bool:
        """Whether a finding shows a place where the mistake can be seen."""
        return any(self._seen(place, files) for place in (found.at, *found.related))

    def _seen(self, place: Location, files: Mapping[str, str]) -> bool:
        if self.at:
            near = self.at.get(place.path)
            if near is None:
                return False
            return not near or _close(place.line, _line(files[place.path], near))
        if place.path != self.file:
            return False
        return self.remove or self._whole or _close(place.line, self._line(files[self.file]))

    @property
    def _whole(self) -> bool:
        """Values shape what a chart renders: which of them did is not always told by a line."""
        return Path(self.file).name.startswith("helmrelease")

    def _broken(self, text: str) -> str:
        if self.append:
            return text + self.append
        start = _index(text, self.after, self.file) if self.after else 0
        index = start + _index(text[start:], self.old, self.file)
        return text[:index] + self.new + text[index + len(self.old) :]

    def _line(self, text: str) -> tuple[int, int]:
        """The lines that changed, of the file as it was."""
        if self.append:
            line = text.count("\n")
            return line, line + self.append.count("\n")
        start = _index(text, self.after, self.file) if self.after else 0
        index = start + _index(text[start:], self.old, self.file)
        first = text.count("\n", 0, index) + 1
        return first, first + max(self.old.count("\n"), self.new.count("\n"))


def apart(wanted: Iterable[Mutation]) -> Iterator[tuple[Mutation, ...]]:
    """Groups of a few whose files are in folders of their own. What everything else reads is broken
    alone."""
    groups: list[dict[str, Mutation]] = []
    for each in wanted:
        folder = posixpath.dirname(each.file)
        if each.remove or not folder.startswith(UNITS):
            yield (each,)
            continue
        free = (group for group in groups if len(group) < TOGETHER and folder not in group)
        group = next(free, None)
        if group is None:
            groups.append(group := {})
        group[folder] = each
    yield from (tuple(group.values()) for group in groups)


def load() -> tuple[Mutation, ...]:
    """Every case, in the order of files."""
    found = tuple(_cases())
    names = [each.name for each in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"two cases of one name: {twice}")
    return found


def _cases() -> Iterator[Mutation]:
    for path in sorted(CASES.glob("*.toml")):
        for file, cases in tomllib.loads(path.read_text("utf-8")).items():
            for case in cases:
                yield msgspec.convert({"file": file, **case}, Mutation)


def _derived(files: Mapping[str, str]) -> dict[str, str]:
    """What `gitops generate` writes, if it can read the facts."""
    loaded, _ = loading.load(MemoryTree({FACTS: files[FACTS]}))
    return derived.files(loaded.estate) if loaded else {}


def _index(text: str, wanted: str, file: str) -> int:
    index = text.find(wanted)
    if index < 0:
        raise ValueError(f"{file} does not hold {wanted!r}")
    return index


def _line(text: str, near: str) -> tuple[int, int]:
    line = text.count("\n", 0, _index(text, near, "")) + 1
    return line, line


def _close(line: int, lines: tuple[int, int]) -> bool:
    first, last = lines
    return first - NEAR <= line <= last + NEAR
