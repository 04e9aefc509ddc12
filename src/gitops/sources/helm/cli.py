"""Renders charts with the `helm` program, where that is preferred to the built-in engine."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence

from gitops.errors import ProcessFailed
from gitops.model.render import RenderRequest, RenderResult
from gitops.sources import process
from gitops.sources.helm import rendering
from gitops.sources.helm.isolation import ISOLATED
from gitops.sources.helm.rendering import EngineError, Texts

_SOURCE = re.compile(r"^---\n# Source: (.+)\n", re.MULTILINE)
_ERROR = re.compile(r"^Error: (.*)", re.MULTILINE | re.DOTALL)
_CRD = re.compile(r"[^/]+/(?:charts/[^/]+/)*crds/.+")


class CommandRenderer:
    """A ChartRenderer that starts Helm 3 or 4 for each chart when its result is asked for.

    The charts it is given are prepared like those of the worker, and so are its results. But lines
    count from the start of a document, and Helm does not print the line end of its last one, which
    a block of text there lacks then. Raises ProcessFailed where there is no such program.
    """

    def __init__(self, binary: str = "helm", timeout: float = 60) -> None:
        found = shutil.which(binary)
        if found is None:
            raise ProcessFailed(f"{binary} is not installed")
        self._binary = found
        self._timeout = timeout
        self._results: dict[RenderRequest, RenderResult] = {}

    def submit(self, request: RenderRequest) -> None:
        """Nothing yet: one program after the other."""

    def result(self, request: RenderRequest) -> RenderResult:
        """What the request gives."""
        if request not in self._results:
            self._results[request] = rendering.render(request, self._engine)
        return self._results[request]

    def render(self, requests: Sequence[RenderRequest]) -> tuple[RenderResult, ...]:
        """One result per request, in their order."""
        return tuple(map(self.result, requests))

    def _engine(self, archive: bytes, values: bytes, request: RenderRequest) -> tuple[Texts, Texts]:
        with tempfile.TemporaryDirectory(prefix="gitops-helm-") as folder:
            chart = os.path.join(folder, "chart.tgz")
            with open(chart, "wb") as file:
                file.write(archive)
            try:
                text = process.run(
                    (self._binary, *_arguments(request, chart)),
                    stdin=values,
                    timeout=self._timeout,
                    environment=_environment(folder),
                ).decode(errors="replace")
            except ProcessFailed as cause:
                words = str(cause).removeprefix(f"{self._binary}: ")
                raise EngineError(_message(words)) from cause
        documents = list(_documents(text))
        crds = [each for each in documents if _CRD.fullmatch(each[0])]
        return [each for each in documents if not _CRD.fullmatch(each[0])], crds


def _arguments(request: RenderRequest, chart: str) -> Iterator[str]:
    yield from ("template", request.name, chart, "--namespace", request.namespace)
    yield from ("--values", "-", "--include-crds")
    if request.kube_version:
        yield from ("--kube-version", request.kube_version)
    for version in request.api_versions:
        yield from ("--api-versions", version)


def _environment(folder: str) -> dict[str, str]:
    """Ours, with nothing of the user's Helm, no cluster, and no way out."""
    homes = ("HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME", "HELM_PLUGINS")
    return {
        **os.environ,
        **ISOLATED,
        **dict.fromkeys(homes, os.path.join(folder, "home")),
    }


def _message(words: str) -> str:
    """What Helm says went wrong, without its warnings before and its advice after."""
    found = _ERROR.search(words)
    return (found[1] if found else words).partition("\n\nUse --debug flag")[0]


def _documents(text: str) -> Iterable[tuple[str, str]]:
    """Each document under the path that Helm names; Helm ends each with one line end of its own."""
    _, *parts = _SOURCE.split(text)
    for path, document in zip(parts[::2], parts[1::2], strict=True):
        yield path, document.removesuffix("\n")
