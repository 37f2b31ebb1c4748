"""Gradients from data that does not fit in memory: softmax regression on rows that lie on disk.

    python examples/larger_than_memory.py [--gigabytes 8] [--limit 1.0] [--folder FOLDER]

Writes the data piece by piece, then works out both gradients on a worker of dask that is stopped if it takes more
memory than the limit (in gigabytes). The chunks are a hundredth of the limit: each thread of the worker holds a few.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import dask.array as da
import numpy as np
from distributed import Client, LocalCluster

import indexcalc as ic

SHEET = """
index p : m
z[p,q] = b[q] + x[p,t]*w[t,q]
a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))
L = -1/m*sum[p,q](y[p,q]*log(a[p,q]))
assume sum[q](y[p,q]) = 1
"""
COLUMNS, CLASSES = 100, 10


def written(folder: Path, gigabytes: float, limit: float) -> tuple[da.Array, da.Array]:
    """The inputs and the labels, written to `folder` in chunks of rows, of which never all are in memory."""
    rows = int(gigabytes * 1e9) // (8 * (COLUMNS + CLASSES))
    chunk = max(1, int(limit * 1e9 / 100) // (8 * COLUMNS))
    random = da.random.default_rng(0)
    x = random.normal(size=(rows, COLUMNS), chunks=(chunk, COLUMNS))
    labels = random.integers(CLASSES, size=(rows, 1), chunks=(chunk, 1))
    y = (labels == da.arange(CLASSES, chunks=CLASSES)).astype(float)
    print(f"{rows} rows in chunks of {chunk}: {x.numblocks[0]} of {chunk * COLUMNS * 8 / 1e6:.0f} MB", flush=True)
    found = []
    for name, array in (("x", x), ("y", y)):
        da.to_npy_stack(str(folder / name), array, axis=0)
        found.append(da.from_npy_stack(str(folder / name)))
    return found[0], found[1]


def most_memory() -> float:
    """The most gigabytes that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main() -> None:
    """Write the data and work out the gradients."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gigabytes", type=float, default=8.0)
    parser.add_argument("--limit", type=float, default=1.0)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    gradients = ic.gradient(SHEET, "L", ["w", "b"]).compile("dask")
    w, b = np.zeros((COLUMNS, CLASSES)), np.zeros(CLASSES)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        x, y = written(Path(folder), options.gigabytes, options.limit)
        workers = {"n_workers": 1, "threads_per_worker": 2, "memory_limit": f"{options.limit} GB"}
        with LocalCluster(**workers, dashboard_address=None) as cluster, Client(cluster) as client:
            start = time.perf_counter()
            found = client.gather(client.compute(gradients(x=x, y=y, w=w, b=b)))
            seconds = time.perf_counter() - start
            (most,) = client.run(most_memory).values()
        print(f"gradients in {seconds:.1f} s; the worker held at most {most:.2f} of {options.limit:.2f} GB")
        rows = slice(0, x.chunks[0][0] * min(10, x.numblocks[0]))
        small = {"x": x[rows].compute(), "y": y[rows].compute()}
        plain = ic.gradient(SHEET, "L", ["w", "b"]).compile("numpy")(**small, w=w, b=b)
        chunked = gradients(x=x[rows], y=y[rows], w=w, b=b)
        for name, value in plain.items():
            assert np.allclose(value, chunked[name].compute(), atol=1e-12)
        print(f"w_bar[0, :3] = {found['w_bar'][0, :3]}; on the first {rows.stop} rows numpy gives the same numbers")


if __name__ == "__main__":
    main()
