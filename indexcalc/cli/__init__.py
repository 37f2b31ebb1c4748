"""The command line: `indexcalc derive | generate | verify | check | lift | vjp`, one module a command.

Results go to standard output, errors to standard error. Exit status: 0 all right; 1 a claim is refuted or a
verification failed; 2 unreadable input or wrong usage.
"""

from indexcalc.cli.running import main
from indexcalc.cli.table import COMMANDS

__all__ = ["COMMANDS", "main"]
