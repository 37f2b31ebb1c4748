"""The old name of the pytest plugin, for environments that were installed before it was renamed."""

from indexcalc.audit.reports.plugin import pytest_addoption, pytest_collect_file

__all__ = ["pytest_addoption", "pytest_collect_file"]
