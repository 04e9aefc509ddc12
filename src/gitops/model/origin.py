"""Where a thing comes from: a place in a file, and the steps that shaped it since."""

import msgspec


class Location(msgspec.Struct, frozen=True, order=True, array_like=True):
    """A place in a file. Paths are POSIX and relative to the root of the source tree.

    `document` counts YAML documents from 0. `line` counts lines from 1; 0 means the whole file.
    A file inside a chart is written `<chart>@<version>/<path in the chart>`.
    """

    path: str
    document: int = 0
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


class Step(msgspec.Struct, frozen=True, order=True, array_like=True):
    """One thing that shaped a manifest, in the words of the tool that did it.

    `action` is one of: resource, component, generator, patch, replacement, transformer, substitute,
    helm, post-renderer, metadata. `at` is the file that asked for it. `detail` is for the reader.
    """

    action: str
    at: Location
    detail: str = ""


class Origin(msgspec.Struct, frozen=True, order=True, array_like=True):
    """`source` holds the first text of the manifest; `steps` is what happened to it, in order."""

    source: Location
    steps: tuple[Step, ...] = ()

    def then(self, *steps: Step) -> "Origin":
        """The same origin with more steps at its end."""
        return Origin(self.source, self.steps + steps)

    def __str__(self) -> str:
        return str(self.source)


NOWHERE = Location("")
"""For what no file holds, such as the implied root of a cluster."""
