"""What a command reads: worked out when it runs, kept in memory, and never told."""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from gitops.bootstrap.step import (
    Command,
    Definitions,
    Input,
    Nothing,
    Output,
    Sealed,
    Text,
)
from gitops.bootstrap.verdict import Fatal, Retry, Verdict
from gitops.sources import yamlio
from gitops.sources.process import Ended


class Runner(Protocol):
    """Starts a program and waits for it. One that is not installed, or whose seconds are over, ends
    with a code of its own. `environment` comes on top of ours."""

    def run(
        self,
        arguments: tuple[str, ...],
        stdin: bytes,
        timeout: float,
        environment: Mapping[str, str],
    ) -> Ended: ...


def start(runner: Runner, command: Command, stdin: bytes) -> Ended:
    """The command, with what it reads."""
    return runner.run(command.arguments, stdin, command.timeout, dict(command.environment))


def _unreadable(words: str) -> Ended:
    """A program printed something else than was wanted."""
    return Ended(1, b"", words)


class Reading:
    """Works one input out; `content` is the result."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._secrets: list[str] = []
        self.content = b""

    def read(self, wanted: Input) -> tuple[str, Ended] | None:
        """Fill `content`; the program that failed, and how, where one did."""
        match wanted:
            case Nothing():
                self.content = b""
            case Text(text):
                self.content = text.encode()
            case Output(command):
                return self._output(command)
            case Definitions(command):
                return self._output(command) or self._definitions(command)
            case Sealed():
                return self._sealed(wanted)
        return None

    def redacted(self, verdict: Verdict) -> Verdict:
        """The same without values that were read on the way."""
        match verdict:
            case Retry(reason):
                return Retry(self._without_secrets(reason))
            case Fatal(reason, remedy):
                return Fatal(self._without_secrets(reason), remedy)
        return verdict

    def _without_secrets(self, words: str) -> str:
        for secret in self._secrets:
            words = words.replace(secret, "…")
        return words

    def _output(self, command: Command) -> tuple[str, Ended] | None:
        failed = self.read(command.input)
        if failed is not None:
            return failed
        ended = start(self._runner, command, self.content)
        self.content = ended.out
        return (command.arguments[0], ended) if ended.code else None

    def _definitions(self, command: Command) -> tuple[str, Ended] | None:
        documents, mistakes = yamlio.parse(self.content, command.arguments[0])
        if mistakes:
            return command.arguments[0], _unreadable(f"it printed no YAML: {mistakes[0].message}")
        found = [each.value for each in documents if _is_definition(each.value)]
        if not found:
            return command.arguments[0], _unreadable("it printed no CustomResourceDefinition")
        self.content = yamlio.dump_all(found).encode()
        return None

    def _sealed(self, wanted: Sealed) -> tuple[str, Ended] | None:
        values = {}
        for key, reference in wanted.secret["stringData"].items():
            command = Command(("op", "read", "--no-newline", reference))
            ended = start(self._runner, command, b"")
            if ended.code:
                return "op", ended
            values[key] = ended.out.decode()
            self._secrets.append(values[key])
        self.content = msgspec.json.encode({**wanted.secret, "stringData": values})
        return None


def _is_definition(body: object) -> bool:
    return isinstance(body, dict) and body.get("kind") == "CustomResourceDefinition"
