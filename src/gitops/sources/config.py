"""Reads `gitops.toml`."""

import tomllib

import msgspec

from gitops.errors import MissingPath
from gitops.model import finding
from gitops.model.config import Config
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources.tree import SourceTree

PATH = "gitops.toml"


def load(tree: SourceTree) -> tuple[Config, tuple[Finding, ...]]:
    """The configuration of the repository; the defaults where there is no file or it is wrong."""
    try:
        text = tree.read(PATH)
    except MissingPath:
        return Config(), ()
    try:
        return msgspec.convert(tomllib.loads(text.decode()), Config), ()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as cause:
        wrong = finding.error(
            "config/invalid",
            Location(PATH),
            f"{PATH} cannot be read: {cause}",
            "its keys are kube-version, flux-version, entries, sources and outside",
        )
        return Config(), (wrong,)
