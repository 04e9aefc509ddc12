"""Reads YAML."""

import re

import yaml

from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources.yamlio.document import Dialect, Document


def parse(
    text: bytes, path: str, dialect: Dialect = Dialect.KUSTOMIZE
) -> tuple[tuple[Document, ...], tuple[Finding, ...]]:
    """The documents of a file, without the empty ones, and what is wrong with it."""
    documents: list[Document] = []
    findings: list[Finding] = []
    start = 1
    parts = re.split(r"^---.*\n", text.decode(), flags=re.M)
    if len(parts) > 1 and not parts[0].strip():
        parts.pop(0)
        start = 2
    for number, part in enumerate(parts):
        try:
            value = yaml.load(part, yaml.CSafeLoader)
        except yaml.YAMLError as cause:
            findings.append(finding.error("yaml/syntax", Location(path, number, start), str(cause)))
            continue
        if value is not None:
            documents.append(Document(value, number, start))
        start += part.count("\n") + 1
    return tuple(documents), tuple(findings)
