"""The package as it is shipped: built, installed elsewhere, used."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import indexcalc

pytest.importorskip("build")
setuptools = pytest.importorskip("setuptools")
ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
SHIPPED = ("indexcalc", "grammars", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """An sdist, and a wheel that is built from it."""
    if int(setuptools.__version__.split(".")[0]) < 77:
        pytest.skip("setuptools is too old")
    folder = tmp_path_factory.mktemp("package")
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", "dist"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = (folder / "dist").glob("*.whl")
    (sdist,) = (folder / "dist").glob("*.tar.gz")
    return wheel, sdist


def test_what_is_in_it(built):
    wheel, sdist = built
    names = zipfile.ZipFile(wheel).namelist()
    for name in ("indexcalc/py.typed", "indexcalc/page/static/index.html", "indexcalc/grammars/expression.lark"):
        assert name in names
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "indexcalc").rglob("*.py")}
    assert modules <= set(names)
    assert not [name for name in names if name.startswith(("tests/", "docs/", "examples/"))]
    with tarfile.open(sdist) as opened:
        assert any(name.endswith("/LICENSE") for name in opened.getnames())


def test_what_it_says_of_itself(built):
    text = zipfile.ZipFile(built[0]).read(f"indexcalc-{indexcalc.__version__}.dist-info/METADATA").decode()
    assert f"Version: {indexcalc.__version__}\n" in text
    extras = set(re.findall(r"^Provides-Extra: (.*)$", text, re.MULTILINE))
    assert {"notebook", "serve", "lsp", "mcp", "docs"} <= extras
    core = [line for line in re.findall(r"^Requires-Dist: (.*)$", text, re.MULTILINE) if "extra ==" not in line]
    assert sorted(re.match(r"[\w-]+", line)[0] for line in core) == ["autograd", "lark", "numpy", "rich", "sympy"]
    assert f"version: {indexcalc.__version__}\n" in (ROOT / "CITATION.cff").read_text()


def test_it_works_elsewhere(built, tmp_path):
    install = ["-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", "place", str(built[0])]
    command = [sys.executable, *install]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    place = tmp_path / "place"
    environment = {**os.environ, "PYTHONPATH": str(place)}

    def run(*words):
        command = [sys.executable, "-m", "indexcalc", *words]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    where = subprocess.run(
        [sys.executable, "-c", "import indexcalc; print(indexcalc.__file__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert where.stdout.startswith(str(place))
    assert run("derive", "-e", "y = x^2", "diff(y, x)", "--no-steps") == (0, "diff(y, x)\n  = 2*x\n", "")
    (tmp_path / "a.md").write_text(r"$$ \frac{\partial (x_i x_i)}{\partial x_k} = 2 x_k $$" + "\n")
    assert run("check", "a.md")[:2][0] == 0
    assert run("show", "-e", "y = x^2", "diff(y, x)")[1].startswith("<svg")


def test_every_extra_that_is_named_exists():
    """What an error tells a user to install can be installed."""
    source = "".join(path.read_text() for path in (ROOT / "indexcalc" / "cli").glob("*.py"))
    named = set(re.findall(r'need\(\(.*?\), "(\w+)"', source))
    assert {"lsp", "mcp", "serve"} <= named <= PROJECT["optional-dependencies"].keys()
