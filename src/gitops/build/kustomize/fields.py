"""The fields of kustomize's own files, their types, and the check that a file keeps to them.

Go reads these files: names of fields are told apart regardless of case, null is the same as
nothing, and a number never stands for a string (api/types, Kustomization.Unmarshal).
"""

from collections.abc import Mapping
from posixpath import commonprefix
from typing import Any

import msgspec

from gitops.build.kustomize.keyed import is_null
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import text

Type = Any
"""`str`, `bool`, `int`; `dict` for strings by strings; `object` for anything; `[T]`; a mapping."""

_TEXT = "text"
"""A string that nothing else serves as, however lenient the reader: Go embeds these fields."""


class Mistake(msgspec.Struct, frozen=True):
    """A field that does not fit, and where it stands in the file."""

    pointer: tuple[str | int, ...]
    problem: Problem
    unknown: bool = False


_GVK = {"group": _TEXT, "version": _TEXT, "kind": _TEXT}
_ID = {**_GVK, "name": _TEXT, "namespace": _TEXT}
_SELECTOR = {**_ID, "annotationSelector": str, "labelSelector": str}
_META = {"name": str, "namespace": str, "labels": dict, "annotations": dict}
_FIELD_SPEC = {**_GVK, "path": str, "create": bool}
_PATCH = {
    "path": str,
    "patch": str,
    "target": _SELECTOR,
    "options": {"allowNameChange": bool, "allowKindChange": bool},
}
_IMAGE = {"name": str, "newName": str, "tagSuffix": str, "newTag": str, "digest": str}
_GENERATOR_OPTIONS = {
    "labels": dict,
    "annotations": dict,
    "disableNameSuffixHash": bool,
    "immutable": bool,
}
_CONFIG_MAP = {
    "namespace": _TEXT,
    "name": _TEXT,
    "behavior": _TEXT,
    "literals": [_TEXT],
    "files": [_TEXT],
    "envs": [_TEXT],
    "env": _TEXT,
    "options": _GENERATOR_OPTIONS,
}
_SECRET = {**_CONFIG_MAP, "type": str}
_VALUE_OPTIONS = {"delimiter": str, "index": int, "encoding": str, "create": bool}
REPLACEMENT = {
    "source": {**_ID, "fieldPath": str, "options": _VALUE_OPTIONS},
    "sourceValue": str,
    "targets": [
        {
            "select": _SELECTOR,
            "reject": [_SELECTOR],
            "fieldPaths": [str],
            "options": _VALUE_OPTIONS,
        }
    ],
}
_VARIABLE = {
    "name": str,
    "objref": {"apiVersion": str, **_ID},
    "fieldref": {"fieldPath": str},
}
_LABEL = {
    "pairs": dict,
    "includeSelectors": bool,
    "includeTemplates": bool,
    "fields": [_FIELD_SPEC],
}
_SORT = {"order": str, "legacySortOptions": {"orderFirst": [str], "orderLast": [str]}}

KUSTOMIZATION: Mapping[str, Type] = {
    "apiVersion": str,
    "kind": str,
    "metadata": _META,
    "openapi": dict,
    "namePrefix": str,
    "nameSuffix": str,
    "namespace": str,
    "commonLabels": dict,
    "labels": [_LABEL],
    "commonAnnotations": dict,
    "patchesStrategicMerge": [str],
    "patchesJson6902": [_PATCH],
    "patches": [_PATCH],
    "images": [_IMAGE],
    "imageTags": [_IMAGE],
    "replacements": [{**REPLACEMENT, "path": str}],
    "replicas": [{"name": str, "count": int}],
    "vars": [_VARIABLE],
    "sortOptions": _SORT,
    "resources": [str],
    "components": [str],
    "crds": [str],
    "bases": [str],
    "configMapGenerator": [_CONFIG_MAP],
    "secretGenerator": [_SECRET],
    "helmGlobals": object,
    "helmCharts": [object],
    "helmChartInflationGenerator": [object],
    "generatorOptions": _GENERATOR_OPTIONS,
    "configurations": [str],
    "generators": [str],
    "transformers": [str],
    "validators": [str],
    "buildMetadata": [str],
}

CONFIGURATION: Mapping[str, Type] = {
    "namePrefix": [_FIELD_SPEC],
    "nameSuffix": [_FIELD_SPEC],
    "namespace": [_FIELD_SPEC],
    "commonLabels": [_FIELD_SPEC],
    "labels": [_FIELD_SPEC],
    "templateLabels": [_FIELD_SPEC],
    "commonAnnotations": [_FIELD_SPEC],
    "nameReference": [{**_GVK, "fieldSpecs": [_FIELD_SPEC]}],
    "varReference": [_FIELD_SPEC],
    "images": [_FIELD_SPEC],
    "replicas": [_FIELD_SPEC],
}

PLUGINS: Mapping[str, Mapping[str, Type]] = {
    "AnnotationsTransformer": {"annotations": dict, "fieldSpecs": [_FIELD_SPEC]},
    "ConfigMapGenerator": {**_CONFIG_MAP, "metadata": _META},
    "HashTransformer": {},
    "IAMPolicyGenerator": {
        "cloud": str,
        "kubernetesService": {"name": str, "namespace": str},
        "serviceAccount": {"name": str, "projectId": str},
    },
    "ImageTagTransformer": {"imageTag": _IMAGE, "fieldSpecs": [_FIELD_SPEC]},
    "LabelTransformer": {"labels": dict, "fieldSpecs": [_FIELD_SPEC]},
    "NamespaceTransformer": {
        "metadata": _META,
        "fieldSpecs": [_FIELD_SPEC],
        "unsetOnly": bool,
        "setRoleBindingSubjects": str,
    },
    "PatchJson6902Transformer": {"target": _SELECTOR, "path": str, "jsonOp": str},
    "PatchStrategicMergeTransformer": {"paths": [str], "patches": str},
    "PatchTransformer": _PATCH,
    "PrefixSuffixTransformer": {"prefix": str, "suffix": str, "fieldSpecs": [_FIELD_SPEC]},
    "PrefixTransformer": {"prefix": str, "fieldSpecs": [_FIELD_SPEC]},
    "ReplacementTransformer": {"replacements": [{**REPLACEMENT, "path": str}]},
    "ReplicaCountTransformer": {
        "replica": {"name": str, "count": int},
        "fieldSpecs": [_FIELD_SPEC],
    },
    "SecretGenerator": {**_SECRET, "metadata": _META},
    "SuffixTransformer": {"suffix": str, "fieldSpecs": [_FIELD_SPEC]},
    "ValueAddTransformer": {
        "value": str,
        "targets": [{"selector": _SELECTOR, "fieldPath": str, "filePathPosition": int}],
        "targetFilePath": str,
    },
}
"""The plugins that are built into kustomize, and what they read of their configuration."""

_SHOWN = 3
"""How many fields of a mapping are named as examples."""

_NAMES = {
    str: "a string",
    _TEXT: "a string",
    bool: "true or false",
    int: "a whole number",
    dict: "a mapping of strings",
}


def check(
    value: Any,
    type_: Type,
    mistakes: list[Mistake],
    *,
    strict: bool = True,
    lenient: bool = False,
) -> Any:
    """The value as Go would hold it: fields under their proper names, nulls left out.

    What does not fit is left out too and is added to `mistakes`. Fields that are not known are
    mistakes only when `strict`. Where `lenient`, numbers and booleans serve as strings.
    """
    return _Checker(mistakes, strict, lenient).check(value, type_, ())


class _Checker:
    def __init__(self, mistakes: list[Mistake], strict: bool, lenient: bool) -> None:
        self.mistakes = mistakes
        self.strict = strict
        self.lenient = lenient

    def check(self, value: Any, type_: Type, pointer: tuple[str | int, ...]) -> Any:
        if type_ is object or (type(value) is str and type_ in (str, _TEXT)):
            return value
        if isinstance(type_, Mapping) and type(value) is dict:
            return self.struct(value, type_, pointer)
        if isinstance(type_, list) and type(value) is list:
            return [self.item(item, type_[0], (*pointer, i)) for i, item in enumerate(value)]
        if type_ is dict and type(value) is dict:
            items = value.items()
            return {key: self.item(item, str, (*pointer, key)) for key, item in items}
        if type(value) is bool and type_ is bool:
            return value
        if type(value) is int and type_ is int and -(2**63) <= value < 2**63:
            return value
        if type_ is str and self.lenient and isinstance(value, bool | int | float):
            return text(value)
        problem = Problem(f"{_last(pointer)} must be {_name(type_)}", _way(value, type_))
        self.mistakes.append(Mistake(pointer, problem))
        return None

    def item(self, item: Any, type_: Type, pointer: tuple[str | int, ...]) -> Any:
        checked = None if is_null(item) else self.check(item, type_, pointer)
        if checked is not None:
            return checked
        return "" if type_ in (str, _TEXT) else {}

    def struct(
        self, value: dict[str, Any], type_: Mapping[str, Type], pointer: tuple[str | int, ...]
    ) -> dict[str, Any]:
        checked: dict[str, Any] = {}
        for key, field in value.items():
            name = key if key in type_ else _proper(key, type_)
            if name is None:
                self.unknown(key, type_, (*pointer, key))
            elif name in checked:
                again = Problem(
                    f"{_last((*pointer, key))} is given twice, spelled differently",
                    f"keep the one that is spelled {name}",
                )
                self.mistakes.append(Mistake((*pointer, key), again))
            elif not is_null(field):
                result = self.check(field, type_[name], (*pointer, key))
                if result is not None:
                    checked[name] = result
        return checked

    def unknown(self, key: str, type_: Mapping[str, Type], pointer: tuple[str | int, ...]) -> None:
        if self.strict:
            alike = _alike(key, type_)
            hint = f"did you mean {alike}?" if alike else "remove it, or correct its name"
            problem = Problem(f"the field {_last(pointer)} is not known", hint)
            self.mistakes.append(Mistake(pointer, problem, unknown=True))


def _proper(key: str, type_: Mapping[str, Type]) -> str | None:
    lowered = key.lower()
    return next((name for name in type_ if name.lower() == lowered), None)


def _alike(key: str, type_: Mapping[str, Type]) -> str:
    """The field that begins most like the key, if any begins much like it."""
    common = {name: len(commonprefix((key.lower(), name.lower()))) for name in type_}
    best = max(common, key=lambda name: common[name], default="")
    return best if common.get(best, 0) >= 4 else ""


def _name(type_: Type) -> str:
    if isinstance(type_, list):
        return "a list"
    if isinstance(type_, Mapping):
        return "a mapping"
    return _NAMES[type_]


def _way(value: Any, type_: Type) -> str:
    """What to write in place of a value that is not of the type."""
    match type_:
        case list():
            return "put - before each element, and one element below the other"
        case Mapping():
            return f"write {_some(type_)} in it"
        case _ if type_ is dict:
            return "write name: value below it, and quote what looks like a number or a boolean"
        case _ if type_ is bool:
            return "write true or false without quotes"
        case _ if type_ is int:
            return "write a number without quotes and without a point"
        case _ if isinstance(value, dict | list):
            return "write one text"
        case _:
            return "put it in quotes"


def _some(type_: Mapping[str, Type]) -> str:
    """Some of the fields that a mapping has."""
    names = list(type_)[:_SHOWN]
    return f"fields such as {', '.join(names)}" if names else "fields"


def _last(pointer: tuple[str | int, ...]) -> str:
    """The field as a person would name it: `images[2].newTag`."""
    text = ""
    for part in pointer:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return repr(text) if text else "the file"
