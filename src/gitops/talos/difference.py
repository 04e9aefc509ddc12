"""What applying a configuration to a machine would change.

Secrets are references on our side, and values on the machine's: a value counts as the same where a
reference is followed to something, and none is ever shown.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.errors import ToolError
from gitops.sources import yamlio
from gitops.talos import documents, following
from gitops.talos.documents import Document
from gitops.talos.rendering import Configuration

_SECRET = ("key", "token", "secret", "password", "content")
"""How the names of fields end that hold what nobody should see."""
_SHOWN = 60
COMMAND = ("get", "machineconfig", "v1alpha1", "--output", "yaml")
"""What talosctl is asked. `v1alpha1` is the id of the configuration that is in use."""


class Change(msgspec.Struct, frozen=True):
    """A field or a document, as it is and as it would be; "" where it is not there."""

    place: str
    live: str
    wanted: str

    def __str__(self) -> str:
        sign = "~" if self.live and self.wanted else "+" if self.wanted else "-"
        values = " → ".join(value for value in (self.live, self.wanted) if value)
        return f"{sign} {self.place}: {values}"


def live(output: bytes, configuration: Configuration) -> Configuration:
    """The configuration in what talosctl says. Raises ToolError where there is none."""
    found, mistakes = yamlio.parse(output, "talosctl")
    specs = [each.value.get("spec") for each in found if isinstance(each.value, dict)]
    if mistakes or len(specs) != 1 or not isinstance(specs[0], str):
        raise ToolError(f"talosctl does not say how {configuration.node} is configured")
    return msgspec.structs.replace(configuration, text=specs[0])


def changes(machine: Configuration, wanted: Configuration) -> tuple[Change, ...]:
    """All differences, by document and field; the order of keys and documents is none."""
    before, after = _by_name(machine), _by_name(wanted)
    found: list[Change] = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old is None and new is not None:
            found.append(Change(str(new), "", "a document more"))
        elif old is not None and new is None:
            found.append(Change(str(old), "a document less", ""))
        elif old is not None and new is not None:
            found.extend(_fields(old.value, new.value, new, ()))
    return tuple(found)


def _by_name(configuration: Configuration) -> dict[tuple[str, str], Document]:
    read, _ = documents.read(configuration)
    return {(document.kind, document.name): document for document in read.all}


def _fields(old: Any, new: Any, document: Document, at: tuple[str | int, ...]) -> Iterator[Change]:
    match old, new:
        case dict(), dict():
            for key in [*new, *(key for key in old if key not in new)]:
                yield from _fields(old.get(key), new.get(key), document, (*at, key))
        case list(), list():
            for number in range(max(len(old), len(new))):
                inner = (_item(old, number), _item(new, number))
                yield from _fields(*inner, document, (*at, number))
        case _ if not _same(old, new):
            hidden = _is_secret(at)
            place = documents.place(document, at)
            yield Change(place, _show(old, hidden=hidden), _show(new, hidden=hidden))


def _item(values: list[Any], number: int) -> Any:
    return values[number] if number < len(values) else None


def _same(old: Any, new: Any) -> bool:
    if old == new:
        return isinstance(old, bool) == isinstance(new, bool)
    pattern = following.pattern(new) if isinstance(new, str) else None
    return pattern is not None and isinstance(old, str) and pattern.fullmatch(old) is not None


def _is_secret(at: tuple[str | int, ...]) -> bool:
    names = [str(part).lower() for part in at if isinstance(part, str)]
    return any(name.endswith(_SECRET) for name in names)


def _show(value: Any, *, hidden: bool) -> str:
    if value is None:
        return ""
    if hidden:
        return "(secret)"
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
