"""Answers requests inside the worker."""

import os
import sys
import threading
from queue import SimpleQueue
from typing import BinaryIO, NoReturn

import msgspec

from gitops.model.render import RenderProblem, RenderRequest, RenderResult
from gitops.sources.helm import frames, rendering
from gitops.sources.helm.native import Library, Refused
from gitops.sources.helm.rendering import EngineError, Texts


class _CrdFile(msgspec.Struct, frozen=True):
    filename: str
    data: str


_encode = msgspec.json.Encoder().encode
_decode_templates = msgspec.json.Decoder(dict[str, str]).decode
_decode_crds = msgspec.json.Decoder(tuple[_CrdFile, ...]).decode


def serve(library: Library | OSError, jobs: int) -> NoReturn:
    """Answer what comes on standard input with so many threads, until it ends."""
    answers = _take_standard_output()
    if isinstance(library, OSError):
        answers.write(frames.frame(frames.Ready(str(library))))
        answers.flush()
        os._exit(1)
    _Serving(library, answers).run(sys.stdin.buffer, jobs)


def _take_standard_output() -> BinaryIO:
    """Standard output for answers alone: what a library prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


class _Serving:
    def __init__(self, library: Library, answers: BinaryIO) -> None:
        self._library = library
        self._answers = answers
        self._writing = threading.Lock()
        self._asked: SimpleQueue[bytes] = SimpleQueue()

    def run(self, requests: BinaryIO, jobs: int) -> NoReturn:
        self._send(frames.Ready())
        for _ in range(jobs):
            threading.Thread(target=self._work, daemon=True).start()
        while header := requests.read(frames.HEADER):
            self._asked.put(requests.read(frames.length(header)))
        # Threads that are still rendering have nobody to tell.
        os._exit(0)

    def _work(self) -> None:
        while True:
            ask = frames.read_ask(self._asked.get())
            self._send(frames.Answer(ask.number, self._result(ask.request)))

    def _result(self, request: RenderRequest) -> RenderResult:
        try:
            return rendering.render(request, self._engine)
        except MemoryError:
            # Another chart may have taken it all: who it was shows when each is tried alone.
            os._exit(1)
        except Exception as cause:
            # One chart must not end the thread for all that follow.
            reason = f"rendering failed unexpectedly: {type(cause).__name__}: {cause}"
            return RenderResult(problem=RenderProblem(reason))

    def _engine(self, archive: bytes, values: bytes, request: RenderRequest) -> tuple[Texts, Texts]:
        options = {
            "name": request.name,
            "namespace": request.namespace,
            "kube_version": request.kube_version,
            "api_versions": request.api_versions,
        }
        try:
            rendered, crds = self._library.render(archive, values, _encode(options))
        except Refused as cause:
            raise EngineError(str(cause)) from cause
        files = [(each.filename, each.data) for each in _decode_crds(crds)]
        return list(_decode_templates(rendered).items()), files

    def _send(self, message: frames.Ready | frames.Answer) -> None:
        framed = frames.frame(message)
        with self._writing:
            self._answers.write(framed)
            self._answers.flush()
