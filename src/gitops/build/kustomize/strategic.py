"""Strategic merge patches, as kustomize applies them.

The rules are those of kyaml 0.21 (its packages walk and merge2, with items of patches in front).
Some surprise: a merge walks the target's own fields too, so that fields without a value (`key:`)
vanish from every patched object, and lists merge by their keys even where the patch says nothing
about them.
"""

from collections.abc import Callable, Sequence
from typing import Any

from gitops.build.kustomize import keyed
from gitops.build.kustomize.keyed import MISSING, is_nothing, is_null
from gitops.build.kustomize.openapi import OpenApi, Schema
from gitops.build.kustomize.problem import Problem
from gitops.sources import yamlio
from gitops.sources.yamlio import Null

_DIRECTIVE = "$patch"
_KNOWN = ("delete", "replace", "merge")


Quoted = Callable[[Sequence[str], str], bool]
"""Whether the source quotes a text that stands where some keys lead."""


def merge(
    target: dict[str, Any],
    patch: dict[str, Any],
    openapi: OpenApi,
    quoted: Quoted = lambda _keys, _text: False,
) -> dict[str, Any] | Problem | None:
    """The patched object; None when the patch deletes it.

    `target` is used up: it may be changed and become part of the result. `patch` is left as it is
    and shares nothing with the result. After a Problem the target must not be used. `$patch:
    replace` at the top changes nothing: kustomize throws away what it gives. `quoted` is asked
    where a text gives way to a number.
    """
    walk = _Walk(openapi, quoted)
    result = walk.value(target, _copied(patch), None)
    if patch.get(_DIRECTIVE) == "replace":
        result = target
    return walk.problem or (result if type(result) is dict else None)


class _Walk:
    """One merge, of a patch that is used up. `path` leads to where it is.

    What the patch adds is walked as if it were merged with itself: directives in it are obeyed, and
    a directive that has been obeyed is gone when its element is met again.
    """

    def __init__(self, types: OpenApi, quoted: Quoted) -> None:
        self.problem: Problem | None = None
        self._types = types
        self._quoted = quoted
        self._path: list[str] = []

    def value(self, target: Any, patch: Any, schema: Schema | None) -> Any:
        """What becomes of a place; MISSING when nothing is left there."""
        schema = schema or self._schema_of(target) or self._schema_of(patch)
        shapes = [_shape(each) for each in (target, patch) if not is_nothing(each)]
        if len(set(shapes)) > 1:
            hint = f"patch it with {shapes[0]}, or replace the field with a JSON patch"
            self._fail(f"the patch has {shapes[1]} where the object has {shapes[0]}", hint)
            return target
        if not shapes or shapes[0] == _MAPPING:
            return self._mapping(target, patch, schema)
        keys = schema.merge_keys() if schema and shapes[0] == _LIST else None
        if schema and keys is not None:
            return self._keyed(target, patch, schema, keys or ("",))
        if patch is MISSING:
            return target
        return MISSING if is_null(patch) else patch

    def _mapping(self, target: Any, patch: Any, schema: Schema | None) -> Any:
        directive = self._mapping_directive(patch, lenient=is_nothing(target))
        if directive == "delete" or is_null(patch):
            return MISSING
        if patch is MISSING and is_nothing(target):
            return target if target is Null.WRITTEN else MISSING
        if is_nothing(target) or directive == "replace":
            target = patch
        self._fields(target, patch, schema)
        return target

    def _fields(self, target: dict[str, Any], patch: Any, schema: Schema | None) -> None:
        patch = {} if patch is MISSING else patch
        for key in [*target, *(key for key in patch if key not in target)]:
            old = target.get(key, MISSING)
            self._path.append(key)
            new = self.value(old, patch.get(key, MISSING), schema.field(key) if schema else None)
            self._path.pop()
            if new is MISSING or new is None:
                target.pop(key, None)
            elif new is not old:
                target[key] = self._styled(key, new, old)

    def _keyed(self, target: Any, patch: Any, schema: Schema, keys: tuple[str, ...]) -> Any:
        if is_null(patch) and not is_nothing(target):
            return MISSING
        directive = "" if is_nothing(target) else self._list_directive(patch)
        if directive == "delete":
            return MISSING
        if directive:
            keyed.put(patch, MISSING, (_DIRECTIVE,), [directive])
        if is_nothing(target) or directive == "replace":
            target = patch
        sources = [each for each in (patch, target) if type(each) is list]
        if keys != ("",) and any(_is_no_element(each) for source in sources for each in source):
            hint = f"make each element a mapping with {' and '.join(keys)}, which tells them apart"
            self._fail("the list holds something other than mappings", hint)
            return target
        return self._elements(target, patch, schema, keys, _distinct(sources, keys))

    def _elements(
        self,
        target: list[Any],
        patch: Any,
        schema: Schema,
        keys: tuple[str, ...],
        every: list[keyed.Values],
    ) -> list[Any]:
        """Elements of the patch come first; each element is merged with its namesake."""
        every = keyed.unified(every) if len(keys) > 1 else every
        front: list[Any] = []
        used = keys
        for values in every:
            used, wanted = keyed.usable(every, keys, values)
            names, texts = keyed.usable([wanted], used, wanted)
            old = keyed.find(target, names, texts)
            new = self.value(old, keyed.find(patch, names, texts), schema.items())
            if keyed.is_empty(new):
                keyed.put(target, MISSING, used, wanted)
                continue
            if type(new) is dict:
                for key, text in zip(used, wanted, strict=True):
                    if text and key not in new:
                        new[key] = yamlio.bare(text)
            keyed.put(front, new, used, wanted)
        return keyed.joined(front, target, used) if every else target

    def _styled(self, key: str, new: Any, old: Any) -> Any:
        """kustomize keeps the quotes of the text it replaces, which make a number a string."""
        if type(old) is not str or type(new) not in (bool, int, float):
            return new
        if yamlio.needs_quotes(old) or self._quoted((*self._path, key), old):
            return keyed.text_of(new)
        return new

    def _schema_of(self, value: Any) -> Schema | None:
        if type(value) is not dict:
            return None
        kind, version = value.get("kind"), value.get("apiVersion")
        if not kind or not version or type(kind) is not str or type(version) is not str:
            return None
        return self._types.schema_for(version, kind)

    def _mapping_directive(self, patch: Any, *, lenient: bool) -> str:
        if type(patch) is not dict or _DIRECTIVE not in patch:
            return ""
        directive = self._known(patch[_DIRECTIVE], lenient=lenient)
        if directive:
            del patch[_DIRECTIVE]
        return directive

    def _list_directive(self, patch: Any) -> str:
        """The first element with a directive speaks for the list, when it says nothing else."""
        for element in patch if type(patch) is list else ():
            if type(element) is dict and _DIRECTIVE in element:
                alone = len(element) == 1
                return self._known(element[_DIRECTIVE], lenient=False) if alone else ""
        return ""

    def _known(self, directive: Any, *, lenient: bool) -> str:
        text = keyed.text_of(directive)
        if text in _KNOWN:
            return text
        if not lenient:
            self._fail(f"unknown patch strategy {text!r}", "use delete, replace or merge")
        return ""

    def _fail(self, message: str, hint: str) -> None:
        where = ".".join(self._path) or "the top"
        self.problem = self.problem or Problem(f"at {where}: {message}", hint)


_MAPPING, _LIST, _SCALAR = "a mapping", "a list", "a single value"


def _shape(value: Any) -> str:
    match value:
        case dict():
            return _MAPPING
        case list():
            return _LIST
        case _:
            return _SCALAR


def _is_no_element(value: Any) -> bool:
    return type(value) is not dict and not is_null(value)


def _distinct(sources: list[list[Any]], keys: tuple[str, ...]) -> list[keyed.Values]:
    found: dict[tuple[str, ...], None] = {}
    for source in sources:
        found.update((tuple(values), None) for values in keyed.values_of(source, keys))
    return [list(values) for values in found]


def _copied(value: Any) -> Any:
    if type(value) is dict:
        return {key: _copied(item) for key, item in value.items()}
    if type(value) is list:
        return [_copied(item) for item in value]
    return value
