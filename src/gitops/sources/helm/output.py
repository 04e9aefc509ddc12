"""From the text that templates gave to objects in Helm's order.

Source: Helm v4 `pkg/release/v1/util/{manifest,manifest_sorter}.go`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

import msgspec

from gitops.model.finding import Severity
from gitops.model.render import RenderedObject, RenderProblem
from gitops.sources import yamlio
from gitops.sources.helm import order
from gitops.sources.yamlio import Dialect

_HOOKS = frozenset(
    f"{when}-{what}"
    for when in ("pre", "post")
    for what in ("install", "delete", "upgrade", "rollback")
) | {"test", "test-success"}
# Go's \s: Python's has more. A separator needs no line of its own: `---apiVersion` is one, too.
_BLANKS = "\t\n\f\r "
_SEPARATOR = re.compile(rf"(?:^|\n)---[{_BLANKS}]*")
_encode = msgspec.json.Encoder().encode


class Unreadable(Exception):
    """A template gave text that Helm could not install; `problem` says where."""

    def __init__(self, problem: RenderProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Read(msgspec.Struct):
    """An object while it is being sorted."""

    kind: str
    object: RenderedObject


def objects(rendered: Iterable[tuple[str, str]], *, hooks: bool) -> tuple[RenderedObject, ...]:
    """The objects of all templates in the order of installation, then the hooks.

    Paths lose their first part, the chart's own name. Raises Unreadable.
    """
    counts: Counter[str] = Counter()
    read = [
        each
        for path, text in sorted(rendered, key=itemgetter(0))
        if not path.endswith("NOTES.txt") and not path.rpartition("/")[2].startswith("_")
        for each in _template(path.partition("/")[2], text, counts)
    ]
    plain = [each for each in read if not each.object.hook]
    hooked = [each for each in read if each.object.hook]
    ordered = sorted(plain, key=_rank) + (sorted(hooked, key=_rank) if hooks else [])
    return tuple(each.object for each in ordered)


def crds(files: Iterable[tuple[str, str]]) -> tuple[RenderedObject, ...]:
    """The documents of the files in `crds/`. Raises Unreadable."""
    return tuple(
        RenderedObject(_encode(document.value), path, document.document, document.line, crd=True)
        for path, text in sorted((path.partition("/")[2], text) for path, text in files)
        for document in _parse(path, text.encode(), 0, Dialect.SIGS)
    )


def _template(path: str, text: str, counts: Counter[str]) -> Iterator[_Read]:
    for line, part in _split(text):
        for document in _parse(path, part.encode(), line, Dialect.KUSTOMIZE):
            annotations = _mapping(_mapping(document.value.get("metadata")).get("annotations"))
            hook = annotations.get("helm.sh/hook")
            place = (path, counts[path], line + document.line)
            counts[path] += 1
            # Helm drops an object altogether when it does not know one of its hooks.
            if hook is None or _is_known(_text(hook)):
                found = RenderedObject(_encode(document.value), *place, hook=_text(hook))
                yield _Read(_text(document.value.get("kind")), found)


def _split(text: str) -> Iterator[tuple[int, str]]:
    """Documents that hold something, each with the number of lines before it."""
    at = len(text) - len(text.lstrip())
    line = text.count("\n", 0, at)
    for found in (*_SEPARATOR.finditer(text, at), None):
        part = text[at : found.start()].rstrip(_BLANKS) if found else text[at:]
        if part.strip():
            yield line, part
        if found:
            line += text.count("\n", at, found.end())
            at = found.end()


def _parse(path: str, text: bytes, line: int, dialect: Dialect) -> Iterator[yamlio.Document]:
    documents, findings = yamlio.parse(text, path, dialect)
    for found in findings:
        if found.severity is Severity.ERROR:
            raise Unreadable(RenderProblem(found.message, path, line + found.at.line))
    for document in documents:
        if not isinstance(document.value, dict):
            message = "what the template gives is no Kubernetes object"
            raise Unreadable(RenderProblem(message, path, line + document.line))
        yield document


def _rank(read: _Read) -> tuple[int, str]:
    return order.rank(read.kind)


def _is_known(hook: str) -> bool:
    return all(event.strip().lower() in _HOOKS for event in hook.split(","))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
