r"""The same derivation through converters: the verdicts stay, wherever the converter keeps the formulas."""

import importlib.util
import shutil
import subprocess
import sys

import pytest

from indexcalc.audit.checking import check_document

DERIVATION = r"""# A loss

With the residuals

$$r_{i} = \sum_{j} x_{ij} w_{j} - y_{i}$$

and the loss

$$L = \frac{1}{2} \sum_{i} r_{i}^{2}$$

the gradient is

$$\frac{\partial L}{\partial w_{k}} = \sum_{i} r_{i} x_{ik}$$

and not

$$\frac{\partial L}{\partial w_{k}} = 2 \sum_{i} r_{i} x_{ik}$$

since $\frac{\partial r_{i}}{\partial w_{k}} = x_{ik}$.
"""
FORMATS = {"gfm+tex_math_dollars": "markdown", "markdown": "markdown", "latex": "latex", "rst": "rst", "ipynb": "notebook"}


def words(text, format):
    return [str(claim.verdict) for claim in check_document(f"{text}\n", format).claims]


WANTED = words(DERIVATION, "markdown")


def test_the_derivation_itself():
    assert WANTED[:2] == ["proved", "refuted"]
    assert set(WANTED[2:]) <= {"proved"}


@pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc is not there")
@pytest.mark.parametrize("target", FORMATS)
def test_pandoc(target):
    options = ["--standalone"] if target == "latex" else []
    done = subprocess.run(
        ["pandoc", "-f", "markdown", "-t", target, *options],
        input=DERIVATION,
        capture_output=True,
        text=True,
        check=True,
    )
    assert words(done.stdout, FORMATS[target]) == WANTED


def notebook(tmp_path):
    """The derivation as a notebook, a cell for each paragraph."""
    import json

    cells = [{"cell_type": "markdown", "metadata": {}, "source": part} for part in DERIVATION.split("\n\n")]
    path = tmp_path / "loss.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    return path


@pytest.mark.skipif(importlib.util.find_spec("jupytext") is None, reason="jupytext is not there")
@pytest.mark.parametrize("target", ["py:percent", "py:light", "md"])
def test_jupytext(tmp_path, target):
    path = notebook(tmp_path)
    result = tmp_path / f"loss.{target.partition(':')[0]}"
    command = [sys.executable, "-m", "jupytext", "--to", target, "--output", str(result), str(path)]
    subprocess.run(command, capture_output=True, text=True, check=True)
    assert words(result.read_text(), "python" if target.startswith("py") else "markdown") == WANTED


@pytest.mark.skipif(importlib.util.find_spec("nbconvert") is None, reason="nbconvert is not there")
@pytest.mark.parametrize("target", ["markdown", "rst"])
def test_nbconvert(tmp_path, target):
    if target == "rst" and shutil.which("pandoc") is None:
        pytest.skip("nbconvert asks pandoc for rst")
    path = notebook(tmp_path)
    command = [sys.executable, "-m", "nbconvert", "--to", target, "--output-dir", str(tmp_path), str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("nbconvert finds no templates here")
    suffix = {"markdown": "md", "rst": "rst"}[target]
    assert words((tmp_path / f"loss.{suffix}").read_text(), target) == WANTED
