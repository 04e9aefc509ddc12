"""`gitops doctor`: tell which programs of an operator are missing on this machine."""

import sys

from gitops.cli import arguments, compose
from gitops.doctor import tools
from gitops.doctor.tools import Right
from gitops.errors import PathError, ProcessFailed, UsageError
from gitops.sources import process
from gitops.sources.disk import DiskTree
from gitops.ui import doctor

_DESCRIPTION = (
    "Tell which programs of mise.toml are missing on this machine, or of another version."
)


def run(given: list[str]) -> int:
    """Print a line per program; 1 when one is to be seen to."""
    parser = arguments.parser("doctor", _DESCRIPTION)
    parser.add_argument("--repo", default=".", metavar="DIR", help="the repository (default: .)")
    arguments.add_json(parser)
    options = parser.parse_args(given)
    root = compose.repository(options.repo)
    try:
        text = DiskTree(root).read(tools.PATH).decode()
    except PathError as cause:
        raise UsageError(f"{root} has no {tools.PATH} that pins programs ({cause})") from cause
    examined = [(tool, tools.examine(tool, _ask)) for tool in tools.pinned(text)]
    sys.stdout.writelines((doctor.json if options.json else doctor.table)(examined))
    return int(any(not isinstance(state, Right) for _, state in examined))


def _ask(command: tuple[str, ...]) -> str | None:
    """Whatever the program says; one that fails, or takes longer than it should, says why."""
    if process.find(command[0]) is None:
        return None
    try:
        return process.run(command, timeout=20).decode(errors="replace")
    except ProcessFailed as cause:
        return str(cause)
