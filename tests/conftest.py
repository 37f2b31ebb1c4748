"""What all tests share: random cases that are the same in every run."""

import sys

import pytest
from hypothesis import HealthCheck, settings

# No deadline: no test is timed. Derandomised: a run that fails can be repeated, and CI says the same each time.
settings.register_profile("indexcalc", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("indexcalc")


@pytest.fixture(autouse=True, scope="session")
def cache_of_their_own(tmp_path_factory):
    """What the command keeps of documents is kept away from the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True, scope="module")
def single_precision_of_jax():
    """No module leaves jax in double precision behind."""
    yield
    if "jax" in sys.modules:
        sys.modules["jax"].config.update("jax_enable_x64", False)
