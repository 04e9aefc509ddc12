"""`python -m gitops` is the command line."""

from gitops.cli.main import run

run()
