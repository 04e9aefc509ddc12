"""Renders charts in a worker process that may die or hang."""

import time
from collections import deque
from collections.abc import Sequence
from itertools import islice
from types import TracebackType

from gitops.errors import WorkerDied
from gitops.model.render import RenderProblem, RenderRequest, RenderResult
from gitops.sources.helm import frames
from gitops.sources.helm.channel import Channel

_MEMORY = 1 << 30
_START = 30.0
"""Seconds that a worker may take until it is ready."""

_ATTEMPTS = 2


class WorkerRenderer:
    """A ChartRenderer; to be closed. Not for several threads.

    The worker starts with the first request and renders `jobs` charts at a time, in the order in
    which they were submitted. When it dies, the charts it was at are tried again one at a time, and
    one that kills it once more becomes a problem. A chart that keeps its caller waiting for
    `timeout` seconds becomes a problem, too; the others go on with the next worker.
    """

    def __init__(self, jobs: int = 2, timeout: float = 60, memory: int = _MEMORY) -> None:
        self._jobs = jobs
        self._timeout = timeout
        self._memory = memory
        self._numbers: dict[RenderRequest, int] = {}
        self._requests: list[RenderRequest] = []
        self._results: dict[int, RenderResult] = {}
        self._waiting: deque[int] = deque()
        self._suspects: deque[int] = deque()
        self._lone_suspect = -1
        self._sent: dict[int, None] = {}
        self._since: dict[int, float] = {}
        self._channel: Channel | None = None
        self._started = 0.0
        self._ready = False
        self._failures = 0

    def __enter__(self) -> "WorkerRenderer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker. What it did not answer begins anew with the next request."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        self._waiting.extendleft(reversed(self._sent))
        self._sent.clear()
        self._since.clear()

    def start(self) -> None:
        """Start the worker, if it is known before the first request that there will be one."""
        self._open()

    def submit(self, request: RenderRequest) -> None:
        """Begin a render, unless it was begun before, and do not wait for it."""
        if request not in self._numbers:
            number = len(self._requests)
            self._numbers[request] = number
            self._requests.append(request)
            self._waiting.append(number)
        self._advance(0)

    def result(self, request: RenderRequest) -> RenderResult:
        """What the request gave. Raises WorkerDied where no chart at all can be rendered."""
        self.submit(request)
        number = self._numbers[request]
        # Time that the caller spent elsewhere does not count: answers may have waited for it.
        self._since.clear()
        while number not in self._results:
            self._advance(self._patience())
            self._stop_overdue()
        return self._results[number]

    def render(self, requests: Sequence[RenderRequest]) -> tuple[RenderResult, ...]:
        """One result per request, in their order."""
        for request in requests:
            self.submit(request)
        return tuple(map(self.result, requests))

    def _advance(self, wait: float) -> None:
        """Send what can be sent and take in what is there."""
        if not (self._waiting or self._suspects or self._sent):
            return
        channel = self._open()
        self._feed(channel)
        for body in channel.receive(wait):
            self._take(body)
        if channel.ended:
            self._bury()

    def _open(self) -> Channel:
        if self._channel is None:
            self._channel = Channel(self._jobs, self._memory)
            self._started = time.monotonic()
            self._ready = False
        return self._channel

    def _feed(self, channel: Channel) -> None:
        # A suspect gets a worker to itself, so that there can be no doubt.
        if self._suspects and not self._sent:
            self._lone_suspect = self._suspects.popleft()
            self._send(channel, self._lone_suspect)
        while self._waiting and not self._suspects and self._lone_suspect not in self._sent:
            self._send(channel, self._waiting.popleft())

    def _send(self, channel: Channel, number: int) -> None:
        channel.send(frames.frame(frames.Ask(number, self._requests[number])))
        self._sent[number] = None

    def _take(self, body: bytes) -> None:
        if self._ready:
            answer = frames.read_answer(body)
            self._finish(answer.number, answer.result)
            return
        failure = frames.read_ready(body).failure
        if failure:
            raise WorkerDied(f"Helm cannot be loaded: {failure}; install helm-python-sdk anew")
        self._ready = True

    def _finish(self, number: int, result: RenderResult) -> None:
        self._sent.pop(number)
        self._since.pop(number, None)
        self._results[number] = result

    def _running(self) -> list[tuple[int, float]]:
        """What the worker is at, and since when it may be: it takes requests in their order."""
        if not self._ready:
            return []
        now = time.monotonic()
        return [
            (number, self._since.setdefault(number, now))
            for number in islice(self._sent, self._jobs)
        ]

    def _patience(self) -> float:
        """How long to wait for a sign of the worker."""
        deadlines = [since + self._timeout for _, since in self._running()]
        return max(0, min(deadlines, default=self._started + _START) - time.monotonic())

    def _stop_overdue(self) -> None:
        now = time.monotonic()
        overdue = [number for number, since in self._running() if now >= since + self._timeout]
        for number in overdue:
            reason = f"rendering did not end within {self._timeout:g} s"
            self._finish(number, RenderResult(problem=RenderProblem(reason)))
        never_ready = self._channel and not self._ready and now >= self._started + _START
        if overdue:
            self.close()
        elif never_ready:
            self._bury()

    def _bury(self) -> None:
        """Find out what a dead worker died of, and go on."""
        self._failures = 0 if self._ready else self._failures + 1
        if self._failures == _ATTEMPTS:
            self.close()
            raise WorkerDied(
                "the Helm worker does not start; `python -m gitops.sources.helm.worker "
                f"{self._jobs} {self._memory}` shows why"
            )
        if self._lone_suspect in self._sent:
            reason = (
                "this chart makes Helm crash: a template recurses without end, "
                f"or needs more than {self._memory >> 20} MiB of memory"
            )
            self._finish(self._lone_suspect, RenderResult(problem=RenderProblem(reason)))
        elif self._ready:
            for number, _ in self._running():
                del self._sent[number]
                self._suspects.append(number)
        self.close()
