"""Results of earlier builds under the names of all they depend on. Losing any costs only time.

Writers never wait for each other: an entry appears whole by a rename, whoever comes second replaces
it with the same, and a reader checks that what it got is what was put.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from hashlib import sha256
from itertools import count

from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import NOWHERE
from gitops.sources import cachedir

_MAGIC = b"gitops entry 1\n"
_HEADER = len(_MAGIC) + 32
_BLOCK = 4096
_HOUR = 3600.0
_LEDGER = "ledger"


class Cache:
    """Entries in one flat folder, which may take `limit` bytes of disk.

    What was used longest ago goes first. Its age is the time of modification, which a read renews
    at most once an hour. Every write adds a byte per block to a file named `ledger`, which all
    processes share: when it says that a sixteenth of the limit was written, whoever notices tidies
    up. So the limit holds, and hardly any run has to look at the whole folder.
    """

    def __init__(self, folder: str, limit: int) -> None:
        self._folder = folder
        self._slack = limit // 16
        self._keep = limit - self._slack
        self._numbers = count()
        self._trouble = ""

    def get(self, kind: str, key: str) -> bytes | None:
        """What was put, or None. An entry that was damaged is removed."""
        path = self._path(kind, key)
        try:
            with open(path, "rb") as file:
                entry = file.read()
                used = os.fstat(file.fileno()).st_mtime
        except OSError:
            return None
        data = entry[_HEADER:]
        if entry[:_HEADER] != _header(kind, key, data):
            cachedir.remove(path)
            return None
        if time.time() - used > _HOUR:
            _renew(path)
        return data

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Keep an entry, unless it is larger than a sixteenth of the limit.

        The first failure, be the disk full or read-only, ends writing for this run.
        """
        if self._trouble or len(data) > self._slack:
            return
        try:
            self._write(self._path(kind, key), _header(kind, key, data) + data)
            self._enter(len(data))
        except OSError as cause:
            self._trouble = cause.strerror or type(cause).__name__

    def notes(self) -> tuple[Finding, ...]:
        """That nothing could be kept, and why."""
        if not self._trouble:
            return ()
        message = f"nothing can be kept in the cache {self._folder}: {self._trouble}"
        hint = "this run is right all the same; make room there, or pass --no-cache"
        return (finding.note("cache/off", NOWHERE, message, hint),)

    def _path(self, kind: str, key: str) -> str:
        return f"{self._folder}/{kind}-{sha256(_bytes(key)).hexdigest()[:40]}"

    def _write(self, path: str, entry: bytes) -> None:
        writer = f"{os.getpid()}-{id(self)}-{next(self._numbers)}-{time.monotonic_ns()}"
        temporary = f"{self._folder}/{cachedir.UNFINISHED}{writer}"
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        try:
            with open(temporary, "xb") as file:
                file.write(entry)
            os.replace(temporary, path)
        except BaseException:
            cachedir.remove(temporary)
            raise

    def _enter(self, size: int) -> None:
        """Add a write to the ledger, and tidy up when it is time."""
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        ledger = os.open(f"{self._folder}/{_LEDGER}", flags, 0o600)
        try:
            os.write(ledger, b"." * _blocks(size + _HEADER))
            if os.fstat(ledger).st_size * _BLOCK > self._slack:
                fcntl.flock(ledger, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._tidy()
                os.ftruncate(ledger, 0)
        except BlockingIOError:
            pass  # Somebody else is tidying up.
        finally:
            os.close(ledger)

    def _tidy(self) -> None:
        """Remove what crashed writers left, and the oldest entries above the limit.

        A reader that has an entry open keeps it; one that comes too late misses it.
        """
        now, room = time.time(), self._keep
        for used, size, path in sorted(_entries(self._folder), reverse=True):
            if os.path.basename(path).startswith(cachedir.UNFINISHED):
                is_needless = now - used > _HOUR
            else:
                room -= _blocks(size) * _BLOCK
                is_needless = room < 0
            if is_needless:
                cachedir.remove(path)


class NoCache:
    """Keeps nothing."""

    def get(self, kind: str, key: str) -> bytes | None:
        return None

    def put(self, kind: str, key: str, data: bytes) -> None:
        return None

    def notes(self) -> tuple[Finding, ...]:
        return ()


def _header(kind: str, key: str, data: bytes) -> bytes:
    """What stands before the data: it proves that these bytes were put under this name."""
    proof = sha256(_bytes(f"{kind}\0{key}\0"))
    proof.update(data)
    return _MAGIC + proof.digest()


def _bytes(key: str) -> bytes:
    return key.encode(errors="surrogatepass")


def _entries(folder: str) -> Iterator[tuple[float, int, str]]:
    """Time of use, size and path of every file but the ledger."""
    with os.scandir(folder) as entries:
        for entry in entries:
            # Somebody may remove it meanwhile.
            with contextlib.suppress(FileNotFoundError):
                if entry.name != _LEDGER:
                    status = entry.stat()
                    yield status.st_mtime, status.st_size, entry.path


def _blocks(size: int) -> int:
    return -(-size // _BLOCK)


def _renew(path: str) -> None:
    # It may be another's, or removed meanwhile: then it counts as older than it is.
    with contextlib.suppress(OSError):
        os.utime(path)
