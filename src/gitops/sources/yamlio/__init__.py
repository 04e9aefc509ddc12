"""YAML in and out, exactly as the Go programs around Kubernetes read and write it.

Most runs find everything in the cache and read no YAML, and the readers take 15 ms to load: so each
name is loaded when it is first asked for. What the names are, `__init__.pyi` says.
"""

from gitops.sources import names
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

__getattr__ = names.loader(globals(), _HOMES)
