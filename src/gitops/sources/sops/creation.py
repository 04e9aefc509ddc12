"""`.sops.yaml`: which files are to be encrypted, and whether they are.

Source: getsops.io, "Using .sops.yaml conf to select KMS, PGP and age for new files"; sops 3.10,
config/config.go: the first rule whose `path_regex` is found in the path, relative to the file of
rules, decides, and one without `path_regex` fits all. What it encrypts is decided as in the sops
block of a file: everything, or what a suffix or an expression takes in or leaves out.
"""

import base64
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from gitops.errors import PathError
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.model.secret import is_public
from gitops.sources import tree as trees
from gitops.sources import yamlio
from gitops.sources.sops.formats import is_marked
from gitops.sources.tree import Kind, SourceTree

PATH = ".sops.yaml"
_SKIPPED = {".git", ".venv", "node_modules"}
_YAML = (".yaml", ".yml")
_NAMED = re.compile(r"(?i)\.(?:sops|enc|encrypted)(?:\.[a-z]+)?$")
_VARIABLES = re.compile(r"\$\{[^}]*\}")
_BELOW = re.compile(r"\^((?:[\w-]+/)+)(?![?*{])")
"""Folders that all paths begin with that an expression without `|` is found in."""
_KEPT = re.compile(r"(?i)pass|token|secret|key")
_SETTING = re.compile(r"(?i)true|false|\d{0,3}(?:m?s|m|h)?")
_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Rule(msgspec.Struct, frozen=True):
    """Which paths are meant, and where it stands."""

    path: re.Pattern[str]
    at: Location

    @property
    def folder(self) -> str:
        """How all paths begin that it means: with a folder and `/`, or anyhow."""
        found = None if "|" in self.path.pattern else _BELOW.match(self.path.pattern)
        return found[1] if found else ""


def load(tree: SourceTree) -> tuple[None, tuple[Finding, ...]]:
    """Files that a rule wants to be encrypted and that are not.

    That a rule fits is not enough: many fit every file of a folder, and encrypt only Secrets. A
    file is meant where its name says that it is encrypted, or where it holds a Secret with values.
    """
    rules = tuple(_rules(tree))
    folders = {rule.folder for rule in rules}
    paths = _files(tree, "", folders) if rules else ()
    found = [mistake for path in paths for mistake in _judged(tree, path, rules)]
    return None, tuple(found)


def _rules(tree: SourceTree) -> Iterator[Rule]:
    documents, _ = yamlio.parse(tree.read(PATH), PATH)
    for document in documents[:1]:
        written = document.value if isinstance(document.value, Mapping) else {}
        for rule in written.get("creation_rules") or ():
            pattern = rule.get("path_regex", "") if isinstance(rule, Mapping) else None
            if isinstance(pattern, str) and (compiled := _compiled(pattern)):
                yield Rule(compiled, Location(PATH, 0, 0))


def _compiled(pattern: str) -> re.Pattern[str] | None:
    """The expression, None where Go's dialect and Python's differ."""
    try:
        return re.compile(pattern)
    except re.error:
        return None


def _files(tree: SourceTree, folder: str, wanted: Collection[str]) -> Iterator[str]:
    """The files in the wanted folders and below them."""
    for name in tree.names(folder):
        path = trees.join(folder, name)
        if name in _SKIPPED or not _leads(path, wanted) or tree.is_link(path):
            continue
        if tree.kind(path) is Kind.FOLDER:
            yield from _files(tree, path, wanted)
        elif name != PATH:
            yield path


def _leads(path: str, wanted: Collection[str]) -> bool:
    """Whether a path lies in a wanted folder, or such a folder below it."""
    return any(f"{path}/".startswith(each) or each.startswith(f"{path}/") for each in wanted)


def _judged(tree: SourceTree, path: str, rules: tuple[Rule, ...]) -> Iterator[Finding]:
    rule = next((each for each in rules if each.path.search(path)), None)
    named = _NAMED.search(path.rpartition("/")[2]) is not None
    if rule is None or not (named or path.endswith(_YAML)):
        return
    try:
        content = tree.read(path)
    except PathError:
        return
    if not is_marked(content):
        yield from _of_yaml(content, path, rule, named=named)


def _of_yaml(content: bytes, path: str, rule: Rule, *, named: bool) -> Iterator[Finding]:
    """What is wrong in a file that bears no mark of sops."""
    if not (named or b"kind: Secret\n" in content):
        return
    documents, _ = yamlio.parse(content, path) if path.endswith(_YAML) else ((), ())
    bodies = [each.value if isinstance(each.value, Mapping) else {} for each in documents]
    secrets = [body.get("kind") == "Secret" for body in bodies]
    if named and not (secrets and all(secrets)):
        if content.strip():
            yield _plain(Location(path), path, rule)
        return
    for document, body, is_secret in zip(documents, bodies, secrets, strict=True):
        if is_secret and _holds_values(body):
            yield _plain(Location(path, document.document, document.line), path, rule)


def _holds_values(body: Mapping[str, Any]) -> bool:
    """Whether a Secret holds something to keep. Where variables are put in later, they are what is
    kept; what stands beside them is so only where its key says so."""
    values = [
        (key, value, field)
        for field in ("data", "stringData")
        if isinstance(body.get(field), Mapping)
        for key, value in body[field].items()
        if isinstance(value, str)
    ]
    plain = [each for each in values if not _VARIABLES.search(each[1])]
    if len(plain) < len(values):
        plain = [each for each in plain if _KEPT.search(str(each[0]))]
    return any(
        not _is_open(str(key), _decoded(value) if field == "data" else value)
        for key, value, field in plain
    )


def _is_open(key: str, value: str) -> bool:
    """Whether a value is nothing, a switch, a small number, a time, what its key calls an id, or
    meant to be known."""
    identifies = key.lower().endswith("id") and _UUID.fullmatch(value.strip()) is not None
    return identifies or _SETTING.fullmatch(value.strip()) is not None or is_public(value)


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value).decode()
    except ValueError:
        return value


def _plain(at: Location, path: str, rule: Rule) -> Finding:
    return finding.error(
        "sops/not-encrypted",
        at,
        f"{path} is to be encrypted by a rule of {PATH} ({rule.path.pattern or 'any path'}), and "
        "is readable",
        f"`sops --encrypt --in-place {path}`, and change what was readable",
        rule.at,
    )
