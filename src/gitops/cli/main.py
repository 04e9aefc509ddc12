"""The command line: picks the verb, maps outcomes to exit codes, and nothing else.

Exit codes: 0 clean, 1 findings, 2 usage, 3 a tool failed.
"""

import gc
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper

from gitops import __version__
from gitops.errors import GitopsError, UsageError

VERBS = {
    "archive": "keep backups on tape: plan, write, verify, catalogue, rotate",
    "bootstrap": "make a cluster out of machines, up to Flux",
    "build": "compile clusters and print their objects",
    "check": "compile every cluster and report what is wrong",
    "capacity": "tell whether all pods find room without one machine",
    "charts": "pull, import, list and verify Helm charts",
    "doctor": "tell which programs of an operator are missing here",
    "drift": "compare what runs with the repository",
    "generate": "derive the settings of clusters from fleet.yaml",
    "handover": "print what is installed before Flux, as Flux will own it",
    "lock": "record chart digests and release interfaces in gitops.lock.d/",
    "network": "configure router, switches and names from fleet.yaml",
    "power": "shut clusters and NAS down in order, and start them",
    "rules": "list the rules, or explain one",
    "schemas": "keep the definitions that custom resources are checked against",
    "secrets": "tell what 1Password must hold, and what is missing there",
    "talos": "render, prove and compare the configurations of machines",
    "teardown": "wipe every node of a cluster",
    "test": "lint, types, import contract and tests of this repository",
    "upgrade": "upgrade Talos or Kubernetes, node by node",
}

INTERRUPTED = 130
"""The exit code after Ctrl-C: 128 and the number of the signal."""


def run() -> None:
    """The entry point of the program; never returns."""
    for stream in (sys.stdout, sys.stderr):
        # The same bytes wherever they go; a name that is not UTF-8 is shown with escapes.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # Everything we make is trees without cycles, and little of it is dropped before the end.
    gc.disable()
    code = main(sys.argv[1:])
    # Python would look for cycles among all of it once more, only to give it back.
    gc.freeze()
    if code == INTERRUPTED:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # A second one must not find us cleaning up.
    sys.exit(code)


def main(arguments: list[str]) -> int:
    """Run one command line and return its exit code."""
    name = " ".join(("gitops", *arguments[:1]))
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except UsageError as mistake:
        return _told(2, f"{name}: {mistake}")
    except BrokenPipeError:
        # The reader went away (`| head`): that is its right.
        _drop_output()
        return 0
    except KeyboardInterrupt:
        _drop_output()
        return INTERRUPTED
    except SystemExit as done:
        return int(done.code or 0)  # `--help` was printed.
    except Exception as cause:
        _drop_output()
        return _told(3, f"{name}: {_words(cause)}")
    return code


def _run(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_help())
        return 0 if arguments else 2
    if arguments[0] == "--version":
        print(f"gitops {__version__}")
        return 0
    if arguments[0] not in VERBS:
        return _told(2, f"gitops: no verb {arguments[0]!r}\n\n{_help()}")
    # A verb is imported when it is asked for: start-up time is part of the product.
    code: int = import_module(f"gitops.cli.{arguments[0]}").run(arguments[1:])
    return code


def _told(code: int, words: str) -> int:
    with suppress(OSError):
        print(words, file=sys.stderr)
    return code


def _words(cause: Exception) -> str:
    """What failed, in a line; what nobody foresaw is a mistake of ours, with its place."""
    match cause:
        case GitopsError():
            return str(cause)
        case OSError(filename=str(path), strerror=str(words)):
            return f"{path}: {words}"
        case OSError(strerror=str(words)):
            return words
        case MemoryError():
            return "the memory of this machine is full"
    if "GITOPS_TRACEBACK" in os.environ:
        raise cause
    place = cause.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    file = os.path.basename(place.tb_frame.f_code.co_filename) if place else ""
    where = f"{file}:{place.tb_lineno}" if place else "somewhere"
    return (
        f"a mistake in gitops itself, {type(cause).__name__} in {where}: {cause}; "
        "GITOPS_TRACEBACK=1 shows how it came to that"
    )


def _drop_output() -> None:
    """Forget what is still buffered: Python would complain that it has nowhere to go."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _help() -> str:
    width = max(map(len, VERBS))
    verbs = "\n".join(f"  {verb:<{width}}  {text}" for verb, text in VERBS.items())
    return f"usage: gitops VERB [OPTIONS]\n\n{verbs}\n\n`gitops VERB --help` tells its options."
