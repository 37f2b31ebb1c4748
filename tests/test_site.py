"""The whole documentation is built, its notebook is run, and nothing in it is amiss."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("sphinx")
pytest.importorskip("myst_nb")
pytest.importorskip("ipykernel")

ROOT = Path(__file__).parents[1]


def test_the_site(tmp_path):
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", "site"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    gallery = (tmp_path / "site" / "gallery.html").read_text()
    assert gallery.count("<h2>") >= 40 and gallery.count("<svg") >= 40
    for page in (tmp_path / "site").glob("*.html"):
        assert "https://cdn" not in page.read_text(), page.name  # nothing is loaded from elsewhere
