"""Names of a package whose modules are loaded when a name is first asked for."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def loader(package: dict[str, Any], homes: Mapping[str, str]) -> Callable[[str], object]:
    """The `__getattr__` of a package, of which `package` are the globals: each name of `homes` is
    taken from its module, and kept."""

    def load(name: str) -> object:
        own = package["__name__"]
        if name not in homes:
            raise AttributeError(f"module {own!r} has no attribute {name!r}")
        found: object = getattr(import_module(f"{own}.{homes[name]}"), name)
        package[name] = found
        return found

    return load
