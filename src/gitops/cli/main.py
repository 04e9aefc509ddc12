"""The command line: picks the verb, maps outcomes to exit codes, and nothing else.

Exit codes: 0 clean, 1 findings, 2 usage, 3 a tool failed.
"""

import sys
from importlib import import_module

from gitops import __version__
from gitops.errors import ToolError, UsageError

VERBS = {
    "build": "compile clusters and print their objects",
    "check": "compile every cluster and report what is wrong",
    "charts": "pull, import, list and verify Helm charts",
    "lock": "record chart digests and release interfaces in gitops.lock.d/",
    "rules": "list the rules, or explain one",
    "test": "lint, types, import contract and tests of this repository",
}


def run() -> None:
    """The entry point of the program; never returns."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: list[str]) -> int:
    """Run one command line and return its exit code."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_help())
        return 0 if arguments else 2
    if arguments[0] == "--version":
        print(f"gitops {__version__}")
        return 0
    if arguments[0] not in VERBS:
        print(f"gitops: no verb {arguments[0]!r}\n\n{_help()}", file=sys.stderr)
        return 2
    return _verb(arguments[0], arguments[1:])


def _verb(verb: str, arguments: list[str]) -> int:
    # A verb is imported when it is asked for: start-up time is part of the product.
    module = import_module(f"gitops.cli.{verb}")
    try:
        code: int = module.run(arguments)
    except UsageError as mistake:
        print(f"gitops {verb}: {mistake}", file=sys.stderr)
        return 2
    except ToolError as failure:
        print(f"gitops {verb}: {failure}", file=sys.stderr)
        return 3
    except BrokenPipeError:
        # The reader went away (`| head`): that is its right. Closing stderr keeps Python silent.
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130
    return code


def _help() -> str:
    verbs = "\n".join(f"  {verb:<8}{text}" for verb, text in VERBS.items())
    return f"usage: gitops VERB [OPTIONS]\n\n{verbs}\n\n`gitops VERB --help` tells its options."
