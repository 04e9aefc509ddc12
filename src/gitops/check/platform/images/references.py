"""What an image is called.

Source: github.com/distribution/reference, the grammar of references.
"""

import re

import msgspec

_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_REFERENCE = re.compile(
    rf"(?P<name>(?:{_HOST}/)?{_PART}(?:/{_PART})*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?"
    r"(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?"
)


class Reference(msgspec.Struct, frozen=True):
    """A name with its registry, and what of it is meant."""

    registry: str
    path: str
    tag: str
    digest: str

    @property
    def name(self) -> str:
        """Registry and path."""
        return f"{self.registry}/{self.path}"


def parse(text: str) -> Reference | None:
    """The reference, None where the text is none. Docker Hub is what it is to a container runtime:
    the registry of names that have none."""
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return None
    first, slash, rest = found["name"].partition("/")
    if not slash or not ("." in first or ":" in first or first == "localhost"):
        first, rest = "docker.io", found["name"] if slash else f"library/{found['name']}"
    return Reference(first, rest, found["tag"] or "", found["digest"] or "")
