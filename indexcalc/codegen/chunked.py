"""Functions of chunked arrays that dask lacks, as source: they stand before a generated function that calls them."""

ROWS = '''
def {name}(x, axis):
    """{says} Where no chunk border cuts these axes it is done chunk by chunk, so that a chunk can go."""

    def of_chunk(values):
        {of_chunk}

    if isinstance(x, da.Array) and all(x.numblocks[each] == 1 for each in axis):
        return x.map_blocks(of_chunk, dtype=x.dtype{drop})
    {otherwise}
'''
HELPERS = {
    "contracted": '''
def contracted(subscripts, left, right):
    """An einsum of two arrays; the products of chunks are added up in pairs, so that the chunks can go."""
    if not isinstance(left, da.Array) and not isinstance(right, da.Array):
        return np.einsum(subscripts, left, right)
    operands, _, output = subscripts.partition("->")
    first, second = operands.split(",")
    summed = "".join(letter for letter in first if letter not in output)
    axes = tuple(range(len(output), len(output + summed)))

    def of_chunks(one, two):
        return np.expand_dims(np.einsum(subscripts, one, two, optimize=True), axes)

    def added(parts, axis=None, keepdims=True):
        while isinstance(parts, list):
            parts = functools.reduce(operator.add, map(added, parts))
        return parts if keepdims else parts.squeeze(axis)

    one = dict.fromkeys(summed, 1)
    arrays = (da.asarray(left), first, da.asarray(right), second)
    kind = np.result_type(left.dtype, right.dtype)
    products = da.blockwise(of_chunks, output + summed, *arrays, adjust_chunks=one, dtype=kind, concatenate=False)
    options = {"combine": added, "concatenate": False, "dtype": kind, "split_every": 2}
    return da.reduction(products, lambda x, axis, keepdims: x, added, axis=axes, **options)
''',
    "softmax": ROWS.format(
        name="softmax",
        says="exp(x)/sum(exp(x)), shifted by the maximum, so that nothing overflows.",
        of_chunk="e = np.exp(values - values.max(axis=axis, keepdims=True))\n"
        "        return e / e.sum(axis=axis, keepdims=True)",
        drop="",
        otherwise="e = da.exp(x - x.max(axis=axis, keepdims=True))\n    return e / e.sum(axis=axis, keepdims=True)",
    ),
    "log_softmax": ROWS.format(
        name="log_softmax",
        says="x - log(sum(exp(x))), shifted by the maximum, so that nothing overflows.",
        of_chunk="shifted = values - values.max(axis=axis, keepdims=True)\n"
        "        return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))",
        drop="",
        otherwise="shifted = x - x.max(axis=axis, keepdims=True)\n"
        "    return shifted - da.log(da.exp(shifted).sum(axis=axis, keepdims=True))",
    ),
    "logsumexp": ROWS.format(
        name="logsumexp",
        says="log(sum(exp(x))), shifted by the maximum, so that nothing overflows.",
        of_chunk="peak = values.max(axis=axis, keepdims=True)\n"
        "        return (np.log(np.exp(values - peak).sum(axis=axis, keepdims=True)) + peak).squeeze(axis)",
        drop=", drop_axis=axis",
        otherwise="peak = x.max(axis=axis, keepdims=True)\n"
        "    return (da.log(da.exp(x - peak).sum(axis=axis, keepdims=True)) + peak).squeeze(axis)",
    ),
    "erf": '''
def erf(x):
    """The error function."""

    def of_chunk(values):
        found = [math.erf(value) for value in values.ravel().tolist()]
        return np.array(found, values.dtype).reshape(values.shape)

    return x.map_blocks(of_chunk, dtype=x.dtype) if isinstance(x, da.Array) else math.erf(x)
''',
    "gelu": '''
def gelu(x):
    """x*Phi(x), with the normal distribution function Phi."""
    return x * (1 + erf(x / 2**0.5)) / 2
''',
    "sigmoid": '''
def sigmoid(x):
    """1/(1 + exp(-x)), without overflow."""
    e = da.exp(-abs(x))
    return da.where(x < 0, e, 1) / (1 + e)
''',
}
