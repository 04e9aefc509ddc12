"""`gitops test`: everything a change must pass. Every step runs, whatever came of the others."""

import os
import sys

from gitops.errors import UsageError
from gitops.sources import process

_LINT_IMPORTS = "from importlinter.cli import lint_imports_command as lint; lint()"

STEPS = {
    "lint": ("-m", "ruff", "check", "."),
    "format": ("-m", "ruff", "format", "--check", "."),
    "types": ("-m", "mypy"),
    "imports": ("-c", _LINT_IMPORTS),
    "tests": ("-m", "pytest", "-n", "2", "--dist", "worksteal"),
}
"""What a step hands to Python."""

_HELP = """usage: gitops test [PYTEST-OPTIONS]

Runs lint, format, types, imports and tests on this checkout of gitops itself.
With options, only the tests run, and pytest gets the options."""


def run(arguments: list[str]) -> int:
    """0 when every step passed, 1 when one did not."""
    if arguments in (["-h"], ["--help"]):
        print(_HELP)
        return 0
    folder = _checkout()
    steps = ["tests"] if arguments else list(STEPS)
    outcomes = {step: _step(step, arguments, folder) for step in steps}
    print(f"gitops test: {', '.join(f'{step} {word}' for step, word in outcomes.items())}")
    return 0 if set(outcomes.values()) == {"ok"} else 1


def _step(step: str, arguments: list[str], folder: str) -> str:
    print(f"== {step}", flush=True)
    own = arguments if step == "tests" else []
    code = process.show([sys.executable, "-P", *STEPS[step], *own], folder=folder)
    return "ok" if code == 0 else "FAILED"


def _checkout() -> str:
    """The checkout this package runs from."""
    folder = os.path.abspath(os.path.join(os.path.dirname(__file__), *[os.pardir] * 3))
    if not os.path.exists(os.path.join(folder, "pyproject.toml")):
        raise UsageError("only a checkout of gitops can be tested, and this is an installed copy")
    return folder
