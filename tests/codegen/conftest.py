"""What tests of generated code share."""

import importlib.util

import pytest


@pytest.fixture
def double():
    """JAX with 64 bits."""
    if importlib.util.find_spec("jax") is None:
        yield
        return
    import jax

    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", before)
