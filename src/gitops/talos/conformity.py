"""Whether documents are such as the schema of their Talos allows."""

import difflib
from collections.abc import Iterator, Sequence
from typing import Any

from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.talos import schema
from gitops.talos.documents import Document, Documents

UNSCHEMED = ("ImageVerificationConfig", "KubeSpanEndpointsConfig")
"""Kinds that Talos 1.13 knows and its schema forgot or misspells."""


def findings(every: Sequence[Documents], whole: dict[str, Any]) -> Iterator[Finding]:
    """Documents of unknown kinds, and fields that their kinds do not allow."""
    known = schema.kinds(whole)
    for documents in every:
        for document in documents.all:
            if document.kind in known:
                yield from _fields(documents, document, known[document.kind], whole)
            elif document.kind not in UNSCHEMED:
                yield _unknown(documents, document, known)


def absent(version: str, at: Location) -> Finding:
    """That there is no schema to hold anything against."""
    return finding.note(
        "talos/no-schema",
        at,
        f"no schema of Talos {version} is here: fields and kinds of documents are not checked",
        "`gitops schemas import FILE` keeps the config.schema.json of Talos' sources",
    )


def _fields(
    documents: Documents, document: Document, shape: dict[str, Any], whole: dict[str, Any]
) -> Iterator[Finding]:
    for each in schema.problems(document.value, shape, whole):
        hint = each.hint or "`gitops talos render` shows what the template made of it"
        yield documents.error("talos/schema", document, each.pointer, each.words, hint)


def _unknown(documents: Documents, document: Document, known: dict[str, Any]) -> Finding:
    near = difflib.get_close_matches(document.kind, sorted(known), 1)
    hint = f"did you mean {near[0]}?" if near else "Talos refuses the whole configuration"
    return documents.error("talos/document", document, (), "is of no kind that Talos has", hint)
