"""What is written as LaTeX is LaTeX: the derivations of the gallery, through a real compiler."""

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

import indexcalc as ic

ROOT = Path(__file__).parents[1]
PDFLATEX = shutil.which("pdflatex")


@pytest.mark.skipif(PDFLATEX is None, reason="there is no LaTeX")
def test_the_gallery_compiles(tmp_path):
    entries = tomllib.loads((ROOT / "docs" / "gallery.toml").read_text())["entry"]
    parts = [ic.derive(entry["sheet"], entry["target"]).render("latex") for entry in entries]
    body = "\n\n".join(f"\\clearpage\n{part}" for part in parts)
    text = f"\\documentclass{{article}}\n\\usepackage{{amsmath}}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"
    (tmp_path / "gallery.tex").write_text(text)
    command = [PDFLATEX, "-interaction=nonstopmode", "-halt-on-error", "gallery.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace")
    assert done.returncode == 0, done.stdout[-2000:]
    assert "undefined" not in done.stdout
