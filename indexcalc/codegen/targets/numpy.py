"""The target `numpy`: the same program made to be fast."""

from __future__ import annotations

from indexcalc.codegen.pen import Table
from indexcalc.codegen.targets import einsum

TABLE: Table = {**einsum.TABLE}
