"""`gitops drift`: what runs, against what the repository says."""

import msgspec

from gitops.bootstrap import drift
from gitops.bootstrap.drift import Same
from gitops.cli import arguments, compose, operating
from gitops.ui import steps

_DESCRIPTION = (
    "Ask machines, Kubernetes and Flux for versions, configurations and the revision that they "
    "run, and compare with the repository. Changes nothing."
)


def run(given: list[str]) -> int:
    """Print each answer; 1 when one differs or is missing."""
    parser = arguments.parser("drift", _DESCRIPTION)
    operating.add_options(parser)
    options = parser.parse_args(given)
    facts = operating.facts(options)
    revision = operating.revision(compose.repository(options.repo))
    asked = drift.questions(facts, revision)
    if options.dry_run:
        for question in asked:
            print(f"{question.subject}: {steps.command(question.command)}")
        return 0
    runner = operating.runner(options)
    answers = [drift.answer(question, runner) for question in asked]
    for each in answers:
        line = msgspec.json.encode(each).decode() if options.json else steps.answer(each)
        print(line, flush=True)
    return int(any(not isinstance(each, Same) for each in answers))
