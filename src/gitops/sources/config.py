"""Reads `gitops.toml`."""

import re
import tomllib

import msgspec

from gitops.errors import MissingPath, PathError
from gitops.model import finding, semver
from gitops.model.config import Config
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources.tree import SourceTree

PATH = "gitops.toml"
_HEADER = re.compile(r"\s*\[\[\s*ignore\s*\]\]")
_LINE = re.compile(r"\(at (?:line (?P<line>[0-9]+),|end of document\))")
_ENTRY = re.compile(r"at `\$\.ignore\[(?P<position>[0-9]+)\]")
_KEY = re.compile(r"at `\$\.(?P<key>[\w-]+)|unknown field `(?P<unknown>[\w-]+)`")
"""As tomllib and msgspec say where they stopped."""
_VERSIONS = ("kube_version", "flux_version")


def load(tree: SourceTree) -> tuple[Config, tuple[Finding, ...]]:
    """The configuration of the repository; the defaults where there is no file or it is wrong."""
    try:
        text = tree.read(PATH)
    except MissingPath:
        return Config(), ()
    except PathError as cause:
        return Config(), (_unreadable(cause),)
    shown = text.decode(errors="replace")
    try:
        told = tomllib.loads(text.decode())
        told["kube-version-assumed"] = "kube-version" not in told
        told["outside-told"] = "outside" in told
        config = msgspec.convert(told, Config)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as cause:
        return Config(), (_unreadable(cause, _line(str(cause), shown)),)
    return _with_versions(_with_lines(config, shown), shown)


def is_version(text: str) -> bool:
    """Whether a version of Kubernetes or Flux can be told from it: major and minor at least."""
    return "." in text and semver.parse(text) is not None


def _with_lines(config: Config, text: str) -> Config:
    """Every suppression with the line of its header."""
    lines = _headers(text)
    placed = len(lines) == len(config.ignore)
    ignore = tuple(
        msgspec.structs.replace(each, at=Location(PATH, 0, lines[position] if placed else 0))
        for position, each in enumerate(config.ignore)
    )
    return msgspec.structs.replace(config, ignore=ignore)


def _headers(text: str) -> list[int]:
    return [number for number, line in enumerate(text.splitlines(), 1) if _HEADER.match(line)]


def _line(words: str, text: str) -> int:
    """The line that is wrong: the one that a mistake of TOML names, the header of an entry of
    `ignore`, or that of a key; 0 where nothing tells."""
    if named := _LINE.search(words):
        return int(named["line"] or len(text.splitlines()))
    if entry := _ENTRY.search(words):
        lines = _headers(text)
        return lines[int(entry["position"])] if int(entry["position"]) < len(lines) else 0
    key = _KEY.search(words)
    return _line_of(key["key"] or key["unknown"], text) if key else 0


def _line_of(key: str, text: str) -> int:
    """The line in which a key of the file is set."""
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if re.match(rf"\s*{key}\s*=", line)), 0)


def _with_versions(config: Config, told: str) -> tuple[Config, tuple[Finding, ...]]:
    """The configuration with the defaults for versions that are none."""
    findings = []
    for field in _VERSIONS:
        text = getattr(config, field)
        if text != getattr(Config(), field) and not is_version(text):
            findings.append(_no_version(field.replace("_", "-"), text, told))
            config = msgspec.structs.replace(config, **{field: getattr(Config(), field)})
    return config, tuple(findings)


def _unreadable(cause: Exception, line: int = 0) -> Finding:
    return finding.error(
        "config/invalid",
        Location(PATH, 0, line),
        f"{PATH} cannot be read: {cause}",
        "its keys are kube-version, flux-version, entries, sources, outside, registries and ignore",
    )


def _no_version(key: str, text: str, told: str) -> Finding:
    message = f"{key} {text!r} is no version, so the default is used"
    at = Location(PATH, 0, _line_of(key, told))
    return finding.error("config/invalid", at, message, "write it like 1.33.5")
