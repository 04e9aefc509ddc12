"""YAML in and out, exactly as the Go programs around Kubernetes read and write it.

Most runs find everything in the cache and read no YAML, and the readers take 15 ms to load: so each
name is loaded when it is first asked for. What the names are, `__init__.pyi` says.
"""

from importlib import import_module

from gitops.sources.yamlio.document import Dialect, Document, Null

__all__ = ["Dialect", "Document", "Null"]

_HOMES = {
    "bare": "scalars",
    "dump": "emit",
    "dump_all": "emit",
    "json_number": "scalars",
    "line_of": "lines",
    "needs_quotes": "emit",
    "parse": "reading",
    "retyped": "scalars",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found
