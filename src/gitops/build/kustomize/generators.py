"""The bodies that configMapGenerator and secretGenerator give."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from gitops.errors import PathError
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources import tree as trees
from gitops.sources.tree import SourceTree
from gitops.sources.yamlio import folding

_INVALID = "kustomize/generator-invalid"
_LONGEST_LINE = 64 * 1024
"""Bytes; kustomize stops reading an env file at a line of this length, without a word."""

_LINE_OF_BASE64 = 70

Pair = tuple[str, bytes]


def config_map(
    args: dict[str, Any], options: dict[str, Any], tree: SourceTree, folder: str, at: Location
) -> tuple[dict[str, Any] | None, tuple[Finding, ...]]:
    """The ConfigMap of one entry of `configMapGenerator`; `options` are the generatorOptions.

    Values that are no UTF-8 go to `binaryData`. None when a finding is an error.
    """
    body, pairs, findings = _start("ConfigMap", args, options, tree, folder, at)
    for key, value in pairs:
        try:
            text = value.decode()
        except UnicodeDecodeError:
            body.setdefault("binaryData", {})[key] = _base64(value)
            continue
        body.setdefault("data", {})[key] = text
        if text.startswith("\t") and "\n" in text and folding.is_block(text):
            message = f"kustomize cannot read back what it prints for {key}: it begins with a tab"
            findings.append(finding.error(_INVALID, at, message, "indent its first line by spaces"))
    return _finished(body, args, options, findings)


def secret(
    args: dict[str, Any], options: dict[str, Any], tree: SourceTree, folder: str, at: Location
) -> tuple[dict[str, Any] | None, tuple[Finding, ...]]:
    """The Secret of one entry of `secretGenerator`; `options` are the generatorOptions.

    Every value is written in base64. None when a finding is an error.
    """
    body, pairs, findings = _start("Secret", args, options, tree, folder, at)
    body["type"] = args.get("type") or "Opaque"
    body["data"] = {key: _base64(value) for key, value in pairs}
    return _finished(body, args, options, findings)


def _start(
    kind: str,
    args: dict[str, Any],
    options: dict[str, Any],
    tree: SourceTree,
    folder: str,
    at: Location,
) -> tuple[dict[str, Any], list[Pair], list[Finding]]:
    """What both kinds have in common: identity, labels, annotations and data, sorted by key."""
    sources = _Sources(tree, folder, at)
    name = args.get("name")
    if not name:
        sources.refuse(f"an entry for a {kind} has no name", "give it a name")
    metadata: dict[str, Any] = {"name": name}
    if args.get("namespace"):
        metadata["namespace"] = args["namespace"]
    for field in ("labels", "annotations"):
        merged = {**_mapping(options, field), **_mapping(_mapping(args, "options"), field)}
        if merged:
            metadata[field] = dict(sorted(merged.items()))
    body = {"apiVersion": "v1", "kind": kind, "metadata": metadata}
    return body, sorted(sources.pairs(args)), sources.findings


def _finished(
    body: dict[str, Any],
    args: dict[str, Any],
    options: dict[str, Any],
    findings: list[Finding],
) -> tuple[dict[str, Any] | None, tuple[Finding, ...]]:
    if options.get("immutable") or _mapping(args, "options").get("immutable"):
        body["immutable"] = True
    failed = any(each.severity is finding.Severity.ERROR for each in findings)
    return (None if failed else body), tuple(findings)


class _Sources:
    """Reads what one entry names: env files, then literals, then files."""

    def __init__(self, tree: SourceTree, folder: str, at: Location) -> None:
        self.findings: list[Finding] = []
        self._tree = tree
        self._folder = folder
        self._at = at

    def refuse(self, message: str, hint: str) -> None:
        self.findings.append(finding.error(_INVALID, self._at, message, hint))

    def pairs(self, args: dict[str, Any]) -> Iterator[Pair]:
        """Keys and values; a repeated key is a finding."""
        seen: set[str] = set()
        for key, value in self._all(args):
            if key in seen:
                self.refuse(f"{args.get('name')} has the key {key!r} twice", "keep one of the two")
            seen.add(key)
            yield key, value

    def _all(self, args: dict[str, Any]) -> Iterator[Pair]:
        env = args.get("env")
        for path in [*_strings(args, "envs"), *([env] if isinstance(env, str) and env else [])]:
            yield from self._env(path)
        for literal in _strings(args, "literals"):
            key, equals, value = literal.partition("=")
            if not key or not equals:
                self.refuse(f"the literal {literal!r} is not key=value", "write key=value")
            else:
                yield key, _unquoted(value).encode()
        for source in _strings(args, "files"):
            yield from self._file(source)

    def _env(self, path: str) -> Iterator[Pair]:
        content = self._load(path) or b""
        for number, line in enumerate(content.split(b"\n"), 1):
            if len(line) >= _LONGEST_LINE:
                message = f"kustomize reads {path} only up to line {number}, which is too long"
                self.findings.append(finding.warning(_INVALID, self._at, message, "shorten it"))
                return
            try:
                text = line.removesuffix(b"\r").decode()
            except UnicodeDecodeError:
                self.refuse(f"line {number} of {path} is not UTF-8", "use files for binary data")
                continue
            text = (text.removeprefix("\ufeff") if number == 1 else text).lstrip()
            key, _, value = text.partition("=")
            if key and not key.startswith("#"):
                yield key, value.encode()

    def _file(self, source: str) -> Iterator[Pair]:
        key, equals, path = source.rpartition("=")
        if (equals and not (key and path)) or "=" in key:
            self.refuse(f"the file {source!r} is not path or key=path", "write key=path")
            return
        content = self._load(path)
        if content is not None:
            yield key or path.rstrip("/").rpartition("/")[2], content

    def _load(self, path: str) -> bytes | None:
        if path.startswith(("https://", "http://")):
            hint = "keep a copy in the repository"
            message = f"{path} would be downloaded while building"
            self.findings.append(finding.error("kustomize/remote-file", self._at, message, hint))
            return None
        try:
            return self._tree.read(trees.resolve(self._folder, path))
        except PathError as cause:
            hint = "correct the path; it is relative to the kustomization"
            made = finding.error("kustomize/missing-file", self._at, str(cause), hint)
            self.findings.append(made)
            return None


def _mapping(holder: dict[str, Any], field: str) -> dict[str, Any]:
    value = holder.get(field)
    return value if isinstance(value, dict) else {}


def _strings(args: dict[str, Any], field: str) -> list[str]:
    value = args.get(field)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _unquoted(text: str) -> str:
    """Without the quotes around it, when there is the same on both sides."""
    quoted = len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if quoted else text


def _base64(value: bytes) -> str:
    """Base64 in lines of 70 characters once it is longer than one."""
    text = b64encode(value).decode()
    if len(text) < _LINE_OF_BASE64:
        return text
    starts = range(0, len(text), _LINE_OF_BASE64)
    return "".join(f"{text[start : start + _LINE_OF_BASE64]}\n" for start in starts)
