"""Requests that end: bounded in time, in attempts and in size, with one kind of error."""

import time
from collections.abc import Callable, Iterator, Mapping

import msgspec
import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import (
    ChunkedEncodingError,
    ConnectionError,
    RequestException,
    SSLError,
    Timeout,
)
from urllib3.exceptions import HTTPError, InvalidHeader, ReadTimeoutError
from urllib3.util import Retry

from gitops.errors import RegistryError

_TRANSIENT = (429, 500, 502, 503, 504)
_CHUNK = 64 * 1024
_MOST_REQUESTS = 1000
"""Requests of one session; more pages than that are a registry that repeats itself."""


class Limits(msgspec.Struct, frozen=True):
    """How long and how often a registry is asked. Times are in seconds, `largest` in bytes.

    `total` bounds one request with all its attempts. `pause` is waited after the first failure and
    doubles; a registry that asks for more than `longest_pause` is not asked again.
    """

    attempts: int = 3
    connect: float = 10
    read: float = 30
    total: float = 120
    pause: float = 0.5
    longest_pause: float = 20
    largest: int = 256 * 1024 * 1024


DEFAULT = Limits()

BROKEN = (RequestException, HTTPError, ValueError)
"""What the libraries raise when there is no answer that makes sense."""


class TooLarge(RequestException):
    """An answer is larger than the limits allow."""


def session(limits: Limits, sleep: Callable[[float], None] = time.sleep) -> requests.Session:
    """A session whose every request, redirects and tokens included, keeps to the limits."""
    made = requests.Session()
    made.headers["User-Agent"] = "gitops"
    adapter = _Adapter(limits, sleep)
    made.mount("https://", adapter)
    made.mount("http://", adapter)
    return made


def get(made: requests.Session, url: str) -> bytes:
    """The body at an address. Raises RegistryError, which tells what to do."""
    try:
        response = made.get(url)
    except BROKEN as cause:
        raise unreachable(url, cause) from cause
    if not response.ok:
        raise refused(response)
    return response.content


def refused(response: requests.Response) -> RegistryError:
    """What an answer that is no success means for the user."""
    where = response.url.partition("?")[0]
    match response.status_code:
        case 401 | 403:
            way_out = "log in with `docker login` for OCI registries, or use ~/.netrc for others"
        case 404:
            way_out = "check the address and the version"
        case 429:
            way_out = "it wants fewer requests: try again later, or log in"
        case _:
            way_out = "try again later"
    return RegistryError(f"{where} answered {response.status_code}; {way_out}")


def unreachable(url: str, cause: Exception) -> RegistryError:
    """What it means for the user that there is no answer."""
    where = url.partition("?")[0]
    match cause:
        case SSLError():
            what = f"cannot be trusted: {_words(cause)}"
        case Timeout():
            what = "did not answer in time"
        case TooLarge():
            return RegistryError(f"{where}: {cause}")
        case ConnectionError():
            what = f"cannot be reached: {_words(cause)}"
        case _:
            what = f"did not answer as HTTP says: {_words(cause)}"
    return RegistryError(
        f"{where} {what}; try again, or bring the chart with `gitops charts import`"
    )


class _Adapter(HTTPAdapter):
    """Sends each request as often as it makes sense, and reads the whole answer."""

    def __init__(self, limits: Limits, sleep: Callable[[float], None]) -> None:
        super().__init__()
        self._limits = limits
        self._sleep = sleep
        self._requests = 0

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: object = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        self._requests += 1
        if self._requests > _MOST_REQUESTS:
            raise ConnectionError("it sends one page after another without end")
        waits = (self._limits.connect, self._limits.read)
        deadline = time.monotonic() + self._limits.total
        for attempt in range(self._limits.attempts):
            try:
                response = super().send(request, True, waits, verify, cert, proxies)
                self._read(response, deadline)
                pause = self._pause(response, attempt, deadline)
                if pause is None:
                    return response
            except (RequestException, OSError) as cause:
                pause = self._pause(cause, attempt, deadline)
                if pause is None:
                    raise
            self._sleep(pause)
        raise AssertionError("the last attempt is not followed by a pause")

    def _pause(
        self, outcome: requests.Response | Exception, attempt: int, deadline: float
    ) -> float | None:
        """How long to wait before asking again; None when this outcome is final."""
        pause = self._limits.pause * 2**attempt
        match outcome:
            case SSLError() | TooLarge():
                return None
            case requests.Response() if outcome.status_code not in _TRANSIENT:
                return None
            case requests.Response():
                pause = max(pause, _retry_after(outcome))
        last = attempt + 1 == self._limits.attempts
        too_long = pause > self._limits.longest_pause or time.monotonic() + pause > deadline
        return None if last or too_long else pause

    def _read(self, response: requests.Response, deadline: float) -> None:
        try:
            # This is where requests itself keeps a body that was read.
            response._content = b"".join(self._parts(response, deadline))
        except RequestException:
            response.close()
            raise

    def _parts(self, response: requests.Response, deadline: float) -> Iterator[bytes]:
        room = self._limits.largest
        # What has arrived is taken at once: a body in drops must not outlast the deadline.
        while part := _read_some(response):
            room -= len(part)
            if room < 0:
                raise TooLarge(f"the answer is larger than {self._limits.largest} bytes")
            if time.monotonic() > deadline:
                raise Timeout("the answer takes too long")
            yield part


def _read_some(response: requests.Response) -> bytes:
    try:
        return bytes(response.raw.read1(_CHUNK, decode_content=True))
    except ReadTimeoutError as cause:
        raise Timeout(cause) from cause
    except HTTPError as cause:
        raise ChunkedEncodingError(cause) from cause


def _retry_after(response: requests.Response) -> float:
    header = response.headers.get("Retry-After", "")
    try:
        return Retry().parse_retry_after(header) if header else 0
    except InvalidHeader:
        return 0


def _words(cause: BaseException) -> str:
    """The innermost reason, which is what a person can act on."""
    while isinstance(inner := getattr(cause, "reason", None) or cause.__context__, BaseException):
        cause = inner
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
