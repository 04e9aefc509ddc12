"""Which day it is."""

import datetime
import time
from collections.abc import Mapping

from gitops.errors import UsageError

_VARIABLE = "SOURCE_DATE_EPOCH"


def today(environment: Mapping[str, str]) -> datetime.date:
    """The day, in UTC; that of SOURCE_DATE_EPOCH (seconds since 1970) where it is set, so that a
    run can be repeated.

    Source: reproducible-builds.org, SOURCE_DATE_EPOCH specification.
    """
    given = environment.get(_VARIABLE)
    if given is not None and not given.isdecimal():
        raise UsageError(f"{_VARIABLE} {given!r} is no number of seconds")
    seconds = int(given) if given is not None else int(time.time())
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).date()


class Clock:
    """The time of this machine."""

    def now(self) -> float:
        """Seconds that only grow."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let so much time pass."""
        time.sleep(seconds)

    def moment(self) -> str:
        """Now, in UTC, as RFC 3339 has it."""
        return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
