"""`gitops rules`: list the rules, or explain one."""

import sys

from gitops.check.catalogue import RULES
from gitops.cli import arguments
from gitops.errors import UsageError
from gitops.ui import rules


def run(given: list[str]) -> int:
    """Print the catalogue, or all there is to say about one rule."""
    parser = arguments.parser("rules", "List the rules, or explain one.")
    parser.add_argument("rule", nargs="?", metavar="ID", help="explain this rule")
    arguments.add_json(parser)
    options = parser.parse_args(given)
    if options.rule and options.rule not in RULES:
        raise UsageError(f"no rule {options.rule!r}; `gitops rules` lists them")
    chosen = [RULES[options.rule]] if options.rule else list(RULES.values())
    if options.json:
        sys.stdout.writelines(rules.json(chosen))
    elif options.rule:
        sys.stdout.writelines(rules.explanation(chosen[0]))
    else:
        sys.stdout.writelines(rules.table(chosen))
    return 0
