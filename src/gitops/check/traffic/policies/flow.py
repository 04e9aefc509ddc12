"""A connection that somebody needs."""

import msgspec

from gitops.check.index import Owned
from gitops.check.traffic.policies.rules import Connection


class Flow(msgspec.Struct, frozen=True):
    """A connection that somebody declares. `why` says what it is for, `by` is the object."""

    connection: Connection
    why: str
    by: Owned
