"""The one place that fills in templates.

minijinja is the engine of `minijinja-cli`: whoever has only that gets the same text.
"""

from collections.abc import Mapping
from typing import Any

from minijinja import Environment, TemplateError

from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location


def fill(path: str, text: str, variables: Mapping[str, Any]) -> str | Finding:
    """The text, or what is wrong with the template. A variable that nobody gave is wrong, and so is
    a field that a variable does not have."""
    engine = Environment(
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined_behavior="strict",
        auto_escape_callback=lambda _name: None,
    )
    try:
        engine.add_template(path, text)
        return engine.render_template(path, **variables)
    except TemplateError as mistake:
        at = Location(mistake.name or path, 0, mistake.line or 0)
        words = mistake.detail or mistake.message
        hint = "what there is stands in src/gitops/talos/variables.py; there are no defaults"
        return finding.error("talos/template", at, f"the template says no text: {words}", hint)
