"""Further code of the libraries: what shares elements, what changes its argument, functions of jax.lax."""

NUMPY = [
    "w = np.asarray(A, copy=True)\nw[0] = 0\nA",
    "w = np.array(A, copy=None)\nw[0] = 0\nA",
    "w = A.astype(float, copy=False)\nw[0] = 1\nA",
    "w = A.astype(float)\nw[0] = 1\nA",
    "w = np.hsplit(v, 2)[0]\nw[:] = 1\nv",
    "w = np.split(v, 3)\nw[0] *= 2\nv",
    "w = np.array_split(v, 2)[1]\nw += 1\nv",
    "w = np.positive(A)\nw[0] = 1\nA",
    "def g(a, rest=[]):\n    rest.append(a)\n    return len(rest)\ng(A) + g(A)",
    "b = 0.5\ndef g(a, k=b):\n    return a * k\nb = 2\ng(A)",
    "class K:\n"
    "    def __init__(self, w=[]):\n"
    "        self.w = w\n"
    "    def add(self, z):\n"
    "        self.w.append(z)\n"
    "        return sum(self.w)\n"
    "p, q = K(), K()\n"
    "p.add(A)\n"
    "q.add(B)",
    "np.concatenate([A, B], axis=None)",
    "sum(f[i] for i in range(3) if i != 1)",
    "fs = []\nfor i in range(3):\n    fs.append(lambda z: z * i)\nfs[0](A)",
    "out = []\nbuf = np.zeros(3)\nfor i in range(2):\n    buf[:] = f * i\n    out.append(buf)\nnp.array(out)",
    "v[1:] = v[:-1]\nv",
    "np.add(E4, E4.T, out=E4)\nE4",
    "for i in range(5):\n    v[i] = v[i + 1]\nv",
]

TORCH = [
    "C = v.split(2)[0]\nC.zero_()\nv",
    "C = v.chunk(3)\nC[0].mul_(2)\nv",
    "A.squeeze(0)",
    "A[:, None].squeeze(1).squeeze(0)",
    "A.where(A > 1, B)",
    "D = A - 1\nF.relu(D, inplace=True)\nD",
    "D = A - 1\ntorch.nn.ReLU(True)(D)\nD",
    "D = A - 1\ntorch.nn.ReLU(inplace=True)(D)\nD",
    "y = torch.zeros(3, 5, dtype=torch.float64)\ny.index_add_(0, tt, G, alpha=2)\ny",
    "torch.zeros_like(A).scatter_(dim=1, index=t[:, None], value=1.0)",
    "torch.scatter_add(torch.zeros(n, dtype=torch.float64), 0, t, u)",
    "torch.zeros(n, dtype=torch.float64).index_put((t,), u, accumulate=True)",
    "A.index_fill_(1, torch.tensor(0), 0.0)\nA",
    "A.masked_fill_(mask=A > 1, value=0.)\nA",
    "torch.logcumsumexp(A, dim=1)",
]

EINOPS = [
    "einops.repeat(I, 'b c h w -> b c (h 2) (w 2)')",
    "einops.reduce(I, 'b c (h 2) w -> b c h w', 'mean')",
]

JAX = [
    "lax.cummax(v)",
    "lax.cumprod(v, reverse=True)",
    "lax.cumlogsumexp(v)",
    "lax.scan(lambda c, r: (c + r, c), jnp.zeros(n), A, reverse=True)[1]",
    "lax.scan(lambda c, r: (c + r, c), 0.0, v, reverse=True)[1]",
    "lax.associative_scan(jnp.add, u, reverse=True)",
    "lax.associative_scan(lambda a, b: a @ b, jnp.stack([M3, M3 + 1, M3 * M3]))",
    "lax.associative_scan(lambda a, b: a @ b, jnp.stack([M3, M3 + 1, M3 * M3]), reverse=True)",
    "lax.while_loop(lambda c: c[0] < 3, lambda c: (c[0] + 1, c[1] * 2), (0, s))[1]",
    "lax.switch(5, [lambda z: z, lambda z: 2 * z], A)",
    "lax.dot_general(T, T, (((2,), (2,)), ((0,), (0,))))",
    "lax.dot_general(A, N, (((1,), (0,)), ((), ())))",
    "lax.broadcast_in_dim(x, (m, n), (1,))",
    "lax.reduce_sum(A, (0,))",
    "lax.slice(v, (1,), (5,), (2,))",
    "lax.slice_in_dim(v, 1, 4)",
    "lax.dynamic_slice(v, (1,), (3,))",
    "lax.dynamic_slice_in_dim(v, 1, 3)",
    "lax.dynamic_index_in_dim(A, 0, keepdims=False)",
    "lax.dynamic_update_slice(v, f, (2,))",
    "lax.pad(v, 2.0, [(1, 1, 0)])",
    "lax.rev(v, (0,))",
    "lax.iota(jnp.float64, 3) * f",
    "lax.reduce_window(v, 0.0, lax.add, (2,), (1,), 'VALID')",
    "lax.reduce_window(I, -jnp.inf, lax.max, (1, 1, 2, 2), (1, 1, 2, 2), 'VALID')",
    "lax.conv_general_dilated(I.transpose(0, 2, 3, 1), K.transpose(2, 3, 1, 0), (1, 1), 'VALID',\n"
    "    dimension_numbers=('NHWC', 'HWIO', 'NHWC'))",
    "lax.conv_general_dilated(I, K[:3, :1], (1, 1), 'VALID', feature_group_count=3)",
]
