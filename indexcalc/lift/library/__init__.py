"""The functions of numpy, jax.numpy, torch and einops: one table of spellings, one rule each."""
