"""A worker process and the pipes to it, used without ever blocking on both ends at once."""

import os
import select
import sys
from collections.abc import Mapping
from pathlib import Path

import gitops
from gitops.sources import process
from gitops.sources.helm import frames
from gitops.sources.helm.isolation import ISOLATED

_CHUNK = 1 << 20


class Channel:
    """A running worker. `ended` is set once it is found to have gone."""

    def __init__(self, jobs: int, memory: int) -> None:
        arguments = (sys.executable, "-P", "-m", "gitops.sources.helm.worker")
        self._program = process.start(
            (*arguments, str(jobs), str(memory)), environment=_environment(), quiet=True
        )
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._to, self._from = self._program.stdin.fileno(), self._program.stdout.fileno()
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)
        self._outgoing = bytearray()
        self._incoming = bytearray()
        self.ended = False

    def send(self, message: bytes) -> None:
        """Queue a message; what the pipe has no room for goes out while receiving."""
        self._outgoing += message
        self._write()

    def receive(self, wait: float) -> list[bytes]:
        """The messages that are there, after waiting at most so many seconds for something."""
        if self.ended:
            return []
        writing = [self._to] if self._outgoing else []
        readable, writable, _ = select.select([self._from], writing, [], wait)
        if writable:
            self._write()
        if readable:
            self._read()
        return list(frames.bodies(self._incoming))

    def close(self) -> None:
        """End the worker, whatever it is doing."""
        self.ended = True
        self._program.kill()
        for pipe in (self._program.stdin, self._program.stdout):
            assert pipe is not None
            pipe.close()
        self._program.wait()

    def _write(self) -> None:
        try:
            del self._outgoing[: os.write(self._to, self._outgoing)]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            # What it answered before it went may still be in the other pipe.
            self._outgoing.clear()

    def _read(self) -> None:
        """Everything that the pipe holds now."""
        try:
            while chunk := os.read(self._from, _CHUNK):
                self._incoming += chunk
            self.ended = True
        except BlockingIOError:
            pass


def _environment() -> Mapping[str, str]:
    """Ours, closed off, and with what makes rendering fast.

    Go reads GOGC when the process starts: collecting less often makes rendering a third faster. A
    GOMEMLIMIT, though, makes a chart that recurses without end live three times as long.
    """
    folders = (str(Path(gitops.__file__).parents[1]), os.environ.get("PYTHONPATH", ""))
    return {
        **os.environ,
        **ISOLATED,
        "GOGC": "400",
        "PYTHONPATH": os.pathsep.join(filter(None, folders)),
    }
