"""`python -m indexcalc`: the command line."""

import sys

from indexcalc.cli import main

if __name__ == "__main__":
    sys.exit(main())
