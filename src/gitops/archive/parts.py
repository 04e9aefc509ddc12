"""Cuts what is put on tape into parts: each is written whole, or again."""

from collections.abc import Iterable, Sequence

from gitops.archive.rotation import Tape
from gitops.model.tape import Part, Staged

LARGEST = 64 * 10**9
"""Bytes of a part: what is lost when writing is cut off, or a cartridge ends early."""


def cut(staged: Iterable[Staged], largest: int = LARGEST) -> tuple[Part, ...]:
    """Parts in the order of paths; a file is never cut, so one may be a part that is larger."""
    parts: list[Part] = []
    files: list[Staged] = []
    for each in sorted(staged):
        if files and sum(file.size for file in files) + each.size > largest:
            parts.append(_part(len(parts), files))
            files = []
        files.append(each)
    if files:
        parts.append(_part(len(parts), files))
    return tuple(parts)


def _part(number: int, files: Sequence[Staged]) -> Part:
    return Part(f"{number:04}", tuple(files))


def cartridges(parts: Sequence[Part], tape: Tape) -> int:
    """How many cartridges like this one a run takes."""
    count, left = 0, 0
    for each in parts:
        if each.size > left or not count:
            count, left = count + 1, tape.room
        left -= each.size
    return count
