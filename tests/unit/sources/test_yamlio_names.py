"""The names of `yamlio` are loaded when they are asked for."""

import ast
from pathlib import Path

import pytest

from gitops.sources import yamlio


def test_every_name_that_is_declared_can_be_had() -> None:
    declared = ast.parse(Path(yamlio.__file__).with_suffix(".pyi").read_text("utf-8"))
    homes = {
        alias.name: node.module
        for node in declared.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    found = {name: getattr(yamlio, name).__module__ for name in homes}
    assert found == homes


def test_other_names_cannot() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'prase'"):
        getattr(yamlio, "prase")  # noqa: B009 - mypy knows that it is not there
