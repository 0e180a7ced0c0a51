"""Which tasks leave a district when work abroad is cheaper, and what that leaves of the district.

The model is ours. The two rules are those that a document names for two Italian districts.
"""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from annotated_types import Ge, Gt

from clusterlab.names import did_you_mean, shown
from clusterlab.parameters import Parameter, Seed, generator, model, refuse_too_many
from clusterlab.results import Result
from clusterlab.tables import check_labels, need_columns, need_frame, numbers, refuse_gaps

_SAVINGS = np.linspace(0, 1, 51)
_MOST = {"value": np.inf, "codifiability": 1.0, "jobs": np.inf, "saving": np.inf}
_per_job = partial(Parameter, unit="× mean value of a job", source="constructed")
_share = partial(Parameter, low=0, high=1, step=0.05, source="constructed")


@dataclass(frozen=True, repr=False)
class Relocation(Result):
    """What a district keeps when tasks have left it; everything is 1 before.

    Attributes
    ----------
    rule : str
        By which rule tasks leave.
    tasks : pandas.DataFrame
        The tasks of the first replicate: ``value`` (mean 1), ``codifiability``, ``jobs``,
        ``saving`` of a job, and ``moved``, the share of its jobs that leaves.
    outcomes : pandas.DataFrame
        By replicate: ``jobs``, ``suppliers`` (local demand for suppliers, proportional to the value
        made locally), ``knowledge`` (unwritten, that stays) and ``reinvested``.
    paths : pandas.DataFrame
        The same for the first replicate under both rules, by saving. Replicative relocation keeps
        suppliers' demand and knowledge in proportion to jobs: at as many jobs moved as under
        the selective rule, both are what ``jobs`` is.
    """

    rule: str
    tasks: pd.DataFrame
    outcomes: pd.DataFrame
    paths: pd.DataFrame

    @property
    def value_per_job(self) -> pd.Series:
        """Value of a job that is left, by replicate; NaN where none is left."""
        jobs = self.outcomes["jobs"]
        return (self.outcomes["suppliers"] / jobs.where(jobs > 0)).rename("value per job")

    def to_frame(self) -> pd.DataFrame:
        """Return the outcomes by replicate, value per job among them."""
        return self.outcomes.assign(**{"value per job": self.value_per_job})


@model
def relocate(
    *,
    tasks: Any = None,
    rule: Annotated[Literal["replicative", "selective"], Parameter("who leaves")] = "selective",
    saving: Annotated[
        float, _per_job("saving of a job abroad", 0, 1, 0.02, admissible=(Ge(0),))
    ] = 0.3,
    coordination: Annotated[
        float, _per_job("coordination of an unwritten task", 0, 2, 0.05, admissible=(Ge(0),))
    ] = 1.0,
    fixed_cost: Annotated[
        float, _per_job("highest cost of moving a firm", 0.05, 2, 0.05, admissible=(Gt(0),))
    ] = 1.0,
    reinvested: Annotated[float, _share("share of the net saving reinvested")] = 0.5,
    alignment: Annotated[float, _share("unwritten tasks are the valuable ones")] = 0.5,
    drawn: Annotated[int, Parameter("tasks drawn", 10, 200, 10, admissible=(Ge(2),))] = 100,
    replicates: Annotated[int, Parameter("draws of tasks", 1, 1000, admissible=(Ge(1),))] = 1,
    seed: Seed = 0,
) -> Relocation:
    r"""Let tasks leave a district, all alike or the codified ones only, and see what stays.

    Parameters
    ----------
    tasks : pandas.DataFrame, optional
        Tasks of a real place, a row each: ``value`` of a job (any unit), ``codifiability`` from 0
        to 1, and if wanted ``jobs`` and ``saving``, in multiples of the parameter of that name. In
        place of tasks drawn: ``alignment``, ``drawn``, ``replicates`` and ``seed`` are not used.
    seed : int or numpy.random.Generator
        The same seed draws the same tasks.

    Returns
    -------
    Relocation

    Raises
    ------
    ValueError
        A parameter out of its range; a table without its columns, with one that is not read, with
        an empty cell or a value outside its limits; no value, or nothing unwritten, in all of it.

    See Also
    --------
    machine_makers : what it does to those who build the machines.
    strategy_mix : going abroad with and without innovation.

    Notes
    -----
    Task j has value :math:`v_j` (mean 1), codifiability :math:`z_j` and jobs :math:`w_j`, as a
    share of all. A job saves s abroad. **Replicative**: each of many firms does all tasks and moves
    its whole set if s exceeds its own fixed cost, uniform on [0, c₀], so that the share
    :math:`m=\min(1, s/c_0)` of each task leaves. **Selective**: in every firm the tasks with
    :math:`s > c(1-z_j)` leave, M in all; a share r of the net saving
    :math:`N=\sum_M w_j[s-c(1-z_j)]` raises the value of tasks that stay, S. That only this rule
    reinvests is put in; r = 0 compares the choice of tasks alone. Drawn tasks have u uniform on
    [0, 1], one z uniform in each J-th part of it, and v proportional to :math:`a(1-z)+(1-a)u`.

    With :math:`n=\sum_S w_j>0` the jobs kept, local value, and suppliers' demand with it, is
    :math:`Y=\sum_S w_jv_j+rN`; knowledge kept is :math:`\sum_S w_j(1-z_j)/\sum w_j(1-z_j)`.

    (i) *Replicative leaves value per job at 1*: Y = (1−m)Σwv = 1−m = n.

    (ii) *Selective raises it iff* :math:`rN > \sum_M w_j(v_j-1)`, because
    :math:`Y-n = \sum_S w_j(v_j-1)+rN = rN-\sum_M w_j(v_j-1)`, values having mean 1. M are the tasks
    with z above one bound. If v does not increase in z (a = 1), those are the least valuable ones,
    the sum is at most 0, and N ≥ 0: value per job never falls. It rises strictly if some but not
    all jobs move and r > 0, or v differs between M and S.

    (iii) *At equal jobs moved* selective keeps at least as much knowledge, for any values: 1−z is
    lowest in M, so its mean there is at most its mean in all. It keeps at least as much demand
    exactly where (ii) holds, as demand is jobs times value per job.

    (iv) If nothing moves everything is 1 under both. If everything moves, nothing is left, nothing
    is reinvested, and value per job is not defined.

    **Where it fails.** With a < 1, or values of a table that increase in z, value per job can fall
    under (ii). With savings that differ between tasks M is not the top of z, and (iii) can fail
    too. Local value in total falls under replicative, and may fall under both: no theorem says that
    the place gains.

    References
    ----------
    whitford-potter-2007, section 5.3 (after Sammarra and Belussi), for the rules and both places.

    Examples
    --------
    >>> found = relocate(rule="replicative", saving=0.3)
    >>> [round(float(x), 9) for x in (found.outcomes["jobs"].iloc[0], found.value_per_job.iloc[0])]
    [0.7, 1.0]
    >>> mine = pd.DataFrame({"value": [3, 1], "codifiability": [0, 1]}, ["design", "assembly"])
    >>> relocate(tasks=mine, reinvested=0).to_frame().iloc[0].tolist()
    [0.5, 0.75, 1.0, 0.0, 1.5]
    """
    if tasks is None:
        refuse_too_many("relocate", drawn=drawn, replicates=replicates)
        rng = generator(seed)
        within, other = rng.random((2, replicates, drawn))
        codified = (np.arange(drawn) + within) / drawn  # one in each part: less noise in few tasks
        value = alignment * (1 - codified) + (1 - alignment) * other
        names, jobs, relative = pd.RangeIndex(drawn, name="task"), np.ones(drawn), np.ones(drawn)
    else:
        table = _checked(tasks)
        names, jobs, relative = table.index, table["jobs"].to_numpy(), table["saving"].to_numpy()
        value, codified = table[["value", "codifiability"]].to_numpy().T[:, None]
    value = value / np.average(value, axis=1, weights=jobs)[:, None]
    costs = {"coordination": coordination, "fixed_cost": fixed_cost, "reinvested": reinvested}
    moved, outcomes = _after(rule, value, 1 - codified, jobs, saving * relative, **costs)
    first = {"value": value[0], "codifiability": codified[0], "jobs": jobs}
    first |= {"saving": saving * relative, "moved": moved[0]}
    savings = _SAVINGS[:, None] * relative
    paths = {
        each: _after(each, value[:1], 1 - codified[:1], jobs, savings, **costs)[1].set_axis(
            pd.Index(_SAVINGS, name="saving")
        )
        for each in ("selective", "replicative")
    }
    return Relocation(
        rule=rule,
        tasks=pd.DataFrame(first, names),
        outcomes=outcomes.rename_axis("replicate"),
        paths=pd.concat(paths, axis=1),
    )


def _after(rule, value, tacit, jobs, saving, *, coordination, fixed_cost, reinvested):
    """Return what moves, and the outcomes, by row: of values, or of savings."""
    worth = saving - coordination * tacit
    if rule == "selective":
        moved = (worth > 0).astype(float)
    else:  # a firm weighs its whole set, whatever each task asks for
        mean = np.average(np.broadcast_to(saving, worth.shape), axis=1, weights=jobs)
        moved = np.repeat(np.minimum(1, mean / fixed_cost)[:, None], len(jobs), axis=1)

    def left(what):
        there = np.average(what * (1 - moved), axis=1, weights=jobs)
        return there / np.average(what, axis=1, weights=jobs)

    kept = np.average(1 - moved, axis=1, weights=jobs)
    back = reinvested * np.average(moved * worth, axis=1, weights=jobs)
    # only the selective rule reinvests, and only where a task is left to raise
    back = np.where((kept > 0) & (rule == "selective"), back, 0.0)
    outcomes = {
        "jobs": kept,
        "suppliers": left(value) + back,
        "knowledge": left(tacit),
        "reinvested": back,
    }
    return moved, pd.DataFrame(outcomes)


def _checked(tasks):
    """Return a reader's table with all four columns as numbers, or say what is wrong with it."""
    need_frame(tasks, "the tasks", "columns value and codifiability")
    need_columns(tasks.columns, ["value", "codifiability"], "the table of tasks")
    for name in tasks.columns:
        if name not in _MOST:
            near = did_you_mean(name, _MOST, "these are read:")
            raise ValueError(
                f"the table of tasks has a column {shown(name)} that is not read{near}"
            )
    need_columns(tasks.columns, tasks.columns, "the table of tasks")
    check_labels(tasks.index, "task")
    refuse_gaps(tasks, tasks.columns, lambda row: f"task {shown(tasks.index[row])}")
    found = pd.DataFrame({"jobs": 1.0, "saving": 1.0}, tasks.index)
    for name in tasks.columns:
        found[name], odd = numbers(tasks[name])
        outside = np.flatnonzero(~found[name].between(0, _MOST[name]).to_numpy())
        if odd is not None or len(outside):
            row = outside[0] if odd is None else odd
            limit = "from 0 to 1" if _MOST[name] == 1 else "0 or more"
            task, cell = shown(tasks.index[row]), shown(tasks[name].iloc[row])
            raise ValueError(f"task {task} has {name} {cell}; it must be a number, {limit}.")
    for total, words in (
        (found["jobs"], "jobs"),
        (found["jobs"] * found["value"], "value"),
        (
            found["jobs"] * (1 - found["codifiability"]),
            "unwritten knowledge (codifiability below 1)",
        ),
    ):
        if total.sum() <= 0:
            raise ValueError(f"the table of tasks has no {words}, so there is nothing to lose.")
    return found
