"""Helm's own Go library, to compare with: a small Go program of ours that calls it as Flux does."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.oracle import golibs


def ask(requests: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One answer per request, in order; `error` in an answer says why there is no other.

    Requests (field `do`): `release` chart, chart_version, name, namespace, values, kube_version,
    api_versions, kustomize, metadata, strategy -> objects, hooks; `strvals` text, values, typed ->
    values; `semver` range, version -> admits, text. Skips the test where the program cannot be had.
    """
    return golibs.ask(Path(__file__).parent, requests)
