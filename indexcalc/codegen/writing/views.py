"""Functions that take elements at affine places of an axis, or add to places, as source for each library."""

AT = '''
def at(x, axis, start, *letters, along=(), period=0):
    """The elements at the places start + step*i of an axis, i < size for each (size, step): a view; 0 where none is.

    along: letters that are other axes already, as (axis, step). period: what the places count modulo.
    """
    every = [*letters, *((x.shape[other], step) for other, step in along)]
    if period:
        grids = np.ix_(*(step * np.arange(size) for size, step in every))
        places = (start + sum(grids)) % period
        x = np.concatenate([x, np.zeros_like(x, shape=(*x.shape[:axis], 1, *x.shape[axis + 1 :]))], axis)
        return np.take(x, np.minimum(places, x.shape[axis] - 1), axis)
    shape = (*x.shape[:axis], *(size for size, _ in letters), *x.shape[axis + 1 :])
    if not every and 0 <= start < x.shape[axis]:
        return x[(slice(None),) * axis + (start,)]
    if 0 in shape or not every:
        return np.zeros(shape, x.dtype)
    low = start + sum(min(0, step * (size - 1)) for size, step in every)
    high = start + sum(max(0, step * (size - 1)) for size, step in every)
    if low < 0 or high >= x.shape[axis]:
        before, after = max(0, -low), max(0, high - x.shape[axis] + 1)
        wide = np.zeros((*x.shape[:axis], before + x.shape[axis] + after, *x.shape[axis + 1 :]), x.dtype)
        wide[(slice(None),) * axis + (slice(before, before + x.shape[axis]),)] = x
        x, start = wide, start + before
    steps = list(x.strides)
    for other, step in along:
        steps[other] += step * x.strides[axis]
    steps[axis : axis + 1] = [step * x.strides[axis] for _, step in letters]
    first = x[(slice(None),) * axis + (slice(start, None),)]
    return np.lib.stride_tricks.as_strided(first, shape, steps, writeable=False)
'''

SPREAD = '''
def spread(x, axis, step):
    """An array with step - 1 zeros between the elements of an axis."""
    size = max(0, step * (x.shape[axis] - 1) + 1)
    wide = np.zeros((*x.shape[:axis], size, *x.shape[axis + 1 :]), x.dtype)
    wide[(slice(None),) * axis + (slice(None, None, step),)] = x
    return wide
'''

SPREAD_OF_JAX = '''
def spread(x, axis, step):
    """An array with step - 1 zeros between the elements of an axis."""
    widths = [(0, 0, step - 1 if each == axis and x.shape[axis] else 0) for each in range(x.ndim)]
    return jax.lax.pad(x, jnp.zeros((), x.dtype), widths)
'''

SPREAD_OF_TORCH = SPREAD.replace("np.zeros(", "x.new_zeros(").replace("), x.dtype)", "))")

SPREAD_OF_DASK = '''
def spread(x, axis, step):
    """An array with step - 1 zeros between the elements of an axis."""
    size = max(0, step * (x.shape[axis] - 1) + 1)
    wide = da.stack([x, *[da.zeros_like(x)] * (step - 1)], axis + 1)
    wide = wide.reshape((*x.shape[:axis], step * x.shape[axis], *x.shape[axis + 1 :]))
    return wide[(slice(None),) * axis + (slice(size),)]
'''

AT_OF_JAX = '''
def at(x, axis, start, *letters, along=(), period=0):
    """The elements at the places start + step*i of an axis, i < size for each (size, step); 0 where there is none.

    along: letters that are other axes already, as (axis, step). period: what the places count modulo.
    """
    if letters and not along and not period and isinstance(start, int) and all(size for size, _ in letters):
        return sliced(x, axis, start, letters)
    if not letters and not along and not period and x.shape[axis]:
        element = jax.lax.dynamic_index_in_dim(x, jnp.clip(start, 0, x.shape[axis] - 1), axis, keepdims=False)
        return jnp.where((start >= 0) & (start < x.shape[axis]), element, 0)
    ranks = [len(letters) if place == axis else 1 for place in range(x.ndim)]
    total = sum(ranks)
    places = start + jnp.zeros((1,) * total, int)
    for number, (size, step) in enumerate(letters):
        shape = [size if place == axis + number else 1 for place in range(total)]
        places = places + step * jnp.arange(size).reshape(shape)
    for other, step in along:
        moved = other if other < axis else other + len(letters) - 1
        shape = [x.shape[other] if place == moved else 1 for place in range(total)]
        places = places + step * jnp.arange(x.shape[other]).reshape(shape)
    places = places % period if period else places
    x = x if x.shape[axis] else jnp.pad(x, [(0, int(place == axis)) for place in range(x.ndim)])
    keys = []
    for place in range(x.ndim):
        moved = place if place < axis else place + len(letters) - 1
        shape = [x.shape[place] if each == moved else 1 for each in range(total)]
        keys.append(places if place == axis else jnp.arange(x.shape[place]).reshape(shape))
    inside = (places >= 0) & (places < x.shape[axis])
    keys[axis] = jnp.clip(places, 0, max(x.shape[axis] - 1, 0))
    return jnp.where(inside, x[tuple(keys)], 0)


def sliced(x, axis, start, letters):
    """The same by slices, one for each place of the shortest letter but one."""
    ends = [start + sum(step * (size - 1) for size, step in letters if (step > 0) == up) for up in (False, True)]
    widths = [(0, 0)] * x.ndim
    widths[axis] = max(0, -ends[0]), max(0, ends[1] - x.shape[axis] + 1)
    x, start = jnp.pad(x, widths), start + widths[axis][0]
    if len(letters) == 1:
        (size, step), = letters
        last = start + step * (size - 1)
        taken = jax.lax.slice_in_dim(x, min(start, last), max(start, last) + 1, abs(step) or 1, axis)
        return jnp.flip(taken, axis) if step < 0 else taken
    place = min(range(len(letters)), key=lambda each: letters[each][0])
    size, step = letters[place]
    rest = (*letters[:place], *letters[place + 1 :])
    return jnp.stack([sliced(x, axis, start + step * number, rest) for number in range(size)], axis + place)
'''

AT_OF_TORCH = AT_OF_JAX
for _old, _new in (
    (AT_OF_JAX[AT_OF_JAX.index("    if letters and not along") : AT_OF_JAX.index("    ranks = ")], """\
    if 0 < len(letters) < 3 and not along and not period and all(size and step for size, step in letters):
        return unfolded(x, axis, start, letters)
    if not letters and not along and not period and isinstance(start, int):
        is_there = 0 <= start < x.shape[axis]
        return x.select(axis, start) if is_there else x.new_zeros((*x.shape[:axis], *x.shape[axis + 1 :]))
"""),
    (AT_OF_JAX[AT_OF_JAX.index("def sliced") :], '''\
def unfolded(x, axis, start, letters):
    """The same as a view of an array with zeros around it."""
    ends = [start + sum(step * (size - 1) for size, step in letters if (step > 0) == up) for up in (False, True)]
    before, after = max(0, -ends[0]), max(0, ends[1] - x.shape[axis] + 1)
    if before or after:
        x = torch.nn.functional.pad(x, [0, 0] * (x.ndim - axis - 1) + [before, after])
    x = x.narrow(axis, ends[0] + before, ends[1] - ends[0] + 1)
    (size, step), *others = letters
    window = abs(others[0][1]) * (others[0][0] - 1) + 1 if others else 1
    x = x.unfold(axis, window, abs(step)).movedim(-1, axis + 1)
    x = x[(slice(None),) * (axis + 1) + (slice(None, None, abs(others[0][1]) if others else 1),)]
    back = [axis + number for number, (_, step) in enumerate(letters) if step < 0]
    x = x.flip(back) if back else x
    return x if others else x.squeeze(axis + 1)
'''),
    (
        "jnp.pad(x, [(0, int(place == axis)) for place in range(x.ndim)])",
        "torch.nn.functional.pad(x, [0, 0] * (x.ndim - axis - 1) + [0, 1])",
    ),
    ("jnp.zeros((1,) * total, int)", "torch.zeros((1,) * total, dtype=int, device=x.device)"),
    ("jnp.arange(size)", "torch.arange(size, device=x.device)"),
    ("jnp.arange(x.shape[other])", "torch.arange(x.shape[other], device=x.device)"),
    ("jnp.arange(x.shape[place])", "torch.arange(x.shape[place], device=x.device)"),
    ("jnp.clip", "torch.clip"),
    ("jnp.where(inside, x[tuple(keys)], 0)", "torch.where(inside, x[tuple(keys)], x.new_zeros(()))"),
):
    AT_OF_TORCH = AT_OF_TORCH.replace(_old, _new)

AT_OF_DASK = '''
def at(x, axis, start, *letters, period=0):
    """The elements at the places start + step*i of an axis, i < size for each (size, step); 0 where there is none."""
    if period:
        grids = np.ix_(*(step * np.arange(size) for size, step in letters))
        places = np.asarray((start + sum(grids)) % period)
        wide = da.pad(x, _around(x, axis, 0, 1))
        taken = da.take(wide, np.minimum(places, x.shape[axis]).ravel(), axis)
        return taken.reshape((*x.shape[:axis], *places.shape, *x.shape[axis + 1 :]))
    if not letters:
        wide = da.pad(x, _around(x, axis, max(0, -start), max(0, start - x.shape[axis] + 1)))
        return da.take(wide, max(start, 0), axis)
    *others, (size, step) = letters
    if others:
        place = min(range(len(letters)), key=lambda each: letters[each][0])  # a slice for each of the shortest letter
        count, jump = letters[place]
        rest = (*letters[:place], *letters[place + 1 :])
        parts = [at(x, axis, start + jump * number, *rest) for number in range(count)]
        if not parts:
            return da.zeros((*x.shape[:axis], *(size for size, _ in letters), *x.shape[axis + 1 :]), dtype=x.dtype)
        return da.stack(parts, axis + place).rechunk({axis + place: -1})
    low, high = sorted((start, start + step * (size - 1)))
    before, after = max(0, -low), max(0, high - x.shape[axis] + 1)
    chunks = x.chunks[axis]
    x = da.pad(x, _around(x, axis, before, after)) if before or after else x
    first, last = start + before, start + before + step * (size - 1)
    end = last + 1 if step > 0 else (last - 1 if last else None)
    taken = x[(slice(None),) * axis + (slice(first, end, step),)]
    return taken.rechunk({axis: _chunks_like(chunks, size)}) if step == 1 and size else taken


def _chunks_like(chunks, size):
    """The chunks of an axis for another size: those of neighbours are put together, so that none becomes a sliver."""
    found = []
    for each in (*chunks, size):
        found.append(min(each, size - sum(found)))
    return tuple(each for each in found if each)


def _around(x, axis, before, after):
    """The widths of what is added to an axis."""
    return [(before, after) if place == axis else (0, 0) for place in range(x.ndim)]
'''

ADD_AT = '''
def add_at(array, keys, values):
    """Add values to an array at places of its first axes; several may fall on one place."""
    lengths, rest = array.shape[: len(keys)], array.shape[len(keys) :]
    places = np.ravel_multi_index(np.broadcast_arrays(*keys), lengths)
    values = np.broadcast_to(values, (*places.shape, *rest))
    rows, places, values = array.reshape(math.prod(lengths), -1), places.ravel(), values.reshape(places.size, -1)
    if rows.shape[1] == 1 and array.dtype == np.float64:
        rows[:, 0] += np.bincount(places, values[:, 0], len(rows))
        return
    try:
        from scipy.sparse import csc_array  # a product with it is the fastest sum of rows
    except ImportError:
        np.add.at(rows, places, values)
        return
    into, places = np.unique(places, return_inverse=True) if len(rows) > len(places) else (slice(None), places)
    count = len(rows) if isinstance(into, slice) else len(into)
    ones, starts = np.ones(len(places), array.dtype), np.arange(len(places) + 1)
    rows[into] += csc_array((ones, places, starts), shape=(count, len(places))) @ values
'''

ADD_AT_OF_TORCH = '''
def add_at(array, keys, values):
    """An array with values added at places of its first axes; several may fall on one place."""
    lengths, rest = array.shape[: len(keys)], array.shape[len(keys) :]
    places = 0
    for key, length in zip(keys, lengths):
        places = places * length + key
    values = torch.as_tensor(values, dtype=array.dtype, device=array.device)
    values = torch.broadcast_to(values, (*places.shape, *rest)).reshape(places.numel(), *rest)
    return array.reshape(math.prod(lengths), *rest).index_add(0, places.reshape(-1), values).reshape(array.shape)
'''

LOOKED_UP_BY_DASK = '''
def looked_up(x, axes, places, others, axis, result):
    """The elements at places of one axis, chunk by chunk; numbers name the axes of x, of places and of the result."""

    def of_chunks(x, places):
        shared = [each for each in axes if each in others]
        rest = [each for each in axes if each not in others and each != axis]
        x = x.transpose([axes.index(each) for each in (*shared, axis, *rest)])
        grid = np.ogrid[tuple(slice(size) for size in places.shape)]
        found = x[(*(grid[others.index(each)] for each in shared), places)]
        return found.transpose([[*others, *rest].index(each) for each in result])

    return da.blockwise(of_chunks, result, x, axes, places, others, concatenate=True, dtype=x.dtype)
'''

FALLEN = '''
def fallen(values, axes, looked, sizes, result, summed, dtype):
    """Zeros with values added at places that are looked up, over the chunks; numbers name the axes of all arrays.

    looked: for each of the axes in `sizes` the places and their axes.
    """
    along = list(dict.fromkeys(each for _, others in looked for each in others))
    rest = [each for each in axes if each not in along]
    kept = [each for each in along if each in result]
    order = [*kept, *sizes, *rest]

    def spread(array, own, wanted):
        array = array.transpose([own.index(each) for each in wanted if each in own])
        return array[tuple(slice(None) if each in own else None for each in wanted)]

    def of_chunks(values, *places):
        lengths = dict(zip(axes, values.shape)) | sizes
        for array, (_, others) in zip(places, looked):
            lengths |= zip(others, array.shape)
        grid = np.ogrid[tuple(slice(lengths[each]) for each in along)]
        keys = [grid[along.index(each)] for each in kept]
        keys += [spread(array, others, along) for array, (_, others) in zip(places, looked)]
        found = np.zeros([lengths[each] for each in order], dtype)
        add_at(found, keys, spread(values, axes, [*along, *rest]))
        return found.transpose([order.index(each) for each in result])[(None,) * len(summed)]

    values = da.asarray(values, dtype=dtype)
    pairs = [each for pair in looked for each in pair]
    whole = (*summed, *result)
    chunks = dict.fromkeys(summed, 1)
    parts = da.blockwise(
        of_chunks, whole, values, axes, *pairs, new_axes=sizes, adjust_chunks=chunks, concatenate=True, dtype=dtype,
        meta=np.empty((0,) * len(whole), dtype),
    )
    return parts.sum(axis=tuple(range(len(summed))))
'''
