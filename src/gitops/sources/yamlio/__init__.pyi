"""YAML in and out, exactly as the Go programs around Kubernetes read and write it."""

from gitops.sources.yamlio.document import Dialect, Document, Null
from gitops.sources.yamlio.emit import dump, dump_all, needs_quotes
from gitops.sources.yamlio.lines import line_of
from gitops.sources.yamlio.reading import parse
from gitops.sources.yamlio.scalars import bare, json_number, retyped

__all__ = [
    "Dialect",
    "Document",
    "Null",
    "bare",
    "dump",
    "dump_all",
    "json_number",
    "line_of",
    "needs_quotes",
    "parse",
    "retyped",
]
