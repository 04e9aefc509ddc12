"""Finds the line of a field, when a finding needs it."""

from collections.abc import Sequence
from typing import Any

import yaml
from yaml.error import YAMLError

from gitops.sources.yamlio import split


def line_of(text: bytes, document: int, pointer: Sequence[str | int]) -> int:
    """The line of the field, or of its deepest ancestor that exists; from 1.

    A field of a mapping is at its key, an entry of a list where it begins. In a document that
    cannot be read it is the first line that holds anything.
    """
    source = text.decode(errors="replace").removeprefix("\ufeff").replace("\r\n", "\n")
    parts = [part for part in split.split(source) if part.document == document]
    if not parts:
        return 1
    part = parts[0]
    try:
        node = yaml.compose(part.text, Loader=yaml.CSafeLoader)
    except (YAMLError, RecursionError):
        return part.content_line
    return part.line + _line(node, pointer) if node is not None else part.content_line


def _line(node: Any, pointer: Sequence[str | int]) -> int:
    line: int = node.start_mark.line
    for step in pointer:
        found = _child(node, step)
        if found is None:
            break
        line, node = found
    return line


def _child(node: Any, step: str | int) -> tuple[int, Any] | None:
    """The line at which a child is written, and the child."""
    match node:
        case yaml.MappingNode(value=pairs):
            for key, value in pairs:
                if isinstance(key, yaml.ScalarNode) and key.value == str(step):
                    return key.start_mark.line, value
        case yaml.SequenceNode(value=items) if isinstance(step, int) and step < len(items):
            return items[step].start_mark.line, items[step]
    return None
