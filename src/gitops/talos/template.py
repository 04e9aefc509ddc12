"""The one place that fills in templates.

minijinja is the engine of `minijinja-cli`: whoever has only that gets the same text.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from minijinja import Environment, TemplateError

from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_MARK = re.compile("\ue000([0-9]+)\ue001")
"""Characters for private use, which no template of ours has."""


def fill(path: str, text: str, variables: Mapping[str, Any]) -> str | Finding:
    """The text, or what is wrong with the template. A variable that nobody gave is wrong, and so is
    a field that a variable does not have."""
    try:
        return _rendered(path, text, variables)
    except TemplateError as mistake:
        at = Location(mistake.name or path, 0, mistake.line or 0)
        words = mistake.detail or mistake.message
        hint = "what there is stands in src/gitops/talos/variables.py; there are no defaults"
        return finding.error("talos/template", at, f"the template says no text: {words}", hint)


def lines(path: str, text: str, variables: Mapping[str, Any], filled: str) -> tuple[int, ...]:
    """The line of the template that each line of the text `filled` comes from; none where that
    cannot be told. Lines are marked, and it counts only if the same text comes of it."""
    try:
        marked = _rendered(path, _marked(text), variables)
    except TemplateError:
        return ()
    return tuple(_origins(marked)) if _MARK.sub("", marked) == filled else ()


def _rendered(path: str, text: str, variables: Mapping[str, Any]) -> str:
    engine = Environment(
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined_behavior="strict",
        auto_escape_callback=lambda _name: None,
    )
    engine.add_template(path, text)
    return engine.render_template(path, **variables)


@lru_cache(4)
def _marked(text: str) -> str:
    """A number at the end of each line, but for those that end in a tag, or a tag goes on beyond:
    what follows a block there decides whether the line stays. All machines have one template."""
    tags = [_span(tag) for tag in _TAG.finditer(text)]
    found, end = [], -1
    for number, line in enumerate(text.split("\n"), 1):
        end += len(line) + 1
        held = any(first <= end < last for first, last in tags)
        found.append(line if held else f"{line}\ue000{number}\ue001")
    return "\n".join(found)


def _span(tag: re.Match[str]) -> tuple[int, int]:
    """Where a line cannot end without a say of the tag: what is no value takes the end of its line
    along (`trim_blocks`), and so does a minus."""
    return tag.start(), tag.end() + (0 if re.search(r"[^-]\}\}\Z", tag.group()) else 1)


def _origins(marked: str) -> Iterator[int]:
    """A line without a mark is a part of what the next one with a mark ends."""
    found: list[int] = []
    for line in reversed(marked.split("\n")):
        marks = _MARK.findall(line)
        found.append(int(marks[0]) if marks else found[-1] if found else 0)
    yield from reversed(found)
