"""The shape of the code: layers, sizes, names, imports."""

import ast
import re
from collections.abc import Iterator

import pytest
from importlinter.cli import lint_imports

from tests.architecture import project

BANNED_MODULES = re.compile(r"(^|_)(utils?|helpers?|common|misc|managers?|handlers?)(_|$)")
BANNED_CLASSES = re.compile(r"(Utils?|Helpers?|Managers?|Handlers?|Mixin)$")
BANNED_FUNCTIONS = re.compile(r"^_*(process|do|handle)_")


def test_the_import_contracts_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.ROOT)
    assert lint_imports(no_cache=True) == 0


def test_no_file_is_longer_than_500_lines() -> None:
    lengths = {
        path: len((project.ROOT / path).read_text("utf-8").splitlines())
        for path in project.modules()
    }
    assert {path: length for path, length in lengths.items() if length > 500} == {}


def test_no_function_body_is_longer_than_40_lines() -> None:
    lengths = {place: _body(function) for place, function in project.functions()}
    assert {place: length for place, length in lengths.items() if length > 40} == {}


def test_names_say_what_a_thing_is() -> None:
    modules = {path: path.removesuffix(".py").split("/") for path in project.modules()}
    banned = [path for path, parts in modules.items() if any(map(BANNED_MODULES.search, parts))]
    banned += [place for place, found in project.classes() if BANNED_CLASSES.search(found.name)]
    banned += [  # a method may have its name from a class that it extends
        f"{path}:{node.lineno} {node.name}"
        for path, module in project.modules().items()
        for node in module.body
        if isinstance(node, ast.FunctionDef) and BANNED_FUNCTIONS.match(node.name)
    ]
    assert banned == []


def test_every_module_and_public_name_has_a_docstring() -> None:
    bare = [path for path, module in project.modules().items() if not ast.get_docstring(module)]
    for path, module in project.modules().items():
        for node in module.body:
            match node:
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    if not name.startswith("_") and not ast.get_docstring(node):
                        bare.append(f"{path}:{node.lineno} {name}")
    assert bare == []


def test_no_import_hides_an_upward_arrow() -> None:
    assert [
        f"{path}:{node.lineno}"
        for path, module in project.modules().items()
        for node in ast.walk(module)
        if isinstance(node, ast.Name | ast.Attribute | ast.alias) and "TYPE_CHECKING" in _name(node)
    ] == []


def test_slow_imports_stay_out_of_the_way_of_starting() -> None:
    """dataclasses costs 5 ms; an import inside a function needs its reason in a comment."""
    wrong = []
    for path, module in project.modules().items():
        lines = (project.ROOT / path).read_text("utf-8").splitlines()
        inside = set(_imports_inside_functions(module))
        for node in ast.walk(module):
            if isinstance(node, ast.Import | ast.ImportFrom):
                above = lines[node.lineno - 2 : node.lineno]
                unexplained = node in inside and not any("#" in line for line in above)
                if unexplained or "dataclasses" in _imported(node):
                    wrong.append(f"{path}:{node.lineno}")
    assert wrong == []


def _imports_inside_functions(module: ast.Module) -> Iterator[ast.AST]:
    for function in ast.walk(module):
        if isinstance(function, project.Function):
            yield from ast.walk(function)


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names]


def _name(node: ast.Name | ast.Attribute | ast.alias) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
            return name


def _body(function: project.Function) -> int:
    """Lines of the body, without the docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
