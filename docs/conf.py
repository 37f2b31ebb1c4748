"""The documentation as a site: `make docs`."""

import tomllib
from importlib.metadata import version as version_of
from pathlib import Path

HERE = Path(__file__).parent
project = "indexcalc"
author = "the indexcalc maintainers"
copyright = author
release = version = version_of("indexcalc")
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "indexcalc.sphinx"]
html_math_renderer = "indexcalc"
myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence"]
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
exclude_patterns = ["_build"]
html_theme = "alabaster"
html_theme_options = {"description": "Tensor calculus in index notation", "fixed_sidebar": True, "page_width": "72rem"}
html_static_path: list[str] = []
html_show_sourcelink = False
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_docstring_signature = False
highlight_language = "none"
suppress_warnings = ["myst.header"]
nitpicky = False


def gallery() -> str:
    """The page of the gallery, from its table."""
    entries = tomllib.loads((HERE / "gallery.toml").read_text())["entry"]
    head = f"{len(entries)} derivations with their steps, a picture and code; each is verified in the tests."
    parts = ["# Gallery", "", head, ""]
    for entry in entries:
        sheet = entry["sheet"].strip("\n")
        options = ":source:\n:steps:\n:code: numpy\n:picture: graph\n"
        parts += [f"## {entry['title']}", "", f"```{{indexcalc}} {entry['target']}\n{options}\n{sheet}\n```", ""]
    return "\n".join(parts)


(HERE / "gallery.md").write_text(gallery())
