"""`python -m indexcalc.cli`: the command line."""

import sys

from indexcalc.cli.running import main

if __name__ == "__main__":
    sys.exit(main())
