"""Derivations for people: in the width of a terminal, with what is new marked, brief or full, rules explained."""

import pytest

import indexcalc as ic
from indexcalc.cli import main
from indexcalc.cli.coloured import coloured
from indexcalc.render import chains_of, laid_out

WORDS = ["derive", "-e", "a[q] = exp(z[q]) / sum[k](exp(z[k]))", "diff(a[q], z[s])"]


def test_width_and_level(capsys):
    assert main([*WORDS, "--width", "50"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 50
    assert main([*WORDS, "--level", "brief"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 4


@pytest.mark.parametrize("width", ["x", "3", "-5"])
def test_no_number_of_columns(capsys, width):
    with pytest.raises(SystemExit) as stop:
        main([*WORDS, f"--width={width}"])
    assert stop.value.code == 2
    assert f"'{width}' is no number of columns: write 20 or more" in capsys.readouterr().err


def test_a_rule_explained(capsys):
    assert main(["derive", "--explain", "power rule"]) == 0
    assert capsys.readouterr().out == (
        "power rule\n  The exponent comes down and is lowered by one.\n  diff(f^n, x) = n*f^(n - 1)*diff(f, x)\n"
    )
    assert main(["derive", "--explain", "pover rule"]) == 2
    assert capsys.readouterr().err == "indexcalc: there is no rule 'pover rule'. Did you mean power rule?\n"


@pytest.mark.parametrize("width", [40, 60, 90, 200])
def test_colours_fall_on_what_is_new(width):
    pytest.importorskip("rich")
    (chain,) = chains_of(ic.derive(WORDS[2], WORDS[3]))
    lines = laid_out(chain, True, width)
    texts = coloured(chain, lines)
    assert [text.plain for text in texts] == lines
    marked = [text.plain[span.start : span.end] for text in texts for span in text.spans if span.style == "bold"]
    assert "delta[q,s]" in marked and "- a[s]" in marked


@pytest.mark.parametrize(
    "words, said",
    [
        (["derive", "--formt", "s", "t"], "unknown option: --formt. Did you mean --format?"),
        (["generate", "s", "t", "--backend", "nunpy"], "Did you mean numpy?"),
        (["derve"], "Did you mean derive?"),
        (["check", "--xyzzy", "a"], "unknown option: --xyzzy\n"),
    ],
)
def test_near_names(capsys, words, said):
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 2
    assert said in capsys.readouterr().err
