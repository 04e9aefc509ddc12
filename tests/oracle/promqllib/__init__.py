"""The parser of Prometheus 3.7.3, to compare with."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.oracle import golibs


def ask(expressions: Iterable[str]) -> list[dict[str, Any]]:
    """For each expression the `mistake` in it, or its `parts`, each before those inside of it."""
    return golibs.ask(Path(__file__).parent, ({"expression": each} for each in expressions))
