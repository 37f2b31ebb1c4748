"""Machine code that is kept between processes: by what it depends on, in a folder of the user's own."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.codegen.running import kept

pytest.importorskip("numba")
SHEET = "L = sum[i](tanh(x[i]*c)^2)"
SCRIPT = """
import numpy as np
import indexcalc as ic
function = ic.derive("L = sum[i](tanh(x[i]*c)^2)", "diff(L, x[i])").compile("numba")
x = np.linspace(-1, 1, 7)
value = function(x=x, c=2.0)
np.testing.assert_allclose(value, 4*np.tanh(2*x)*(1 - np.tanh(2*x)**2), rtol=1e-12)
import sys
kernels = [module for name, module in sys.modules.items() if name.startswith("kernel_")]
compiled = [each for module in kernels for each in vars(module).values() if hasattr(each, "stats")]
hits = [sum(each.stats.cache_hits.values()) for each in compiled]
print(len(kernels), max(hits, default=0))
"""


def run(folder, **more):
    """The kernels of a fresh process, and how many of its functions were read."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder), **more}
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


@pytest.fixture
def source():
    return ic.derive(SHEET, "diff(L, x[i])").code("numba")


def test_the_second_process_reads_what_the_first_compiled(tmp_path):
    assert run(tmp_path) == "1 0\n"
    assert run(tmp_path) == "1 1\n"
    assert run(tmp_path, INDEXCALC_KEEP="0") == "0 0\n"


def test_another_version_or_processor_is_another_file(tmp_path, monkeypatch, source):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for version in ("0.1", "0.2"):
        monkeypatch.setattr(kept, "_versions", lambda version=version: (version,))
        assert kept.load_kept(source, "diff_L_x") is not None
    assert len(list((tmp_path / "indexcalc" / "numba").glob("*.py"))) == 2


def test_the_source_that_users_see_keeps_nothing(source):
    assert "cache=True" not in source
    assert "cache=True" not in ic.derive(SHEET, "diff(L, x[i])").compile("numba").source


def test_a_file_that_holds_something_else_is_not_run(tmp_path, monkeypatch, source):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(kept, "_versions", lambda: ("wrong text",))
    kept.load_kept(source, "diff_L_x")
    (file,) = (tmp_path / "indexcalc" / "numba").glob("*.py")
    file.write_text("raise SystemExit('run')")
    assert kept.load_kept(source, "diff_L_x") is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="rights are told otherwise there")
def test_a_folder_that_others_may_write_to_is_not_used(tmp_path, monkeypatch, source):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = tmp_path / "indexcalc" / "numba"
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    assert kept.load_kept(source, "diff_L_x") is None
    assert not list(folder.iterdir())


def test_where_nothing_can_be_written_functions_work(tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(file))
    value = ic.derive(SHEET, "diff(L, x[i])").compile("numba")(x=np.zeros(3), c=1.0)
    np.testing.assert_array_equal(value, np.zeros(3))


def test_the_oldest_sources_go(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "MOST_FILES", 2)
    (tmp_path / "__pycache__").mkdir()
    for number in range(4):
        path = tmp_path / f"kernel_{number}.py"
        path.write_text("")
        os.utime(path, (number, number))
        (tmp_path / "__pycache__" / f"kernel_{number}.f.nbi").write_text("")
    kept._prune(tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("kernel*")) == [
        "kernel_2.f.nbi", "kernel_2.py", "kernel_3.f.nbi", "kernel_3.py"
    ]
