"""The options of `indexcalc check` for projects: patterns, settings, baselines, formats for machines, watching."""

import json
import os
import select
import subprocess
import sys
import time

import pytest

from indexcalc.cli import main

RIGHT = "```indexcalc\nx[i] = 2*y[i]\ncheck x[i] = y[i] + y[i]\n```\n"
WRONG = "```indexcalc\nx[i] = 2*y[i]\ncheck x[i] = 3*y[i]\n```\n"
OPEN = "```indexcalc\ncheck x[i = y[i]\n```\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with a right and a wrong document, in which the command is started."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "project"
    (folder / "drafts").mkdir(parents=True)
    (folder / "right.md").write_text(RIGHT)
    (folder / "drafts" / "wrong.md").write_text(WRONG)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def run(capsys):
    def run(*words):
        status = main(words)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_patterns(project, run):
    assert run("check", ".")[0] == 1
    assert run("check", ".", "--exclude", "drafts/")[0] == 0
    assert run("check", ".", "--include", "right.*")[0] == 0
    assert run("check", "drafts/wrong.md", "--exclude", "drafts/")[0] == 1
    assert run("check", "drafts/wrong.md", "right.md", "--exclude", "drafts/", "--force-exclude")[0] == 0
    assert run("check", ".", "--exclude", "[")[2] == (
        "indexcalc: --exclude: '[' is no pattern of paths. Write one as in .gitignore: docs/**/*.md.\n"
    )


def test_gitignore(project, run):
    (project / ".gitignore").write_text("drafts\n")
    assert run("check", ".")[0] == 0
    assert run("check", ".", "--no-gitignore")[0] == 1


def test_settings(project, run):
    (project / "pyproject.toml").write_text('[tool.indexcalc]\npaths = ["."]\nexclude = ["drafts/"]\n')
    status, out, _ = run("check")
    assert (status, out.splitlines()[-1]) == (0, "1 step: 1 proved")
    (project / "pyproject.toml").write_text("[tool.indexcalc]\nstrict = true\n")
    (project / "open.md").write_text(OPEN)
    assert run("check", "open.md")[0] == 1
    (project / "pyproject.toml").write_text("[tool.indexcalc]\nstrikt = true\n")
    status, out, err = run("check", ".")
    assert (status, out) == (2, "")
    assert err.endswith("[tool.indexcalc] has no setting strikt. Did you mean strict?\n")


def test_baseline(project, run):
    assert run("check", ".", "--update-baseline")[2] == (
        "indexcalc: there is no baseline to write. Name its file with --baseline FILE.\n"
    )
    assert run("check", ".", "--baseline", "known.json")[2] == (
        "indexcalc: the baseline known.json cannot be read: No such file or directory. "
        "Write it anew with --update-baseline.\n"
    )
    written = run("check", ".", "--baseline", "known.json", "--update-baseline")
    assert written == (0, "known.json: 1 known verdict\n", "")
    status, out, _ = run("check", ".", "--baseline", "known.json")
    assert (status, out.splitlines()[-2:]) == (0, ["1 step: 1 proved", "1 more, known to known.json"])
    wrong = project / "drafts" / "wrong.md"
    wrong.write_text(f"A line more.\n\n{WRONG}\n{WRONG.replace('3*', '4*')}")
    status, out, _ = run("check", ".", "--baseline", "known.json")
    assert status == 1 and "4*y[i]" in out and "3*y[i]" not in out
    wrong.write_text(RIGHT)
    status, out, _ = run("check", ".", "--baseline", "known.json")
    gone = "1 of known.json not found any more: write it anew with --update-baseline"
    assert (status, out.splitlines()[-1]) == (0, gone)
    assert json.loads(run("check", ".", "--baseline", "known.json", "--format", "json")[1])["known"] == 0
    for broken in ("{", "[]", '{"known": [{}]}', '{"known": [{"file": "a", "verdict": 1, "text": "x"}]}'):
        (project / "known.json").write_text(broken)
        said = run("check", ".", "--baseline", "known.json")
        assert said == (2, "", "indexcalc: known.json is no baseline. Write it anew with --update-baseline.\n")


def test_a_baseline_takes_each_verdict_once(project, run):
    (project / "drafts" / "wrong.md").write_text(WRONG)
    run("check", ".", "--baseline", "known.json", "--update-baseline")
    (project / "drafts" / "wrong.md").write_text(f"{WRONG}\n{WRONG}")
    status, out, _ = run("check", ".", "--baseline", "known.json")
    assert (status, out.count("refuted: ")) == (1, 1)


def test_annotations_of_a_code_host(project, run):
    (project / "open.md").write_text(OPEN)
    (project / "bad,name.md").write_bytes(b"\xff")
    status, out, _ = run("check", ".", "--format", "github")
    lines = out.splitlines()
    assert status == 1
    assert lines[0].startswith("::warning file=open.md,line=2,col=11,title=indexcalc%3A unreadable::x[i = y[i]%0A")
    place = "file=drafts/wrong.md,line=3,col=12,title=indexcalc%3A refuted"
    assert lines[1].startswith(f"::error {place}::x[i] = 3*y[i]%0A")
    assert lines[2].startswith("::error file=bad%2Cname.md,line=1,col=1,title=indexcalc%3A not read::")
    assert lines[-1].startswith("3 steps: ")
    assert "::warning" not in run("check", ".", "--format", "github", "--strict")[1]


def test_sarif(project, run):
    (project / "bad.md").write_bytes(b"\xff")
    (project / "drafts" / "wrong.md").write_text(f"{WRONG}\n{WRONG}")
    status, out, _ = run("check", ".", "--format", "sarif")
    log = json.loads(out)
    assert (status, log["version"]) == (1, "2.1.0")
    results = log["runs"][0]["results"]
    rules = [rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]]
    assert [each["ruleId"] for each in results] == ["refuted", "refuted", "failed"]
    assert all(rules[each["ruleIndex"]] == each["ruleId"] for each in results)
    place = results[0]["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "drafts/wrong.md"},
        "region": {"startLine": 3, "startColumn": 12},
    }
    prints = [each["partialFingerprints"]["formula/v1"] for each in results]
    assert len(set(prints)) == 3 and prints[1].endswith(":2")
    (project / "drafts" / "wrong.md").write_text(f"More above.\n\n{WRONG}")
    assert json.loads(run("check", ".", "--format", "sarif")[1])["runs"][0]["results"][0]["partialFingerprints"] == {
        "formula/v1": prints[0]
    }


def test_cache(project, run):
    cold = run("check", ".")
    files = [*(project.parent / "cache" / "indexcalc").glob("*.json")]
    assert len(files) == 2
    assert run("check", ".") == cold
    for file in files:
        file.write_text(file.read_text().replace('"proved"', '"agrees"'))
    assert "1 agrees" in run("check", ".")[1]
    assert run("check", ".", "--no-cache") == cold
    (project / "pyproject.toml").write_text("[tool.indexcalc]\ncache = false\n")
    assert run("check", ".") == cold


def test_watching_standard_input(run):
    said = "indexcalc: the standard input cannot be watched. Give files or folders.\n"
    assert run("check", "-", "--watch") == (2, "", said)


def lines_until(process, wanted):
    """What a process says until a line holds some words; half a minute at most."""
    said = b""
    end = time.monotonic() + 60
    while wanted.encode() not in said:
        ready, _, _ = select.select([process.stdout], [], [], max(0, end - time.monotonic()))
        chunk = os.read(process.stdout.fileno(), 4096) if ready else b""
        assert chunk, f"{wanted!r} is not in {said.decode()!r}"
        said += chunk
    return said.decode()


@pytest.mark.skipif(not hasattr(select, "poll"), reason="pipes cannot be waited for")
def test_watching(project):
    # A shell ignores interrupts for what it runs in the background, and its children with it. The child undoes that
    # itself: between fork and exec (preexec_fn) nothing may run once JAX has started threads in this process.
    heard = (
        "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "runpy.run_module('indexcalc', run_name='__main__', alter_sys=True)"
    )
    command = [sys.executable, "-c", heard, "check", ".", "--watch"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        lines_until(process, "waiting for changes")
        (project / "right.md").write_text(WRONG)
        assert "1 step: 1 refuted" in lines_until(process, "1 step: ")
        (project / "new.md").write_text(RIGHT)
        assert "new.md:3:12: proved" in lines_until(process, "1 step: ")
        process.send_signal(2)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate()


def test_why(project, run):
    (project / "why.md").write_text("Let $A$ be symmetric.\n\n$$ f = x_i A_{ij} x_j $$\n")
    status, out, err = run("check", "why.md", "--why", "f")
    assert (status, err) == (0, "")
    assert "why.md:3:4: it is defined: f = x_i A_{ij} x_j (said: it holds from here on)\n" in out
    said = json.loads(run("check", "why.md", "--why", "A", "--format", "json")[1])
    assert {"line": 1, "column": 1, "what": "a fact: symmetric", "strength": "said"}.items() <= said["files"][0][
        "known"
    ][0].items()
    status, out, err = run("check", "why.md", "--why", "Z")
    assert (status, out) == (2, "")
    assert err == "indexcalc: no document speaks of Z. They speak of A, f, x.\n"


def test_declared_only(project, run):
    (project / "free.md").write_text("$$ u_i v_i + u_j v_j = 2 v_k u_k $$\n")
    assert run("check", "free.md")[0] == 0
    status, out, _ = run("check", "free.md", "--declared-only", "--strict")
    assert status == 1
    assert "undecided" in out
    assert "    nothing declares u, v\n" in out


# ----- A text that no file holds ------------------------------------------------------------------------------------


def test_a_text_with_e(run, project):
    status, out, err = run("check", "-e", "x[i] = 2*y[i]", "-e", "check x[i] = y[i] + y[i]")
    assert (status, err) == (0, "") and out.startswith("<text>:2:12: proved: x[i] = y[i] + y[i]\n")
    status, out, _ = run("check", "-e", "$$ \\frac{\\partial (x_i x_i)}{\\partial x_k} = 5 x_k $$", "right.md")
    assert status == 1 and out.endswith("2 steps: 1 proved, 1 refuted\n")
    status, out, _ = run("check", "-e", "$x_i = x_i$", "--why", "x", "--format", "json")
    assert (status, json.loads(out)["files"][0]["path"]) == (0, "-")


def test_a_text_of_which_only_declarations_count(run, project):
    text = "$$ z_i = 2 y_i $$\n$$ z_i = y_i + y_i $$"
    assert run("check", "-e", text)[1].endswith("1 step: 1 proved\n")
    assert "proved" not in run("check", "--declared-only", "-e", text)[1]


def test_a_text_is_one_document(run, project):
    assert run("check", "-e", "x", "-") == (
        2,
        "",
        "indexcalc: -e and - are one document each, and only one of them has no file. Leave one of them out.\n",
    )
    assert run("check", "-e", "x", "--watch")[2] == "indexcalc: a text cannot be watched. Give files or folders.\n"
