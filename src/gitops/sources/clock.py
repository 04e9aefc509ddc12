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
