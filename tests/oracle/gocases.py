"""Cases taken at run time from the Go tests of a kustomize checkout.

Its tests write files into a harness and run kustomize on a folder of them. What is written by
literals is taken; tests that compute their input are left out.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)|`(?P<raw>[^`]*)`|"(?P<quoted>(?:\\.|[^"\\\n])*)"
    |(?P<name>[A-Za-z_][A-Za-z0-9_.]*)|(?P<other>[^\s])""",
    re.S | re.X,
)
_ESCAPE = re.compile(r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_HEADS = {
    "WriteK": "\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
    "WriteC": "\napiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n",
}

_PLUGIN_CALLS = (
    "LoadAndRunGenerator",
    "LoadAndRunTransformer",
    "RunTransformer",
    "RunTransformerAndCheckError",
    "RunTransformerAndCheckResult",
    "ErrorFromLoadAndRunTransformer",
)


class Case(NamedTuple):
    """Files by path, and the folder to build."""

    name: str
    files: Mapping[str, str]
    folder: str


class _Token(NamedTuple):
    kind: str
    text: str


class _Left(Exception):
    """The input of the test is not made of literals."""


def cases(source: Path) -> Iterator[Case]:
    """The cases of the engine's tests and of the tests of each built-in plugin."""
    folders = [source / "api" / "krusty", *sorted((source / "plugin" / "builtin").iterdir())]
    for folder in folders:
        for file in sorted(folder.glob("*_test.go")):
            yield from _cases_of_file(file)


def _cases_of_file(file: Path) -> Iterator[Case]:
    tokens = _tokens(file.read_text("utf-8"))
    functions = dict(_functions(tokens))
    constants = dict(_constants(tokens))
    for name, body in functions.items():
        if name.startswith("Test"):
            reader = _Reader(functions, constants)
            with suppress(_Left):
                reader.read(body)
            for number, case in enumerate(reader.cases):
                yield case._replace(name=f"{file.stem}/{name}/{number}")


class _Reader:
    """Runs the writing part of a test."""

    def __init__(self, functions: dict[str, list[_Token]], constants: dict[str, str]) -> None:
        self.functions = functions
        self.constants = constants
        self.files: dict[str, str] = {}
        self.cases: list[Case] = []
        self.depth = 0

    def read(self, tokens: list[_Token]) -> None:
        constants = {**self.constants, **dict(_constants(tokens))}
        position = 0
        while position < len(tokens):
            text = tokens[position].text if tokens[position].kind == "name" else ""
            if text == "input" and tokens[position + 1].text == ":":
                self.files = {}
            elif text == "runPath" and tokens[position + 1].text == ":":
                self.run(tokens[position + 2].text)
            elif text and position + 1 < len(tokens) and tokens[position + 1].text == "(":
                self.call(text, _arguments(tokens, position + 2), constants)
            elif text in self.functions and tokens[position + 1].text in (",", "}"):
                self.read(self.functions[text])
            position += 1

    def call(self, name: str, arguments: list[list[_Token]], constants: dict[str, str]) -> None:
        method = name.rpartition(".")[2]
        method = method[:1].upper() + method[1:]
        if method in ("WriteK", "WriteC", "WriteF", "WriteFile") and len(arguments) == 2:
            path, content = (_string(each, constants) for each in arguments)
            self.write(method, path, content)
        elif method in ("Run", "RunWithErr") and "." in name and len(arguments) == 2:
            folder = next((each for each in arguments if each[0].kind == "string"), None)
            if folder is not None:
                self.run(_string(folder, constants))
        elif method in _PLUGIN_CALLS:
            self.plugin(method, [_string(each, constants) for each in arguments[:2]])
        elif name in self.functions and self.depth < 5 and len(arguments) == 1:
            self.depth += 1
            self.read(self.functions[name])
            self.depth -= 1
        elif any("rite" in token.text for token in self.functions.get(name, ())):
            raise _Left

    def write(self, method: str, path: str, content: str) -> None:
        if method in _HEADS:
            path, content = f"{path}/kustomization.yaml", _HEADS[method] + content
        self.files[_clean(path)] = content

    def run(self, folder: str) -> None:
        self.cases.append(Case("", dict(self.files), _clean(folder)))

    def plugin(self, method: str, arguments: list[str]) -> None:
        files = {**self.files, "plugin.yaml": arguments[0]}
        if method == "LoadAndRunGenerator":
            asks = "generators: [plugin.yaml]\n"
        else:
            files["resources.yaml"] = arguments[1]
            asks = "resources: [resources.yaml]\ntransformers: [plugin.yaml]\n"
        files["kustomization.yaml"] = asks
        self.cases.append(Case("", files, ""))


def _clean(path: str) -> str:
    return "" if path in ("", ".", "/") else str(PurePosixPath(path.lstrip("/"))).replace("./", "")


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    for match in _TOKEN.finditer(text):
        if match["raw"] is not None:
            found.append(_Token("string", match["raw"]))
        elif match["quoted"] is not None:
            found.append(_Token("string", _ESCAPE.sub(_unescape, match["quoted"])))
        elif match["name"] is not None:
            found.append(_Token("name", match["name"]))
        elif match["other"] is not None:
            found.append(_Token("other", match["other"]))
    return found


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else _ESCAPES.get(code, code)


def _functions(tokens: list[_Token]) -> Iterator[tuple[str, list[_Token]]]:
    for position, token in enumerate(tokens):
        if token == _Token("name", "func") and tokens[position + 1].kind == "name":
            start = position + 2
            while tokens[start] != _Token("other", "{"):
                start += 1
            yield tokens[position + 1].text, _block(tokens, start)


def _constants(tokens: list[_Token]) -> Iterator[tuple[str, str]]:
    """`name = "…"` and `name := "…"`, where the whole value is one literal."""
    for position in range(len(tokens) - 2):
        if tokens[position].kind != "name":
            continue
        start = position + 1
        if tokens[start].text == ":" and tokens[start + 1].text == "=":
            start += 1
        after = tokens[start + 2].text if start + 2 < len(tokens) else ""
        if tokens[start].text == "=" and tokens[start + 1].kind == "string" and after != "+":
            yield tokens[position].text, tokens[start + 1].text


def _block(tokens: list[_Token], start: int) -> list[_Token]:
    depth = 0
    for position in range(start, len(tokens)):
        if tokens[position] == _Token("other", "{"):
            depth += 1
        elif tokens[position] == _Token("other", "}"):
            depth -= 1
            if depth == 0:
                return tokens[start + 1 : position]
    return tokens[start + 1 :]


def _arguments(tokens: list[_Token], start: int) -> list[list[_Token]]:
    arguments: list[list[_Token]] = [[]]
    depth = 0
    for token in tokens[start:]:
        if token.kind == "other" and token.text in ")]}":
            if depth == 0:
                break
            depth -= 1
        if token == _Token("other", ",") and depth == 0:
            arguments.append([])
            continue
        if token.kind == "other" and token.text in "([{":
            depth += 1
        arguments[-1].append(token)
    return [argument for argument in arguments if argument]


def _string(tokens: list[_Token], constants: dict[str, str]) -> str:
    text = ""
    tokens = [token for token in tokens if token.text not in ("(", ")", "[", "]", "byte")]
    for position, token in enumerate(tokens):
        if position % 2 == 1:
            if token != _Token("other", "+"):
                raise _Left
        elif token.kind == "string":
            text += token.text
        elif token.kind == "name" and token.text in constants:
            text += constants[token.text]
        else:
            raise _Left
    return text
