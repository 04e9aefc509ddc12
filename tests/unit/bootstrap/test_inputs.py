"""What commands read is worked out when they run, and is told to nobody."""

from collections.abc import Mapping

import pytest

from gitops.bootstrap import inputs
from gitops.bootstrap.step import Command, Definitions, Input, Nothing, Output, Sealed, Text
from gitops.bootstrap.verdict import Fatal, Retry
from gitops.sources.process import Ended

DEFINITION = b"kind: CustomResourceDefinition\nmetadata:\n  name: one\n"
SECRET = {"kind": "Secret", "stringData": {"a": "op://v/i/a", "b": "op://v/i/b"}}
REFUSED = Ended(1, b"", "[ERROR] you are not currently signed in\n")


class Answers:
    """A runner that has been told what each program prints, and remembers what it read."""

    def __init__(self, answers: Mapping[str, Ended]) -> None:
        self._answers = answers
        self.read: list[bytes] = []

    def run(
        self,
        arguments: tuple[str, ...],
        stdin: bytes,
        timeout: float,
        environment: Mapping[str, str],
    ) -> Ended:
        self.read.append(stdin)
        return self._answers[" ".join(arguments)]


def content(wanted: Input, **answers: bytes) -> bytes:
    reading = inputs.Reading(Answers({name: Ended(0, out, "") for name, out in answers.items()}))
    assert reading.read(wanted) is None
    return reading.content


def test_nothing_and_text_are_themselves() -> None:
    assert (content(Nothing()), content(Text("words"))) == (b"", b"words")


def test_a_program_reads_what_another_printed() -> None:
    answers = Answers({"render": Ended(0, b"op://", ""), "inject": Ended(0, b"value", "")})
    reading = inputs.Reading(answers)
    assert reading.read(Output(Command(("inject",), Output(Command(("render",)))))) is None
    assert (answers.read, reading.content) == ([b"", b"op://"], b"value")


def test_of_all_objects_the_definitions_are_read() -> None:
    printed = b"---\nkind: ConfigMap\n---\n" + DEFINITION + b"---\n"
    assert content(Definitions(Command(("template",))), template=printed) == b"---\n" + DEFINITION


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        (b"kind: ConfigMap\n", "it printed no CustomResourceDefinition"),
        (b"a: [\n", "it printed no YAML"),
    ],
)
def test_a_template_without_definitions_is_no_success(printed: bytes, words: str) -> None:
    reading = inputs.Reading(Answers({"template": Ended(0, printed, "")}))
    failed = reading.read(Definitions(Command(("template",))))
    assert failed is not None
    assert failed[1].err.startswith(words)


def test_a_secret_is_made_of_what_is_read() -> None:
    answers = {
        "op read --no-newline op://v/i/a": Ended(0, b"line\nline", ""),
        "op read --no-newline op://v/i/b": Ended(0, b"other", ""),
    }
    reading = inputs.Reading(Answers(answers))
    assert reading.read(Sealed(SECRET)) is None
    assert reading.content == b'{"kind":"Secret","stringData":{"a":"line\\nline","b":"other"}}'


def test_values_that_were_read_are_told_to_nobody() -> None:
    answers = {
        "op read --no-newline op://v/i/a": Ended(0, b"hidden", ""),
        "op read --no-newline op://v/i/b": Ended(0, b"other", ""),
    }
    reading = inputs.Reading(Answers(answers))
    reading.read(Sealed(SECRET))
    assert reading.redacted(Retry("hidden is no value")) == Retry("… is no value")
    assert reading.redacted(Fatal("refused other", "look")) == Fatal("refused …", "look")


def test_a_reference_that_cannot_be_read_is_what_failed() -> None:
    reading = inputs.Reading(Answers({"op read --no-newline op://v/i/a": REFUSED}))
    assert reading.read(Sealed(SECRET)) == ("op", REFUSED)
