"""Functions that check arguments and make arrays of one type of them, as source for each library; see `checking`."""

CHECK_SIZE = '''
def check_size(size, name, least=0):
    """A size as an integer, which must not be too small."""
    size = operator.index(size)
    if size < least:
        raise ValueError(f"{name} must be at least {least}; got {size}")
    return size
'''

CHECK_PLACES = '''
def check_places(places, name, size):
    """Places, counted from 0, as whole numbers. Raises ValueError where there is no such place."""
    places = np.asarray(places)
    wrong = ~((places >= 0) & (places < size) & (places == np.floor(places)))
    if wrong.any():
        found = f"{places[wrong].ravel()[0]:g}"
        raise ValueError(f"{name} says the place {found}, and there are the places 0 to {size - 1}")
    return places.astype(np.intp, copy=False)
'''

CHECK_PLACES_BY_JAX = '''
def check_places(places, name, size):
    """Places, counted from 0, as whole numbers. Raises ValueError where there is none such, but while jax traces."""
    if not isinstance(places, jax.core.Tracer):
        wrong = ~((places >= 0) & (places < size) & (places == jnp.floor(places)))
        if wrong.any():
            found = f"{places[wrong].ravel()[0]:g}"
            raise ValueError(f"{name} says the place {found}, and there are the places 0 to {size - 1}")
    return places.astype(int)
'''

CHECK_PLACES_BY_TORCH = '''
def check_places(places, name, size):
    """Places, counted from 0, as whole numbers. Raises ValueError where there is no such place."""
    wrong = ~((places >= 0) & (places < size) & (places == torch.floor(places)))
    if not torch._C._functorch.is_functorch_wrapped_tensor(wrong) and wrong.any():
        found = f"{places[wrong].reshape(-1)[0].item():g}"
        raise ValueError(f"{name} says the place {found}, and there are the places 0 to {size - 1}")
    return places.long()
'''

CHECK_PLACES_BY_DASK = '''
def check_places(places, name, size):
    """Places, counted from 0, as whole numbers. Raises ValueError where there is no such place, when it is computed."""

    def of_chunk(places):
        wrong = ~((places >= 0) & (places < size) & (places == np.floor(places)))
        if wrong.any():
            found = f"{places[wrong].ravel()[0]:g}"
            raise ValueError(f"{name} says the place {found}, and there are the places 0 to {size - 1}")
        return places.astype(np.intp, copy=False)

    return da.map_blocks(of_chunk, places, dtype=np.intp, meta=np.empty((0,) * places.ndim, np.intp))
'''

# What the checks say of arguments that say places, in place of what they say where there are none.
_WITH_PLACES = (
    ("for name, (value, axes) in arguments", "for name, (value, axes, *_) in arguments"),
    (
        "    typed = [array.dtype for array in arrays.values() if array.ndim]",
        "    real = [name for name, given in arguments.items() if len(given) < 3]  # the others say places\n"
        "    typed = [arrays[name].dtype for name in real if arrays[name].ndim]",
    ),
    (
        "[value.dtype for value, _ in arguments.values() if hasattr(value, \"dtype\")]",
        "[arguments[name][0].dtype for name in real if hasattr(arguments[name][0], \"dtype\")]",
    ),
    (
        "[arrays[name].dtype for name in arrays if hasattr(arguments[name][0], \"dtype\")]",
        "[arrays[name].dtype for name in real if hasattr(arguments[name][0], \"dtype\")]",
    ),
    (
        "[array.astype(kind, copy=False)[()] for array in arrays.values()]",
        "[arrays[name].astype(kind, copy=False)[()] if name in real else arrays[name] for name in arrays]",
    ),
    (
        "    arrays = [array.astype(kind) for array in arrays.values()]",
        "    arrays = [arrays[name].astype(kind) if name in real else arrays[name] for name in arrays]",
    ),
    (
        "    return [array.astype(jnp.result_type(*(kinds or [double]))) for array in arrays.values()]",
        "    kind = jnp.result_type(*(kinds or [double]))\n"
        "    return [arrays[name].astype(kind) if name in real else arrays[name] for name in arrays]",
    ),
    (
        "    given = [value for value, _ in arguments.values() if torch.is_tensor(value)]",
        "    given = [value for value, *_ in arguments.values() if torch.is_tensor(value)]",
    ),
    (
        "    numbers = [tensors[name] for name, (value, _) in arguments.items() if hasattr(value, \"dtype\")]\n"
        "    typed = [each.dtype for each in tensors.values() if each.ndim] or [each.dtype for each in numbers]",
        "    real = [name for name, given in arguments.items() if len(given) < 3]  # the others say places\n"
        "    numbers = [tensors[name] for name in real if hasattr(arguments[name][0], \"dtype\")]\n"
        "    typed = [tensors[name].dtype for name in real if tensors[name].ndim] or [each.dtype for each in numbers]",
    ),
    (
        "[each.to(kind) for each in tensors.values()]",
        "[tensors[name].to(kind) if name in real else tensors[name] for name in tensors]",
    ),
)


def with_places(checked: str) -> str:
    """What checks arguments of which some say places: these keep their type, and do not tell that of the others."""
    for old, new in _WITH_PLACES:
        checked = checked.replace(old, new)
    return checked


CHECK_AXES = '''
def check_axes(name, shape, axes, sizes):
    """Raise ValueError unless a shape has these axes, of the sizes that are known."""
    words = [word.partition(">=") for word in axes.split()]
    fits = len(shape) == len(words)
    for (letter, _, least), size in zip(words, shape if fits else ()):
        known = int(letter) if letter.isdecimal() else sizes.setdefault(letter, size)
        fits = fits and size == known and size >= int(least or 0)
    if not fits:
        known = ", ".join(f"{letter} = {size}" for letter, size in sizes.items())
        wanted = f"{name} has the axes ({axes})" + f" where {known}" * bool(known)
        raise ValueError(f"{wanted}; got the shape {tuple(shape)}")
'''

CHECKED = '''
def checked(**arguments):
    """The arguments as arrays of one floating type, float64 for integers, if their axes fit."""
    sizes, arrays = {}, {}
    for name, (value, axes) in arguments.items():
        arrays[name] = np.asarray(value)
        if arrays[name].dtype.kind not in "fiub":
            raise TypeError(f"{name} must hold real numbers; got the type {arrays[name].dtype}")
        check_axes(name, arrays[name].shape, axes, sizes)
    typed = [array.dtype for array in arrays.values() if array.ndim]
    typed = typed or [value.dtype for value, _ in arguments.values() if hasattr(value, "dtype")]
    kinds = [each.newbyteorder("=") if each.kind == "f" else np.float64 for each in typed]
    kind = np.result_type(*kinds) if kinds else np.float64
    return [array.astype(kind, copy=False)[()] for array in arrays.values()]
'''

CHECKED_BY_NUMBA = CHECKED.replace(
    "    return [",
    """    if kind not in (np.float32, np.float64):
        raise TypeError(f"numba computes in float32 and float64; got the type {kind}")
    return [""",
)

CHECKED_BY_DASK = '''
def checked(**arguments):
    """The arguments as arrays of one floating type, float64 for integers, if their axes fit."""
    sizes, arrays = {}, {}
    for name, (value, axes) in arguments.items():
        arrays[name] = value if isinstance(value, da.Array) else np.asarray(value)
        if arrays[name].dtype.kind not in "fiub":
            raise TypeError(f"{name} must hold real numbers; got the type {arrays[name].dtype}")
        check_axes(name, arrays[name].shape, axes, sizes)
    typed = [array.dtype for array in arrays.values() if array.ndim]
    typed = typed or [value.dtype for value, _ in arguments.values() if hasattr(value, "dtype")]
    kinds = [each.newbyteorder("=") if each.kind == "f" else np.float64 for each in typed]
    kind = np.result_type(*kinds) if kinds else np.dtype(float)
    is_number = [not array.ndim and not isinstance(array, da.Array) for array in arrays.values()]
    arrays = [array.astype(kind) for array in arrays.values()]
    return [array[()] if plain else da.asarray(array) for array, plain in zip(arrays, is_number)]
'''

CHECKED_BY_JAX = '''
def checked(**arguments):
    """The arguments as arrays of one floating type, float64 for integers, if their axes fit."""
    sizes, arrays = {}, {}
    for name, (value, axes) in arguments.items():
        if not getattr(getattr(value, "dtype", None), "isnative", True):
            value = value.astype(value.dtype.newbyteorder("="))
        arrays[name] = jnp.asarray(value)
        if jnp.issubdtype(arrays[name].dtype, jnp.complexfloating):
            raise TypeError(f"{name} must hold real numbers; got the type {arrays[name].dtype}")
        check_axes(name, arrays[name].shape, axes, sizes)
    typed = [array.dtype for array in arrays.values() if array.ndim]
    typed = typed or [arrays[name].dtype for name in arrays if hasattr(arguments[name][0], "dtype")]
    double = jnp.result_type(float)
    kinds = [each if jnp.issubdtype(each, jnp.floating) else double for each in typed]
    return [array.astype(jnp.result_type(*(kinds or [double]))) for array in arrays.values()]
'''

CHECKED_BY_TORCH = '''
def as_tensor(value, device):
    """A tensor: what is given, or a copy of it; a list holds numbers of type float64."""
    if torch.is_tensor(value):
        return value
    if not hasattr(value, "dtype"):
        return torch.as_tensor(value, dtype=torch.float64, device=device)
    return torch.as_tensor(value.astype(value.dtype.newbyteorder("="), order="C"), device=device)


def checked(**arguments):
    """The arguments as tensors of one floating type, float64 for integers, if their axes fit."""
    given = [value for value, _ in arguments.values() if torch.is_tensor(value)]
    device = next((each.device for each in sorted(given, key=lambda each: not each.ndim)), None)
    sizes, tensors = {}, {}
    for name, (value, axes) in arguments.items():
        tensors[name] = as_tensor(value, device)
        if tensors[name].is_complex():
            raise TypeError(f"{name} must hold real numbers; got the type {tensors[name].dtype}")
        check_axes(name, tensors[name].shape, axes, sizes)
    numbers = [tensors[name] for name, (value, _) in arguments.items() if hasattr(value, "dtype")]
    typed = [each.dtype for each in tensors.values() if each.ndim] or [each.dtype for each in numbers]
    kinds = [each if each.is_floating_point else torch.float64 for each in typed] or [torch.float64]
    kind = functools.reduce(torch.promote_types, kinds)
    return [each.to(kind) for each in tensors.values()]
'''
