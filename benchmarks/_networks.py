"""The problems of `networks.py`: products of many tensors, and decompositions of a tensor."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Arrays = Mapping[str, Any]


@dataclass(frozen=True)
class Network:
    """One row: a sheet with the loss L, its arrays, what to differentiate by, and the loss to be differentiated.

    loss: with the module of its functions and an einsum that plans its path. expert: the gradients as written by hand.
    """

    title: str
    sheet: str
    arrays: Arrays
    by: tuple[str, ...]
    loss: Callable[[Any, Any, Arrays], Any]
    expert: Callable[[Arrays], list[Any]] | None = None


def normal(seed: int, *shape: int) -> Any:
    """Random numbers, the same in every run."""
    return np.random.default_rng(seed).normal(size=shape)


def lattice(rows: int, columns: int, bond: int) -> Network:
    """The sum of a product of one tensor for each place of a lattice; each bond joins two neighbours."""
    slots: dict[tuple[int, int], list[str]] = {(r, c): [] for r in range(rows) for c in range(columns)}
    count = 0
    for r, c in slots:
        for other in ((r, c + 1), (r + 1, c)):
            if other in slots:
                for place in ((r, c), other):
                    slots[place].append(f"i{count}")
                count += 1
    names = {place: f"T{number}" for number, place in enumerate(slots)}
    sheet = "index " + ", ".join(f"i{n}" for n in range(count)) + f" : {bond}\nL = "
    sheet += "*".join(f"{names[place]}[{','.join(letters)}]" for place, letters in slots.items())
    symbols = {f"i{n}": chr(97 + n) if n < 26 else chr(39 + n) for n in range(count)}
    text = ",".join("".join(symbols[each] for each in letters) for letters in slots.values()) + "->"
    arrays = {
        names[place]: normal(number, *[bond] * len(letters)) / bond ** (len(letters) / 4)
        for number, (place, letters) in enumerate(slots.items())
    }
    return Network(
        f"lattice {rows} x {columns}, bond {bond}",
        sheet,
        arrays,
        tuple(arrays),
        lambda xp, einsum, a: einsum(text, *(a[name] for name in arrays)),
    )


def tucker(n: int = 80, rank: int = 12) -> Network:
    """The squared error of a Tucker decomposition."""

    def expert(a: Arrays) -> list[Any]:
        T, G, U, V, W = (a[name] for name in "TGUVW")
        r = G.shape[0]
        TW = T @ W  # (i,j,c)
        TVW = np.tensordot(TW, V, (1, 0)).transpose(0, 2, 1)  # (i,b,c)
        TUW = np.tensordot(U, TW, (0, 0))  # (a,j,c)
        TUV = np.tensordot(np.tensordot(U, T, (0, 0)), V, (1, 0)).transpose(0, 2, 1)  # (a,b,k)
        TUVW = np.tensordot(U, TVW, (0, 0))  # (a,b,c)
        UU, VV, WW = U.T @ U, V.T @ V, W.T @ W
        GV = np.einsum("abc,bd->adc", G, VV, optimize=True)
        GW = G @ WW
        GVW = GV @ WW
        GUW = np.tensordot(UU, GW, (0, 0))
        GUV = np.tensordot(UU, GV, (0, 0))
        GUVW = GUV @ WW
        return [
            2 * (GUVW - TUVW),
            2 * (U @ (GVW.reshape(r, -1) @ G.reshape(r, -1).T) - TVW.reshape(n, -1) @ G.reshape(r, -1).T),
            2 * (V @ np.einsum("abc,adc->bd", GUW, G, optimize=True) - np.einsum("ajc,abc->jb", TUW, G, optimize=True)),
            2 * (W @ np.einsum("abc,abd->cd", GUV, G, optimize=True) - np.einsum("abk,abc->kc", TUV, G, optimize=True)),
        ]

    return Network(
        f"Tucker {n}^3, rank {rank}",
        "index i : n1\nindex j : n2\nindex k : n3\nindex a : r1\nindex b : r2\nindex c : r3\n"
        "L = sum[i,j,k]((T[i,j,k] - sum[a,b,c](G[a,b,c]*U[i,a]*V[j,b]*W[k,c]))^2)",
        {
            "T": normal(0, n, n, n),
            "G": normal(1, rank, rank, rank),
            **{name: normal(place, n, rank) / n**0.5 for place, name in enumerate("UVW", 2)},
        },
        ("G", "U", "V", "W"),
        lambda xp, einsum, a: xp.sum((a["T"] - einsum("abc,ia,jb,kc->ijk", *(a[name] for name in "GUVW"))) ** 2),
        expert,
    )


def cp(n: int = 80, rank: int = 12) -> Network:
    """The squared error of a canonical polyadic decomposition."""

    def expert(a: Arrays) -> list[Any]:
        T, U, V, W = (a[name] for name in "TUVW")
        TW = T @ W  # (i,j,r)
        UU, VV, WW = U.T @ U, V.T @ V, W.T @ W
        MU = np.einsum("ijr,jr->ir", TW, V)
        MV = np.einsum("ijr,ir->jr", TW, U)
        UV = (U[:, None] * V).reshape(-1, rank)
        MW = T.reshape(-1, n).T @ UV
        return [2 * (U @ (VV * WW) - MU), 2 * (V @ (UU * WW) - MV), 2 * (W @ (UU * VV) - MW)]

    return Network(
        f"CP {n}^3, rank {rank}",
        "index i : n1\nindex j : n2\nindex k : n3\nindex r : d\n"
        "L = sum[i,j,k]((T[i,j,k] - sum[r](U[i,r]*V[j,r]*W[k,r]))^2)",
        {"T": normal(0, n, n, n), **{name: normal(place, n, rank) for place, name in enumerate("UVW", 2)}},
        ("U", "V", "W"),
        lambda xp, einsum, a: xp.sum((a["T"] - einsum("ir,jr,kr->ijk", *(a[name] for name in "UVW"))) ** 2),
        expert,
    )


def train(cores: int = 6, n: int = 100, rank: int = 16, samples: int = 1000) -> Network:
    """The squared error of a tensor train at samples of a tensor: each entry is a product of one matrix per core.

    The whole tensor would have n^cores entries.
    """
    names = [f"A{k}" for k in range(1, cores + 1)]
    shapes = [(n, rank), *[(rank, n, rank)] * (cores - 2), (rank, n)]
    letters = [f"r{k}" for k in range(cores - 1)]
    factors = [f"A1[i1,{letters[0]}]"]
    factors += [f"A{k}[{letters[k - 2]},i{k},{letters[k - 1]}]" for k in range(2, cores)]
    factors.append(f"A{cores}[{letters[-1]},i{cores}]")
    other = [each.replace("A", "B", 1).replace("r", "s") for each in factors]
    index = "".join(f"index i{k} : n{k}\n" for k in range(1, cores + 1))
    sheet = index + f"index {', '.join(letters)} : d\nindex {', '.join(letters).replace('r', 's')} : e\n"
    every = ",".join(f"i{k}" for k in range(1, cores + 1))
    sheet += f"L = sum[{every}](({'*'.join(factors)} - {'*'.join(other)})^2)"
    arrays = {}
    for seed, (name, shape) in enumerate(zip(names, shapes, strict=True)):
        arrays[name] = normal(seed, *shape) / math.prod(shape) ** 0.25
        arrays["B" + name[1:]] = normal(seed + 50, *shape) / math.prod(shape) ** 0.25

    def loss(xp: Any, einsum: Any, a: Arrays) -> Any:
        """Written as the square of a difference of two trains: |A|^2 - 2 A.B + |B|^2, each by a sweep."""

        def inner(one: str, two: str) -> Any:
            state = xp.einsum("ir,is->rs", a[f"{one}1"], a[f"{two}1"])
            for k in range(2, cores):
                state = einsum("rs,rit,siu->tu", state, a[f"{one}{k}"], a[f"{two}{k}"])
            return xp.einsum("rs,ri,si->", state, a[f"{one}{cores}"], a[f"{two}{cores}"])

        return inner("A", "A") - 2 * inner("A", "B") + inner("B", "B")

    return Network(f"tensor train of {cores} cores {n}, rank {rank}", sheet, arrays, tuple(names), loss)


NETWORKS = (
    lambda: lattice(4, 5, 6),
    lambda: lattice(4, 5, 8),
    tucker,
    cp,
    train,
)
