"""Values that a chart never reads: misspelt, misplaced, or left over from an older chart.

Helm passes them over in silence. No list of what a chart reads exists, so they are found in two
steps. A key is suspected where the chart's own values have neighbours of it but not the key, or
where its name stands nowhere in the chart and nowhere in what was rendered. And it is convicted
when the chart renders the same bytes without it, and with another value in its place.
"""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from gitops.errors import ChartError
from gitops.sources import yamlio
from gitops.sources.charts import archive

Path = tuple[str, ...]
Rendering = Callable[[bytes], object]
"""From values to whatever is rendered; None when the chart refuses them."""

_ALONE = 12
"""Suspects that are tried one by one when not all are guilty: a guess, at a render or two each."""
_SUBCHART = re.compile(r"charts/([^/_.][^/]*)/(.+)")
_PACKED = re.compile(r"charts/[^/_.][^/]*\.tgz")
_GLOBAL = "global"


def unread(
    values: bytes, files: Mapping[str, bytes], rendered: Sequence[str], render: Rendering
) -> tuple[Path, ...]:
    """The paths of values that change nothing, sorted; a path stands for all below it."""
    given = msgspec.json.decode(values)
    if not given:
        return ()
    suspects = sorted(_suspects(given, _Chart(files), rendered))
    before = render(values) if suspects else None
    if before is None:
        return ()

    def innocent(paths: Sequence[Path]) -> bool:
        changed = (_without(given, paths), _otherwise(given, paths))
        return any(render(msgspec.json.encode(each)) != before for each in changed)

    if suspects and not innocent(suspects):
        return tuple(suspects)
    return tuple(path for path in suspects[:_ALONE] if not innocent([path]))


class _Chart:
    """What a chart says of its values: its defaults, and every word of it."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        files = dict(_unpacked(files))
        self._text = b"\n".join(
            body
            for path, body in sorted(files.items())
            if "/templates/" in f"/{path}" or path.endswith((".yaml", ".json", ".tpl"))
        )
        self.defaults = _defaults(files)

    def says(self, word: str) -> bool:
        """Whether the word stands anywhere in the chart."""
        return (
            re.search(rb"(?<![\w-])%b(?![\w-])" % re.escape(word.encode()), self._text) is not None
        )


def _suspects(given: Mapping[str, Any], chart: _Chart, rendered: Sequence[str]) -> Iterator[Path]:
    """Keys that the chart does not seem to know, the highest of each branch."""

    def visit(values: Mapping[str, Any], known: object, path: Path) -> Iterator[Path]:
        structured = isinstance(known, dict) and bool(known)
        for key, value in values.items():
            place = (*path, key)
            held = known.get(key) if isinstance(known, dict) else None
            named = isinstance(known, dict) and key in known
            if place == (_GLOBAL,):
                continue
            if (structured and not named) or (not named and _is_foreign(key, chart, rendered)):
                yield place
            elif isinstance(value, dict):
                yield from visit(value, held, place)

    yield from visit(given, chart.defaults, ())


def _is_foreign(key: str, chart: _Chart, rendered: Sequence[str]) -> bool:
    return not any(key in text for text in rendered) and not chart.says(key)


def _unpacked(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """The files of a chart, with those of packed subcharts as if they were folders."""
    for path, body in files.items():
        if _PACKED.fullmatch(path):
            try:
                inner = archive.unpack(body, path)
            except ChartError:
                continue
            folder = path.removesuffix(".tgz")
            yield from ((posixpath.join(folder, name), text) for name, text in _unpacked(inner))
        else:
            yield path, body


def _defaults(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The default values of a chart, and below their names those of its subcharts."""
    defaults = _mapping(files.get("values.yaml", b""))
    inside: dict[str, dict[str, bytes]] = {}
    for path, body in files.items():
        found = _SUBCHART.fullmatch(path)
        if found:
            inside.setdefault(found[1], {})[found[2]] = body
    for folder, subchart in inside.items():
        for name in _names(folder, subchart, files):
            held = defaults.get(name)
            below = _defaults(subchart)
            defaults[name] = {**below, **held} if isinstance(held, dict) else below
    return defaults


def _names(folder: str, subchart: Mapping[str, bytes], files: Mapping[str, bytes]) -> list[str]:
    """The keys under which the values of a subchart stand: its name, or the aliases given to it."""
    name = str(_mapping(subchart.get("Chart.yaml", b"")).get("name") or folder)
    wanted = _mapping(files.get("Chart.yaml", b"")).get("dependencies")
    entries = [entry for entry in wanted or () if isinstance(entry, dict)]
    aliases = [str(e.get("alias") or name) for e in entries if e.get("name") == name]
    return aliases or [name]


def _mapping(text: bytes) -> dict[str, Any]:
    documents, _ = yamlio.parse(text, "values.yaml", yamlio.Dialect.SIGS)
    value = documents[0].value if documents else None
    return dict(value) if isinstance(value, dict) else {}


def _without(values: Any, paths: Sequence[Path]) -> dict[str, Any]:
    """The values with these paths left out."""
    return _changed(values, paths, lambda _: None)


def _otherwise(values: Any, paths: Sequence[Path]) -> dict[str, Any]:
    """The values with others at these paths, down to every leaf."""
    return _changed(values, paths, _other)


def _other(value: object) -> object:
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return f"{value}x"
        case list() if value:
            return [_other(each) for each in value]
        case dict() if value:
            return {key: _other(held) for key, held in value.items()}
    return None


def _changed(
    values: Mapping[str, Any], paths: Sequence[Path], change: Callable[[object], object]
) -> dict[str, Any]:
    heads = {path[0] for path in paths}
    result: dict[str, Any] = {}
    for key, value in values.items():
        below = [path[1:] for path in paths if path[0] == key and len(path) > 1]
        if below:
            result[key] = _changed(value, below, change)
        elif key not in heads:
            result[key] = value
        elif (other := change(value)) is not None:
            result[key] = other
    return result
