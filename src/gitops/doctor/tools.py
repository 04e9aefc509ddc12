"""The programs that `mise.toml` pins, and what a machine says of them."""

import re
import tomllib
from collections.abc import Callable, Mapping
from typing import assert_never

import msgspec

from gitops.errors import ToolError

PATH = "mise.toml"
_VERSION = re.compile(r"\d+\.\d+(?:\.\d+)?")
_UNASKED = ("--version",)


class Tool(msgspec.Struct, frozen=True):
    """A program and how it is asked for its version. `pinned` may be a version or its beginning."""

    name: str
    program: str
    pinned: str
    question: tuple[str, ...]


class Right(msgspec.Struct, frozen=True, tag=True):
    """The program is there, at the pinned version."""

    version: str


class Other(msgspec.Struct, frozen=True, tag=True):
    """The program is there, at another version."""

    version: str


class Unclear(msgspec.Struct, frozen=True, tag=True):
    """The program is there and tells no version that could be understood."""

    answer: str


class Missing(msgspec.Struct, frozen=True, tag=True):
    """There is no such program."""


State = Right | Other | Unclear | Missing
Ask = Callable[[tuple[str, ...]], str | None]
"""What a command line prints; None when there is no such program."""

_QUESTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "1password-cli": ("op", ("--version",)),
    "flux2": ("flux", ("version", "--client")),
    "helm": ("helm", ("version", "--short")),
    "kubeconform": ("kubeconform", ("-v",)),
    "kubectl": ("kubectl", ("version", "--client")),
    "kustomize": ("kustomize", ("version",)),
    "sops": ("sops", ("--version", "--disable-version-check")),
    "talosctl": ("talosctl", ("version", "--client", "--short")),
}
"""Programs that are called otherwise than in mise.toml, or asked otherwise than `--version`."""


def pinned(text: str) -> tuple[Tool, ...]:
    """The programs of a mise.toml, sorted by name. Raises ToolError when it cannot be read."""
    try:
        tools = tomllib.loads(text).get("tools", {})
    except tomllib.TOMLDecodeError as cause:
        raise ToolError(f"{PATH} cannot be read: {cause}") from cause
    return tuple(_tool(name, tools[name]) for name in sorted(tools))


def examine(tool: Tool, ask: Ask) -> State:
    """What the machine says of a program."""
    answer = ask((tool.program, *tool.question))
    if answer is None:
        return Missing()
    found = _VERSION.search(answer)
    if found is None:
        return Unclear(answer.strip().partition("\n")[0])
    version = found[0]
    return Right(version) if f"{version}.".startswith(f"{tool.pinned}.") else Other(version)


def way_out(tool: Tool, state: State) -> str:
    """What to do about it; "" when nothing is to be done."""
    match state:
        case Right():
            return ""
        case Missing():
            return f"`mise install {tool.name}`, or install {tool.name} {tool.pinned} by hand"
        case Other():
            return f"`mise install {tool.name}`, and let mise come first on the PATH"
        case Unclear():
            return f"run `{' '.join((tool.program, *tool.question))}` and see"
        case _:
            assert_never(state)


def _tool(name: str, pin: object) -> Tool:
    program, question = _QUESTIONS.get(name, (name, _UNASKED))
    version = pin.get("version") if isinstance(pin, dict) else pin
    return Tool(name, program, str(version), question)
