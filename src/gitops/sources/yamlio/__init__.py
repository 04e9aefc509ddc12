"""YAML in and out, exactly as the Go programs around Kubernetes read and write it."""

from gitops.sources.yamlio.document import Dialect, Document
from gitops.sources.yamlio.emit import dump, dump_all
from gitops.sources.yamlio.lines import line_of
from gitops.sources.yamlio.parse import parse

__all__ = ["Dialect", "Document", "dump", "dump_all", "line_of", "parse"]
