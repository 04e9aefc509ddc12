"""The exact reading of one document, event by event: slow, and right about every corner."""

import re
from typing import Any

import msgspec
from yaml._yaml import CParser
from yaml.error import Mark, MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)
from yaml.parser import ParserError

from gitops.sources.yamlio import folding, scalars
from gitops.sources.yamlio.document import Dialect, Null
from gitops.sources.yamlio.scalars import Kind, Scalar

DEEPEST = 200
"""Levels of nesting. Real manifests stay below 80, and recursion elsewhere has to be safe."""

_MOST_ALIASED = 200_000
"""Values that the aliases of one document may repeat; 50 characters weigh as much as a value."""

_NAMES = {
    Kind.NULL: "null",
    Kind.BOOL: "a boolean",
    Kind.INT: "a number",
    Kind.FLOAT: "a number",
    Kind.TIMESTAMP: "a time",
    Kind.BINARY: "binary",
    Kind.TAGGED: "of a type of its own",
}

_SLASH = re.compile(r"(?<!\\)(?:\\\\)*\\/")


class TooLarge(MarkedYAMLError):
    """The document would cost more than any honest manifest does."""


class Duplicate(msgspec.Struct, frozen=True):
    """A key that a mapping holds twice; lines count from 0."""

    key: str
    line: int
    first: int


class _Frame:
    """A collection being read. `key` is the key whose value comes next; `lines` are of keys."""

    __slots__ = ("anchor", "closed", "flow", "key", "lines", "mark", "merge", "merged", "value")

    def __init__(self, event: Any, flow: bool) -> None:
        self.value: Any = {} if isinstance(event, MappingStartEvent) else []
        self.anchor: str | None = event.anchor
        self.mark = event.start_mark
        self.flow = flow
        self.key: str | None = None
        self.lines: dict[str, int] = {}
        self.closed = False
        self.merge = False
        self.merged: dict[str, Any] | None = None

    @property
    def wants_key(self) -> bool:
        return self.key is None and type(self.value) is dict


class Reading(msgspec.Struct, frozen=True):
    """The first document of a text; None when there is none. Lines count from 0.

    `ignored` is the line of text behind the end of the document, which Go does not read.
    """

    value: Any
    duplicates: tuple[Duplicate, ...] = ()
    ignored: int | None = None


def load(text: str, dialect: Dialect, *, nulls: bool = False) -> Reading:
    """Raises yaml.YAMLError for everything that Go would refuse, and for what is too large."""
    composer = _Composer(text, dialect, nulls)
    value = composer.document()
    return Reading(value, tuple(composer.duplicates), composer.ignored())


class _Composer:
    def __init__(self, text: str, dialect: Dialect, nulls: bool) -> None:
        self.duplicates: list[Duplicate] = []
        self._text = text if "\\/" in text else ""
        self._events = CParser(text)
        self._dialect = dialect
        self._nulls = nulls
        self._stack: list[_Frame] = []
        self._anchors: dict[str, Scalar | _Frame] = {}
        self._aliased = 0
        self._root: Any = None

    def document(self) -> Any:
        """Go reads no further than the end of the first document."""
        get = self._events.get_event
        take = {
            ScalarEvent: self._scalar,
            MappingStartEvent: self._open,
            SequenceStartEvent: self._open,
            MappingEndEvent: self._close,
            SequenceEndEvent: self._close,
            AliasEvent: self._alias,
            DocumentStartEvent: self._start,
            StreamStartEvent: self._start,
        }
        while True:
            event: Any = get()
            taker = take.get(type(event))
            if taker is None:
                return self._root
            taker(event)

    def ignored(self) -> int | None:
        """go-yaml v3 looks at what follows the document, and refuses what is no token of YAML."""
        try:
            event: Any = self._events.get_event()
        except ParserError as cause:
            return cause.problem_mark.line if cause.problem_mark else None
        except YAMLError:
            if self._dialect is Dialect.KUSTOMIZE:
                raise
            return None
        over = event is None or type(event) is StreamEndEvent
        return None if over else int(event.start_mark.line)

    def _start(self, event: Any) -> None:
        if getattr(event, "version", None) not in (None, (1, 1)):
            raise _problem("found incompatible YAML document", event.start_mark)

    def _scalar(self, event: Any) -> None:
        frame = self._stack[-1] if self._stack else None
        flow = frame is not None and frame.flow
        scalar = self._resolve(event, flow)
        if event.anchor:
            self._anchors[event.anchor] = scalar
        if frame is not None and frame.wants_key:
            self._take_key(frame, scalar, event.value, event.start_mark)
            return
        self._put(self._json(scalar, event.start_mark), event.start_mark)

    def _resolve(self, event: Any, flow: bool) -> Scalar:
        text: str = event.value
        kustomize = self._dialect is Dialect.KUSTOMIZE
        if event.tag is None or (event.tag == "!" and kustomize):
            if not event.style:
                return self._plain(event, flow)
            if event.style == '"' and self._text:
                self._check_escapes(event)
            if event.style == ">" and kustomize:
                text = folding.rewritten(text)
            return Scalar(Kind.STRING, text)
        scalar = scalars.tagged(event.tag, text, self._dialect)
        if scalar is None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise _problem(f"cannot decode `{text}` as {tag}", event.start_mark)
        return scalar

    def _plain(self, event: Any, flow: bool) -> Scalar:
        """kustomize writes what it read once more, and an empty scalar in a flow as ''."""
        text: str = event.value
        if flow:
            if "?" in text:
                raise _problem("did not find expected node content", event.start_mark)
            if not text and self._dialect is Dialect.KUSTOMIZE:
                return Scalar(Kind.STRING, "")
        scalar = scalars.plain(text, self._dialect)
        if scalar.kind is Kind.NULL and text and self._nulls:
            return Scalar(Kind.NULL, Null.WRITTEN)
        return scalar

    def _check_escapes(self, event: Any) -> None:
        if _SLASH.search(self._text, event.start_mark.index, event.end_mark.index):
            raise _problem("found unknown escape character", event.start_mark)

    def _json(self, scalar: Scalar, mark: Mark) -> str | int | float | bool | Null | None:
        if type(scalar.value) is not float:
            return scalar.value
        number = scalars.json_number(scalar.value)
        if number is None:
            raise _problem("JSON has no infinity and no NaN", mark)
        return number

    def _take_key(self, frame: _Frame, scalar: Scalar, text: str, mark: Mark) -> None:
        frame.merge = scalar.kind is Kind.MERGE
        key = "<<" if frame.merge else self._key(scalar, text, mark)
        if key not in frame.lines:
            frame.lines[key] = mark.line
        elif not frame.merge or self._dialect is Dialect.KUSTOMIZE:
            self.duplicates.append(Duplicate(key, mark.line, frame.lines[key]))
        frame.key = key

    def _key(self, scalar: Scalar, text: str, mark: Mark) -> str:
        if scalar.kind is Kind.STRING:
            return str(scalar.value)
        if self._dialect is Dialect.SIGS:
            key = _sigs_key(scalar)
        else:
            key = _kustomize_key(scalar, text, len(self._stack) == 1)
        if key is None:
            what = _NAMES[scalar.kind]
            raise _problem(f"the key `{text}` is {what}, and JSON has only strings", mark)
        return key

    def _open(self, event: Any) -> None:
        parent = self._stack[-1] if self._stack else None
        if parent is not None and parent.wants_key:
            raise _problem("a mapping key must be a scalar", event.start_mark)
        if len(self._stack) == DEEPEST:
            raise _too_large(f"more than {DEEPEST} levels of nesting", event.start_mark)
        flow = bool(event.flow_style) or (parent is not None and parent.flow)
        frame = _Frame(event, flow)
        if frame.anchor:
            self._anchors[frame.anchor] = frame
        self._stack.append(frame)

    def _close(self, _: Any) -> None:
        frame = self._stack.pop()
        frame.closed = True
        if frame.merged is not None:
            frame.value = {
                **frame.value,
                **{k: v for k, v in frame.merged.items() if k not in frame.value},
            }
        if "<<" in frame.lines and self._dialect is Dialect.KUSTOMIZE:
            frame.value.pop("<<", None)
        self._put(frame.value, frame.mark)

    def _alias(self, event: Any) -> None:
        name, mark = event.anchor, event.start_mark
        target = self._anchors.get(name)
        if target is None:
            raise _problem(f"unknown anchor '{name}' referenced", mark)
        frame = self._stack[-1] if self._stack else None
        is_key = frame is not None and frame.wants_key
        if isinstance(target, _Frame):
            self._repeat(target, name, is_key, mark)
        elif frame is not None and is_key:
            self._take_key(frame, target, name, mark)
        else:
            self._put(self._copy(self._json(target, mark), 0, mark), mark)

    def _repeat(self, target: _Frame, name: str, is_key: bool, mark: Mark) -> None:
        """Copies a collection: the copies may be changed apart from one another later."""
        if not target.closed:
            raise _problem(f"anchor '{name}' value contains itself", mark)
        if is_key:
            raise _problem("a mapping key must be a scalar", mark)
        if self._stack and self._stack[-1].merge and type(target.value) is list:
            raise _problem("map merge requires map or sequence of maps as the value", mark)
        self._put(self._copy(target.value, len(self._stack), mark), mark)

    def _copy(self, value: Any, depth: int, mark: Mark) -> Any:
        self._aliased += 1 + (len(value) // 50 if type(value) is str else 0)
        if self._aliased > _MOST_ALIASED:
            raise _too_large("aliases repeat too many values", mark)
        if depth > DEEPEST:
            raise _too_large(f"more than {DEEPEST} levels of nesting", mark)
        if type(value) is dict:
            return {key: self._copy(item, depth + 1, mark) for key, item in value.items()}
        if type(value) is list:
            return [self._copy(item, depth + 1, mark) for item in value]
        return value

    def _put(self, value: Any, mark: Mark) -> None:
        if not self._stack:
            self._root = value
            return
        frame = self._stack[-1]
        if type(frame.value) is list:
            frame.value.append(value)
            return
        if frame.merge:
            self._merge(frame, value, mark)
        else:
            frame.value[frame.key] = value
        frame.key = None

    def _merge(self, frame: _Frame, value: Any, mark: Mark) -> None:
        """In kustomize the mapping's own keys win wherever they stand; in v2 the later ones do."""
        sources = value if type(value) is list else [value]
        if any(type(source) is not dict for source in sources):
            raise _problem("map merge requires map or sequence of maps as the value", mark)
        merged: dict[str, Any] = {}
        for source in reversed(sources):
            merged.update(source)
        if self._dialect is Dialect.SIGS:
            frame.value.update(merged)
        else:
            frame.merged = merged
        frame.merge = False


def _kustomize_key(scalar: Scalar, text: str, top: bool) -> str | None:
    """The keys of the top level are read as strings; Go's JSON cannot write those further down.

    A key that is not there at all is printed as '' before it is read for good.
    """
    if scalar.kind is Kind.NULL:
        return None if text else ""
    if not top:
        return None
    return str(scalar.value) if scalar.kind is Kind.BINARY else text


def _sigs_key(scalar: Scalar) -> str | None:
    """Non-string keys become strings, apart from null and what exceeds 63 bits."""
    match scalar.value:
        case bool() as value:
            return "true" if value else "false"
        case int() as value:
            return str(value) if value < 2**63 else None
        case float() as value:
            return scalars.float_key(value)
        case str() as value:
            return value
        case _:
            return None


def _problem(message: str, mark: Mark) -> MarkedYAMLError:
    return MarkedYAMLError(problem=message, problem_mark=mark)


def _too_large(message: str, mark: Mark) -> TooLarge:
    return TooLarge(problem=message, problem_mark=mark)
