"""Running a command, so that whatever happens is said in words."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from indexcalc.cli.parser import parse
from indexcalc.cli.sheets import place
from indexcalc.cli.table import COMMANDS
from indexcalc.errors import IndexcalcError
from indexcalc.terminal import complain, fault, prepare

INTERRUPTED = 130  # the exit status of what Ctrl-C has ended
BLAS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status. Whatever happens, the user sees no traceback."""
    prepare()
    _without_threads()
    options = parse(COMMANDS, argv)
    try:
        status = COMMANDS[options.command].run(options)
        if sys.stdout:  # none where it is closed
            sys.stdout.flush()
    except IndexcalcError as error:
        complain(f"{place(error, options.names)}{error}")
        return 2
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:  # the reader has seen enough; the interpreter must not try to flush once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # the last resort: what is no fault of the text is one of ours
        complain(fault(error))
        return 2
    return status


def _without_threads() -> None:
    """Leave linear algebra to one thread, unless the user says otherwise.

    Samples are small: on a busy machine threads that wait for each other take many times as long. It is read when numpy
    is loaded, and by the processes that are started from here.
    """
    if "numpy" not in sys.modules:
        for name in BLAS:
            os.environ.setdefault(name, "1")
