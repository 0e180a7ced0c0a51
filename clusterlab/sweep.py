"""Run a model over a grid of parameters and seeds into one tidy table.

The same call runs on one core, on all of them, or on a cluster: joblib decides, through
``joblib.parallel_config(backend=…, n_jobs=…)`` around it. Each run has its own random stream,
derived from the one seed and the run's place in the grid, so results do not depend on where or in
what order runs happen.
"""

import dataclasses
import inspect
import itertools
import math
import numbers
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from tqdm.auto import tqdm

from clusterlab.names import did_you_mean
from clusterlab.parameters import Seed, chosen, declared, generator, need, whole

__all__ = ["sweep"]

_MOST = 1_000_000  # runs; their table alone takes a gigabyte


def sweep(
    model: Callable,
    over: Mapping[str, Sequence | int],
    *,
    fixed: Mapping[str, Any] | None = None,
    measure: Callable[[Any], Any] | None = None,
    replicates: int = 1,
    seed: Seed = 0,
    refused: Literal["stop", "note"] = "stop",
    progress: bool = True,
) -> pd.DataFrame:
    """Call a model for every combination of parameter values; one row a run.

    Parameters
    ----------
    model : callable
        A function with declared parameters (`clusterlab.parameters.model`).
    over : mapping
        Parameter name → the values to try, or a whole number n ≥ 2 for n evenly spaced values
        between the declared ends.
    fixed : mapping, optional
        Arguments passed to every run.
    measure : callable, optional
        What to keep of a result: a number, or a mapping of names to numbers. By default the
        result itself: a number, a mapping, a Series, or a dataclass whose numeric fields are kept.
    replicates : int
        Runs for each combination, each with its own random stream; needs a ``seed`` parameter.
    seed : int or numpy.random.Generator
        The one seed from which all streams derive.
    refused : {"stop", "note"}
        What happens at a setting that the model itself refuses, since some parameters do not go
        together: an error that says which, or its sentence stands in a column ``refused`` and the
        run has no numbers.
    progress : bool
        Show a progress bar.

    Returns
    -------
    pandas.DataFrame
        One row a run: a column for each parameter swept, ``replicate`` where there are several,
        and the measured numbers (``value`` where there is only one).

    Raises
    ------
    ValueError
        A parameter the model does not declare, a value outside its range, no values to try, more
        than a million runs, replicates of a model that takes no seed, or a model or a measure that
        fails; the sentence says at which setting.

    See Also
    --------
    clusterlab.explore.explore : one setting at a time, by hand.
    clusterlab.parameters.describe : what can be swept.

    Examples
    --------
    >>> from typing import Annotated
    >>> from clusterlab.parameters import Parameter, model
    >>> @model
    ... def area(*, width: Annotated[float, Parameter("width", 0, 2)] = 1, height: float = 1):
    ...     return width * height
    >>> sweep(area, {"width": 3}, fixed={"height": 2.0}, progress=False)["value"].tolist()
    [0.0, 2.0, 4.0]
    """
    declared(model)
    fixed = {} if fixed is None else fixed
    for name, given in (("over", over), ("fixed", fixed)):
        if not isinstance(given, Mapping):
            found = type(given).__name__
            raise ValueError(f"sweep: {name} must be a mapping from parameters, got a {found}.")
    fits = measure is None or callable(measure)
    need(fits, "sweep: measure", "a function of a result", measure)
    note = chosen("sweep: refused", refused, ("stop", "note")) == "note"
    replicates, random = whole("replicates", replicates, 1), generator(seed)
    axes = {name: _values(model, name, values) for name, values in over.items()}
    runs_asked = math.prod(map(len, axes.values())) * replicates
    if runs_asked > _MOST:
        raise ValueError(f"sweep: {runs_asked:,} runs are too many; {_MOST:,} are the most.")
    both = [name for name in axes if name in fixed]
    if both:
        raise ValueError(f"sweep: {both[0]!r} is fixed and swept; it can be one of the two.")
    takes_seed = "seed" in inspect.signature(model).parameters
    if replicates > 1 and not takes_seed:
        raise ValueError(
            f"{model.__name__} takes no seed, so all {replicates} replicates are equal."
        )
    if replicates > 1 and "seed" in fixed:
        raise ValueError("sweep: with a fixed seed all replicates are equal; pass seed= to sweep.")
    grid = [
        dict(zip(axes, point, strict=True)) | ({"replicate": r} if replicates > 1 else {})
        for point in itertools.product(*axes.values())
        for r in range(replicates)
    ]
    # the same streams for a seed and for a Generator made of it
    seeds: Any = random.bit_generator.seed_seq
    streams = seeds.spawn(len(grid))
    if not takes_seed or "seed" in fixed or "seed" in axes:
        streams = [None] * len(grid)
    settings = ({**{name: row[name] for name in axes}, **fixed} for row in grid)
    runs_to_do = zip(settings, streams, strict=True)
    tasks = (delayed(_run)(model, measure, note, *each) for each in runs_to_do)
    runs = Parallel(return_as="generator")(tasks)
    bar = tqdm(runs, total=len(grid), disable=not progress, desc=model.__name__)
    rows = []
    for row, kept in zip(grid, bar, strict=True):
        other = [name for name in kept if name in row and kept[name] != row[name]]
        if other:
            raise ValueError(f"sweep: {other[0]!r} names a parameter and another measured number.")
        rows.append(row | kept)
    return pd.DataFrame(rows)


def _values(model: Callable, name: str, values: Any) -> list:
    entries = declared(model)
    if name not in entries:
        hint = did_you_mean(name, entries, "it has")
        raise ValueError(f"{model.__name__} declares no {name!r}{hint}")
    if not isinstance(values, int | np.integer):
        if not pd.api.types.is_list_like(values) or isinstance(values, Mapping):
            raise ValueError(
                f"sweep: {name!r} has {values!r:.60}, but a list of values is needed, or a whole "
                "number of points between its ends."
            )
        listed = list(itertools.islice(values, _MOST + 1))  # never an endless one
        if not listed:
            raise ValueError(f"sweep: no values to try for {name!r}.")
        return listed
    parameter = entries[name].parameter
    if parameter.low is None or parameter.high is None or not 2 <= values <= _MOST:
        raise ValueError(
            f"sweep: {name!r} needs a list of values, or 2 or more points (at most {_MOST:,}), got "
            f"{values!r:.60}."
        )
    grid = np.linspace(parameter.low, parameter.high, int(values))
    if entries[name].type is int:
        return np.unique(grid.round()).astype(int).tolist()
    return grid.tolist()


def _run(
    model: Callable, measure: Callable | None, note: bool, arguments: dict, stream: Any
) -> dict:
    setting = ", ".join(f"{name}={value!r:.30}" for name, value in arguments.items())
    if stream is not None:
        arguments = arguments | {"seed": np.random.default_rng(stream)}
    part = model.__name__
    try:
        result = model(**arguments)
        part = "measure"
        kept = measure(result) if measure is not None else result
    except Exception as error:
        why = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
        if note and isinstance(error, ValueError) and part != "measure":
            return {"refused": why}
        raise ValueError(f"sweep: {part} fails at {setting}: {why.rstrip('.')}.") from error
    if isinstance(kept, Mapping | pd.Series):
        return dict(kept)
    if isinstance(kept, numbers.Number):
        return {"value": kept}
    fields = dataclasses.fields(kept) if dataclasses.is_dataclass(kept) else ()
    found = {field.name: getattr(kept, field.name) for field in fields}
    if numeric := {k: v for k, v in found.items() if isinstance(v, numbers.Number)}:
        return numeric
    what = f"{type(kept).__name__} without a number" + (f" ({', '.join(found)})" if found else "")
    raise ValueError(
        f"{model.__name__} returned a {what}; say with measure= what to keep: a function of it."
    )
