"""Writes YAML."""

from collections.abc import Iterable
from typing import Any

import yaml


def dump(value: Any) -> str:
    """The value as block YAML."""
    return yaml.dump(value, Dumper=yaml.CSafeDumper, sort_keys=False)


def dump_all(values: Iterable[Any]) -> str:
    """The values as documents, separated by `---` lines."""
    return "---\n".join(map(dump, values))
