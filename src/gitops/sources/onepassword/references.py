"""What `op://` references stand for, read by `op` with the rights of the person who is signed in.

Source: 1Password CLI 2 reference: `op read`.
"""

from gitops.errors import KeeperError, ProcessFailed
from gitops.sources import process

_TIMEOUT = 60


def read(reference: str) -> str:
    """The value. It is handed on and written nowhere."""
    try:
        found = process.run(("op", "read", "--no-newline", reference), timeout=_TIMEOUT)
    except ProcessFailed as cause:
        raise KeeperError(f"{cause}; `op signin` opens the vaults to `op`") from None
    return found.decode()
