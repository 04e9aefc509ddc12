"""`gitops bootstrap`: from machines without a configuration to a cluster that Flux keeps."""

from gitops.bootstrap import installing
from gitops.cli import arguments, operating

_DESCRIPTION = (
    "Make a cluster out of machines that run Talos without a configuration. What was done before "
    "is not done again: after a failure or Ctrl-C, the same command goes on."
)


def run(given: list[str]) -> int:
    """Carry the plan out; 1 when a step failed, 130 when a person ended it."""
    parser = arguments.parser("bootstrap", _DESCRIPTION)
    operating.add_options(parser)
    operating.add_phases(parser)
    options = parser.parse_args(given)
    facts = operating.facts(options)
    plan = operating.chosen(installing.plan(facts), options, facts.folder)
    return operating.perform(plan, options, facts.folder)
