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
_VERSIONS = ("kube_version", "flux_version")


def load(tree: SourceTree) -> tuple[Config, tuple[Finding, ...]]:
    """The configuration of the repository; the defaults where there is no file or it is wrong."""
    try:
        text = tree.read(PATH)
    except MissingPath:
        return Config(), ()
    except PathError as cause:
        return Config(), (_unreadable(cause),)
    try:
        told = tomllib.loads(text.decode())
        told["kube-version-assumed"] = "kube-version" not in told
        config = msgspec.convert(told, Config)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as cause:
        return Config(), (_unreadable(cause),)
    return _with_versions(_with_lines(config, text.decode()))


def is_version(text: str) -> bool:
    """Whether a version of Kubernetes or Flux can be told from it: major and minor at least."""
    return "." in text and semver.parse(text) is not None


def _with_lines(config: Config, text: str) -> Config:
    """Every suppression with the line of its header."""
    lines = [number for number, line in enumerate(text.splitlines(), 1) if _HEADER.match(line)]
    placed = len(lines) == len(config.ignore)
    ignore = tuple(
        msgspec.structs.replace(each, at=Location(PATH, 0, lines[position] if placed else 0))
        for position, each in enumerate(config.ignore)
    )
    return msgspec.structs.replace(config, ignore=ignore)


def _with_versions(config: Config) -> tuple[Config, tuple[Finding, ...]]:
    """The configuration with the defaults for versions that are none."""
    findings = []
    for field in _VERSIONS:
        text = getattr(config, field)
        if not is_version(text):
            findings.append(_no_version(field.replace("_", "-"), text))
            config = msgspec.structs.replace(config, **{field: getattr(Config(), field)})
    return config, tuple(findings)


def _unreadable(cause: Exception) -> Finding:
    return finding.error(
        "config/invalid",
        Location(PATH),
        f"{PATH} cannot be read: {cause}",
        "its keys are kube-version, flux-version, entries, sources, outside, registries and ignore",
    )


def _no_version(key: str, text: str) -> Finding:
    message = f"{key} {text!r} is no version, so the default is used"
    return finding.error("config/invalid", Location(PATH), message, "write it like 1.33.5")
