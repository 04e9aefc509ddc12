"""The legacy `vars` field: `$(NAME)` in places that field specs name."""

from collections.abc import Mapping, Sequence
from typing import Any

from gitops.build.kustomize.replacements import Subject
from gitops.model.finding import Finding
from gitops.model.origin import Location


def expand(
    values: Mapping[str, Any],
    subjects: Sequence[Subject],
    field_specs: Sequence[Mapping[str, Any]],
    at: Location,
) -> tuple[Finding, ...]:
    """Replaces `$(NAME)` in the fields that `field_specs` name."""
    return ()
