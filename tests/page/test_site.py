"""The page as static files: what is written, what is said where it cannot be, the page in a browser without numpy."""

import functools
import http.server
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from zipfile import ZipFile

import pytest

pytest.importorskip("latex2mathml")

from indexcalc.cli import main
from indexcalc.page import site
from page.browser import CHROMIUM, Browser

ROOT = Path(__file__).parents[2]
RUNTIME = Path(os.environ.get("INDEXCALC_PYODIDE", ROOT / "build" / "node_modules" / "pyodide"))
WITHOUT = """
import sys

class Without:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("numpy", "autograd"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Without())
sys.modules["numpy"] = None
from indexcalc.page.absent import stand_in
assert stand_in()
"""


def runtime(folder, numpy=False):
    """What the builder asks of a runtime, without its content."""
    for name in site.RUNTIME:
        (folder / name).write_text("")
    (folder / "pyodide-lock.json").write_text(json.dumps({"packages": {"numpy": {"file_name": "numpy.whl"}}}))
    if numpy:
        (folder / "numpy.whl").write_text("")
    return folder


@pytest.mark.parametrize("numpy", [False, True])
def test_what_is_written(tmp_path, capsys, numpy):
    given, made = tmp_path / "given", tmp_path / "a" / "page"
    given.mkdir()
    assert main(["serve", "--static", str(made), "--pyodide", str(runtime(given, numpy))]) == 0
    said = capsys.readouterr().out
    assert said.endswith(f" MB. Any server of files will do: python -m http.server -d {made}\n")
    text = (made / "index.html").read_text()
    assert '<html data-answers="worker" lang="en">' in text and "'wasm-unsafe-eval'" in text
    assert not any("http:" in (made / name).read_text() for name in ("index.html", *site.PAGE))
    assert json.loads((made / "settings.json").read_text()) == {"numpy": numpy}
    assert (made / "numpy.whl").exists() is numpy
    names = ZipFile(made / "first.zip").namelist()
    assert len(names) == len(set(names))
    assert {"indexcalc/page/answers.py", "indexcalc/grammars/text.lark", "lark/grammars/common.lark"} <= set(names)
    assert not [name for name in ZipFile(made / "proofs.zip").namelist() if "/tests/" in name]


def test_what_cannot_be_written(tmp_path, capsys, monkeypatch):
    def said(*arguments):
        assert main(["serve", "--static", *map(str, arguments)]) == 2
        return capsys.readouterr().err

    assert said(tmp_path / "page", "--pyodide", tmp_path) == (
        f"indexcalc: {tmp_path} has no pyodide.mjs. Name the folder of the npm package pyodide, {site.VERSION}.\n"
    )
    (tmp_path / "file").write_text("")
    assert said(tmp_path / "file", "--pyodide", tmp_path) == (
        f"indexcalc: {tmp_path / 'file'}: File exists. Name a folder that can be written.\n"
    )
    monkeypatch.setattr(site.shutil, "which", lambda name: None)
    assert said(tmp_path / "page") == (
        "indexcalc: Pyodide is fetched by npm, which is not here. Run npm install "
        f"pyodide@{site.VERSION}, and name its folder: --pyodide node_modules/pyodide.\n"
    )
    monkeypatch.setattr(site.shutil, "which", lambda name: "false")
    monkeypatch.setattr(site.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1))
    assert said(tmp_path / "page") == (
        f"indexcalc: npm did not get pyodide@{site.VERSION}. Run npm install "
        f"pyodide@{site.VERSION}, and name its folder: --pyodide node_modules/pyodide.\n"
    )
    assert main(["serve", "--pyodide", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "indexcalc: --pyodide is the runtime of --static. Write --static FOLDER too.\n"


def test_proofs_and_code_without_numpy(tmp_path):
    """What is right is proved; what is wrong is never confirmed, and never refuted without an example."""
    script = WITHOUT + """
import indexcalc as ic
from indexcalc.page.answers import answer

L = "L = sum[i]((x[i,j]*w[j] - y[i])^2)"
for right in ("2*x[i,s]*x[i,t]", "x[i,s]*x[i,t]"):
    verdict = ic.equal(L, "diff(L, w[s], w[t])", right)
    print(verdict, "-", verdict.reason)
print([line for line in ic.derive(L, "diff(L, w[t])").code(backend="numpy").splitlines() if "return" in line][0])
asked = {"sheet": L, "target": "diff(L, w[t])"}
print(answer("verify", asked)["error"])
print(answer("picture", {**asked, "kind": "network"})["svg"][:4])
print(answer("check", {"text": "$$ \\\\frac{\\\\partial (x_i x_i)}{\\\\partial x_k} = 2 x_k = 3 x_k $$\\n"})["counts"])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "proved - the same normal form",
        "undecided - samples need numpy, which is not here. Ask where numpy is installed.",
        "    return 2 * (x.T @ (x @ w - y))",
        "samples need numpy, which is not here. Ask where numpy is installed.",
        "<svg",
        "{'proved': 1, 'undecided': 1}",
    ]


# ----- In a browser -----------------------------------------------------------------------------------------------


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A server of files, and nothing else."""
    if CHROMIUM is None or not RUNTIME.is_dir():
        pytest.skip("there is no Chromium, or no Pyodide: npm install --prefix build pyodide")
    folder = tmp_path_factory.mktemp("page")
    site.build(folder, RUNTIME)
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_page_works_without_our_server(address, tmp_path):
    with Browser(tmp_path) as browser:
        browser.open(address)
        browser.wait("document.querySelector('#text')?.textContent")
        assert browser.value("document.querySelector('#text').textContent") == "a[q]*(delta[q,s] - a[s])"
        assert browser.value("document.querySelector('#loading').hidden")
        browser.write("#target", "diff(a[q], z[s]")
        browser.wait("document.querySelector('#error').innerText.includes('never closed')")
        browser.write("#target", "diff(a[q], z[s], z[t])")
        browser.wait("document.querySelector('#text').textContent.includes('delta[q,t]')")
        browser.click("#code-part summary")
        browser.wait("document.querySelector('#code').textContent.includes('def diff_a_z_z(z):')")
        browser.click("#verify-part summary")
        browser.wait("document.querySelector('#verify').textContent.includes('numpy, which is not here')")
        browser.click("#tab-check")
        browser.write("#document", "$$ \\frac{\\partial (x_i x_i)}{\\partial x_k} = 2 x_k = 3 x_k $$\n")
        browser.wait("document.querySelector('#counts').textContent === '1 proved, 1 undecided'")
        assert browser.errors() == []
