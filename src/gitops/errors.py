"""Exceptions: broken promises of the machine, one class per remedy.

- GitopsError
  - UsageError        the command line asks for something that cannot be; exit 2
  - ToolError         something outside the repository failed; exit 3
    - ProcessFailed   a program we started failed or could not be started
    - WorkerDied      the Helm worker went away and a restart did not help
    - RegistryError   a chart registry refused, timed out or sent something else
    - ChartError      a folder or an archive is no Helm chart that can be kept
    - CacheError      the cache folder is full, read-only or out of reach
    - KeeperError     1Password refused, did not answer, or answered with something else
    - DeviceError     the router refused, did not answer, or went away
    - TapeError       a cartridge, a drive or the library did not do what it was asked for
      - EndOfTape     a cartridge is full
    - RevisionError   git does not know the revision or the repository
  - PathError         a path in a source tree cannot be read; callers turn it into a Finding
    - MissingPath     nothing is there
    - EscapingPath    the path or a link on it leaves the root
    - UnreadablePath  there is something that cannot be read as asked (a folder, a device, a loop)

A mistake in the user's repository is not here: it is a `gitops.model.finding.Finding`.
"""


class GitopsError(Exception):
    """The root of every exception of this package."""


class UsageError(GitopsError):
    """The command line asks for something that cannot be; the process exits with 2."""


class ToolError(GitopsError):
    """Something outside the repository failed; the process exits with 3."""


class ProcessFailed(ToolError):
    """A program could not be started, failed, or ran out of time."""


class WorkerDied(ToolError):
    """The Helm worker went away and starting it again did not help."""


class RegistryError(ToolError):
    """A chart registry could not be reached or did not answer as its protocol says."""


class ChartError(ToolError):
    """A folder or an archive is not a Helm chart that can be kept."""


class CacheError(ToolError):
    """The cache folder is full, read-only or out of reach."""


class KeeperError(ToolError):
    """1Password refused, could not be reached or did not answer as its interface says."""


class DeviceError(ToolError):
    """The router refused a request, did not answer in time, or the way to it broke."""


class TapeError(ToolError):
    """A cartridge, a drive or the tape library did not do what it was asked for."""


class EndOfTape(TapeError):
    """A cartridge is full before everything was written."""


class RevisionError(ToolError):
    """Git cannot resolve the revision, or there is no Git repository."""


class PathError(GitopsError):
    """A path of a source tree cannot be read; `path` is relative to the tree's root."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


class MissingPath(PathError):
    """Nothing exists at the path."""


class EscapingPath(PathError):
    """The path, or a symbolic link on it, leads out of the tree."""


class UnreadablePath(PathError):
    """Something exists at the path that cannot be read as asked."""
