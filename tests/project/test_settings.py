"""[tool.indexcalc] in pyproject.toml."""

import pytest

from indexcalc.errors import IndexcalcError
from indexcalc.project.settings import Settings, settings_for


def written(folder, text):
    (folder / "pyproject.toml").write_text(text)
    return settings_for(folder)


def test_all_settings(tmp_path):
    settings = written(
        tmp_path,
        """
        [tool.indexcalc]
        paths = ["docs", "paper.tex"]
        include = ["*.md"]
        exclude = ["drafts/"]
        respect-gitignore = false
        strict = true
        baseline = "known.json"
        cache = false
        """,
    )
    assert settings == Settings(
        tmp_path,
        (str(tmp_path / "docs"), str(tmp_path / "paper.tex")),
        ("*.md",),
        ("drafts/",),
        False,
        True,
        tmp_path / "known.json",
        False,
    )


def test_the_nearest_file_that_has_some(tmp_path):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[tool.indexcalc]\nstrict = true\n")
    (inner / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert settings_for(inner).strict
    assert settings_for(inner).root == tmp_path
    assert written(inner, "[tool.indexcalc]\n") == Settings(inner)


@pytest.mark.parametrize(
    "text, said",
    [
        ("[tool.indexcalc]\nexlude = []", "[tool.indexcalc] has no setting exlude. Did you mean exclude?"),
        (
            "[tool.indexcalc]\nzzz = 1",
            "[tool.indexcalc] has no setting zzz. There are paths, include, exclude, respect-gitignore, strict, cache, "
            "baseline.",
        ),
        ("[tool.indexcalc]\ninclude = 'x'", "include is 'x', not a list of texts. Write include = [\"docs\"]."),
        ("[tool.indexcalc]\npaths = [1]", "paths is [1], not a list of texts. Write paths = [\"docs\"]."),
        ("[tool.indexcalc]\nstrict = 1", "strict is 1, neither true nor false. Write strict = true."),
        ("[tool.indexcalc]\nbaseline = 1", 'baseline is 1, not a path. Write baseline = "known.json".'),
        (
            "[tool.indexcalc]\nexclude = ['[']",
            "exclude: '[' is no pattern of paths. Write one as in .gitignore: docs/**/*.md.",
        ),
        ("[tool]\nindexcalc = 1", "tool.indexcalc is no table. Write [tool.indexcalc] above its settings."),
    ],
)
def test_mistakes(tmp_path, text, said):
    with pytest.raises(IndexcalcError) as stop:
        written(tmp_path, text)
    assert str(stop.value) == f"{tmp_path / 'pyproject.toml'}: {said}"


def test_no_toml(tmp_path):
    with pytest.raises(IndexcalcError, match=r"pyproject\.toml is not valid TOML: "):
        written(tmp_path, "[tool")
