"""Functions that take elements at affine places of an axis, as source for each library."""

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

AT_OF_JAX = '''
def at(x, axis, start, *letters, along=(), period=0):
    """The elements at the places start + step*i of an axis, i < size for each (size, step); 0 where there is none.

    along: letters that are other axes already, as (axis, step). period: what the places count modulo.
    """
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
    keys = []
    for place in range(x.ndim):
        moved = place if place < axis else place + len(letters) - 1
        shape = [x.shape[place] if each == moved else 1 for each in range(total)]
        keys.append(places if place == axis else jnp.arange(x.shape[place]).reshape(shape))
    inside = (places >= 0) & (places < x.shape[axis])
    keys[axis] = jnp.clip(places, 0, max(x.shape[axis] - 1, 0))
    return jnp.where(inside, x[tuple(keys)], 0)
'''

AT_OF_TORCH = AT_OF_JAX
for _old, _new in (
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
        (count, jump), *rest = letters
        parts = [at(x, axis, start + jump * number, *rest) for number in range(count)]
        return da.stack(parts, axis)
    low, high = sorted((start, start + step * (size - 1)))
    before, after = max(0, -low), max(0, high - x.shape[axis] + 1)
    x = da.pad(x, _around(x, axis, before, after)) if before or after else x
    first, last = start + before, start + before + step * (size - 1)
    end = last + 1 if step > 0 else (last - 1 if last else None)
    return x[(slice(None),) * axis + (slice(first, end, step),)]


def _around(x, axis, before, after):
    """The widths of what is added to an axis."""
    return [(before, after) if place == axis else (0, 0) for place in range(x.ndim)]
'''
