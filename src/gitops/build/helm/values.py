"""The values a release gives to its chart: inline ones, and those of ConfigMaps and Secrets.

Source: fluxcd/pkg `chartutil/values.go`, ChartValuesFromReferences.

One thing cannot be passed on: a whole number that is written through a `targetPath` stays one in
Flux, while numbers from YAML and JSON, and all of them here, are floating to Helm. So a template
that prints such a number as it is shows 1.234567e+06 here, from seven digits on.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import msgspec

from gitops.build.helm import strvals
from gitops.model import finding
from gitops.model.finding import Finding, Severity
from gitops.model.flux import HelmRelease, ValuesReference
from gitops.model.secret import placeholder
from gitops.sources import yamlio
from gitops.sources.yamlio import Dialect

ANY = "*"
"""A key that stands for all those that cannot be named."""

_DEFAULT_KEY = "values.yaml"


class Datum(msgspec.Struct, frozen=True):
    """The text under one key. With `unknown`, which says why, the text is a placeholder for it."""

    text: str
    unknown: str = ""


Lookup = Callable[[str, str, str], Mapping[str, Datum] | None]
"""From kind, namespace and name to the keys of a ConfigMap or Secret (decoded), or None."""


class Values(msgspec.Struct, frozen=True):
    """What was composed. It is not the whole truth where `unknown` says why for each reference.

    With an error among `findings`, Flux would not render the release at all.
    """

    data: dict[str, Any]
    unknown: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def compose(release: HelmRelease, lookup: Lookup) -> Values:
    """References in order, deep-merged, then the inline values over them; lists are replaced.

    A reference with a `targetPath` first takes the inline values in and then writes into the
    result. The result shares mappings with the inline values from there on, so what was written
    below a mapping of theirs survives the last merge, while a top-level key, or one below a mapping
    that an earlier reference brought, is overwritten by an inline value for the same path. Flux's
    documentation promises more than its code does.
    """
    references = release.spec.values_from
    if not references:
        return Values(release.spec.values)
    inline = release.spec.values
    if any(reference.target_path for reference in references):
        inline = deepcopy(inline)
    composing = _Composing(release, inline)
    for reference in references:
        composing.add(reference, lookup)
    return composing.done()


class _Composing:
    def __init__(self, release: HelmRelease, inline: dict[str, Any]) -> None:
        self._release = release
        self._inline = inline
        self._result: dict[str, Any] = {}
        self._unknown: list[str] = []
        self._findings: list[Finding] = []

    def add(self, reference: ValuesReference, lookup: Lookup) -> None:
        datum = self._find(reference, lookup)
        if datum is None:
            return
        if datum.unknown:
            self._unknown.append(f"{_place(reference)}: {datum.unknown}")
        if reference.target_path:
            self._write(reference, datum)
        elif not datum.unknown:
            self._result = merge(self._result, self._read(reference, datum.text))

    def done(self) -> Values:
        data = merge(self._result, self._inline)
        return Values(data, tuple(self._unknown), tuple(self._findings))

    def _find(self, reference: ValuesReference, lookup: Lookup) -> Datum | None:
        if reference.kind not in ("ConfigMap", "Secret"):
            self._error(reference, f"a {reference.kind} cannot hold values", "name another kind")
            return None
        data = lookup(reference.kind, self._release.id.namespace, reference.name)
        key = reference.values_key or _DEFAULT_KEY
        if data is not None and (key in data or ANY in data):
            return data.get(key) or data[ANY]
        if reference.optional:
            return None
        namespace = self._release.id.namespace
        absent = f"nothing here creates it in namespace {namespace!r}"
        if data is None and reference.kind == "Secret":
            self._by_hand(reference, absent)
            return Datum(placeholder(reference.kind, namespace, reference.name, key), absent)
        self._error(
            reference,
            absent if data is None else f"it has no key {key!r}",
            "create it, correct the name, or set optional: true",
        )
        return None

    def _by_hand(self, reference: ValuesReference, absent: str) -> None:
        """A Secret may well be made by hand, before Flux runs."""
        self._findings.append(
            finding.warning(
                "helm/missing-values",
                self._release.origin.source,
                f"{self._release.id} takes values from {_place(reference)}, but {absent}",
                "create it, correct the name, or set optional: true; "
                "one that is made by hand belongs under `outside` in gitops.toml",
            )
        )

    def _read(self, reference: ValuesReference, text: str) -> dict[str, Any]:
        documents, findings = yamlio.parse(text.encode(), _place(reference), Dialect.SIGS)
        # Helm reads the first document only.
        first = [document for document in documents if document.document == 0]
        told = [found for found in findings if found.at.document == 0]
        wrong = [found.message for found in told if found.severity is Severity.ERROR]
        value = first[0].value if first else {}
        if wrong or not isinstance(value, dict):
            self._error(
                reference,
                f"its text cannot be read as values: {wrong[0] if wrong else 'it is no mapping'}",
                "values are a YAML mapping; a single value needs a targetPath",
                "helm/unreadable-values",
            )
            return {}
        self._findings += [self._passed_on(found, reference) for found in told]
        return value

    def _passed_on(self, found: Finding, reference: ValuesReference) -> Finding:
        """What is odd about the text, told of the release that reads it."""
        message = f"{self._release.id} takes values from {_place(reference)}: {found.message}"
        return msgspec.structs.replace(found, at=self._release.origin.source, message=message)

    def _write(self, reference: ValuesReference, datum: Datum) -> None:
        self._result = merge(self._result, self._inline)
        try:
            _write(self._result, reference, datum)
        except strvals.Refused as cause:
            self._error(
                reference,
                f"its text cannot be written to {reference.target_path!r}: {cause}",
                "commas, brackets and backslashes in the text are syntax; set literal: true to "
                "take it as it is",
                "helm/target-path",
            )

    def _error(
        self,
        reference: ValuesReference,
        why: str,
        hint: str,
        rule: str = "helm/missing-values",
    ) -> None:
        message = f"{self._release.id} takes values from {_place(reference)}, but {why}"
        self._findings.append(finding.error(rule, self._release.origin.source, message, hint))


def merge(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`over` laid over `under`: mappings merge, everything else is replaced.

    Mappings that only one side has are not copied but shared: `compose` depends on it.
    """
    merged = dict(under)
    for key, value in over.items():
        held = merged.get(key)
        both = isinstance(value, dict) and isinstance(held, dict)
        merged[key] = merge(held, value) if both and isinstance(held, dict) else value
    return merged


def _write(result: dict[str, Any], reference: ValuesReference, datum: Datum) -> None:
    path, text = reference.target_path, datum.text
    if reference.literal or datum.unknown:
        # Flux escapes what is syntax and leaves "=" alone, which needs no escape in a value.
        return strvals.assign(result, f"{path}={_escape(text)}", typed=False)
    for quote in ("'", '"'):
        if text.startswith(quote) and text.endswith(quote):
            return strvals.assign(result, path + "=" + text.strip("'\""), typed=False)
    return strvals.assign(result, f"{path}={text}")


def _escape(text: str) -> str:
    for character in "\\,[]{}":
        text = text.replace(character, "\\" + character)
    return text


def _place(reference: ValuesReference) -> str:
    return f"{reference.kind}/{reference.name}"
