"""What talosctl says about a configuration: a second opinion, by the code of Talos itself."""

import re
from collections.abc import Callable, Iterator, Sequence

import msgspec

from gitops.errors import ProcessFailed
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.talos.rendering import Configuration

Run = Callable[[Sequence[str], bytes], bytes]
"""Runs a program with something on its standard input; raises ProcessFailed."""

_ERROR = re.compile(r"^\s*\* (?P<words>.+)$", re.M)
"""Source: github.com/hashicorp/go-multierror, the format of several errors."""


def findings(configurations: Sequence[Configuration], run: Run) -> Iterator[Finding]:
    """What it refuses, warnings included."""
    for each in configurations:
        command = ["talosctl", "validate", "--mode", "metal", "--strict", "--config", "/dev/stdin"]
        try:
            run(command, each.text.encode())
        except ProcessFailed as refusal:
            for words in _words(str(refusal)):
                yield _refused(each, words)


def _words(text: str) -> list[str]:
    return _ERROR.findall(text) or [" ".join(text.split())]


def _refused(configuration: Configuration, words: str) -> Finding:
    found = finding.error(
        "talos/second-opinion",
        Location(configuration.path),
        f"talosctl validate: {words}",
        "the machine would refuse it, too",
    )
    return msgspec.structs.replace(found, cluster=configuration.cluster)
