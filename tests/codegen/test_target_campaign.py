"""Random problems on all targets, with every type and layout of arrays; more by hand: `tests/target_campaign.py`."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("numpy")


SOME = [(0, 40, "einsum,numpy"), (40, 10, "torch,jax,dask"), (50, 3, "numba")]


@pytest.mark.parametrize(("start", "count", "backends"), SOME)
def test_random_problems(start, count, backends):
    command = [sys.executable, "-m", "tests.target_campaign", "--start", str(start), "--count", str(count)]
    root = Path(__file__).parents[2]
    done = subprocess.run([*command, "--backends", backends], capture_output=True, text=True, cwd=root)
    assert done.returncode == 0, done.stdout + done.stderr
