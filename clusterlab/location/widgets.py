"""The location models with their controls; each call returns one widget."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from clusterlab import location
from clusterlab.explore import Explorer, explore
from clusterlab.location import plots

if TYPE_CHECKING:
    from clusterlab.exercises import Prediction

__all__ = [
    "circle",
    "city_size",
    "core_periphery",
    "labour_pooling",
    "location_choice",
    "location_paradox",
    "migration",
    "paradox_level",
    "spin_offs",
    "tomahawk",
    "urn",
]


def tomahawk(prediction: Prediction | None = None) -> Explorer:
    """Show all equilibria against trade cost; the prediction is a break point."""
    return explore(
        location.tomahawk,
        plots.plot_tomahawk,
        controls=["elasticity", "manufacturing_share"],
        say=_say_tomahawk,
        prediction=prediction,
    )


def _say_tomahawk(result: location.Tomahawk) -> str:
    first, last = _apart(result.break_point, result.sustain_point, 3)
    return (
        f"Two equal regions hold together down to a trade cost of {first}; industry gathered in "
        f"one region stays there up to {last}. In between, history decides."
    )


def _apart(low: float, high: float, places: int) -> tuple[str, str]:
    """Write two different numbers with so many places that they look different."""
    while f"{low:.{places}f}" == f"{high:.{places}f}" and places < 9:
        places += 1
    return f"{low:.{places}f}", f"{high:.{places}f}"


def _percent(share: float) -> str:
    """Write a share so that nothing is rounded to none or to all."""
    return "under 1%" if 0 < share < 0.005 else "over 99%" if 0.995 <= share < 1 else f"{share:.0%}"


def _and(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else parts[0]


def core_periphery() -> Explorer:
    """Show the gap in real wages against the division of industry (the wiggle diagram)."""
    return explore(location.core_periphery, plots.plot_wiggle, say=_say_core_periphery)


def _say_core_periphery(result: location.CorePeriphery) -> str:
    if result.trade_cost == 1:
        return (
            "At a trade cost of 1 trade is free: real wages are equal for every division of "
            "industry, and nothing pulls workers either way."
        )
    shares = [f"{share:.2f}" for share in result.stable_shares]
    stable = f"shares of region 1 are {_and(shares)}"
    if len(shares) == 1:
        stable = f"only stable share of region 1 is {shares[0]}"
    between = result.equilibria.query("kind == 'in between'")["share"]
    tipping = ""
    if len(between):
        # told apart from the division at rest that is nearest, 0 or one half
        low, _ = _apart(between.iloc[0], round(2 * between.iloc[0]) / 2, 2)
        tipping = f"; it tips at {low} and {1 - float(low):.{len(low) - 2}f}"
    first, last = _apart(result.break_point, result.sustain_point, 3)
    return (
        f"At a trade cost of {result.trade_cost:.2f} the {'' if len(shares) == 1 else 'stable '}"
        f"{stable}{tipping} (break point {first}, sustain point {last})."
    )


def migration() -> Explorer:
    """Show where workers who follow the higher real wage end up from eight starts."""
    return explore(
        location.migration,
        plots.plot_migration,
        controls=["trade_cost", "manufacturing_share", "speed"],
        say=_say_migration,
    )


def _say_migration(result: location.Migration) -> str:
    if result.trade_cost == 1:
        return (
            f"At a trade cost of 1 real wages are equal everywhere: after "
            f"{result.paths.index[-1]:g} periods each of {len(result.ends)} starts is where it "
            "began."
        )
    away = abs(result.ends - 0.5)
    counts = {
        "near an even division": int((away < 0.05).sum()),
        "where nearly all industry is in one region": int((away > 0.45).sum()),
    }
    counts["on the way"] = len(away) - sum(counts.values())
    where = [
        f"{count} {'is' if count == 1 else 'are'} {place}"
        for place, count in counts.items()
        if count
    ]
    return f"After {result.paths.index[-1]:g} periods, of {len(away)} starts {_and(where)}."


def circle(prediction: Prediction | None = None) -> Explorer:
    """Show how many of twelve regions keep industry; the prediction is that number."""
    return explore(
        location.circle,
        [plots.plot_circle, plots.plot_locations],
        say=_say_circle,
        controls=["trade_cost", "manufacturing_share"],
        fixed={"regions": 12, "elasticity": 5.0, "replicates": 6},
        prediction=prediction,
    )


def _say_circle(result: location.Circle) -> str:
    number, regions = result.locations, result.shares.shape[1]
    same = number.nunique() == 1
    span = f"{number.min()}" if same else f"{number.min()} to {number.max()}"
    mean = f"in each of {len(number)} histories"
    if not same:
        mean = f"mean of {len(number)} histories {result.mean_locations:.1f}"
    first = (
        "an even spread holds"
        if result.preferred == regions
        else f"{result.preferred} {'peak grows' if result.preferred == 1 else 'peaks grow'} first"
    )
    return (
        f"At a trade cost of {result.trade_cost:.1f}, {span} of {regions} regions "
        f"{'keeps' if span == '1' else 'keep'} industry ({mean}); from an even start {first}."
    )


def spin_offs(prediction: Prediction | None = None) -> Explorer:
    """Show which regions end in front when firms spin off; the prediction is a region's letter."""
    return explore(
        location.spin_offs,
        [plots.plot_leads, plots.plot_largest_share],
        say=_say_histories,
        prediction=prediction,
        fixed={"replicates": 1000},
    )


def urn(prediction: Prediction | None = None) -> Explorer:
    """Show the largest region's share for any feedback; the prediction is its mean."""
    return explore(
        location.urn,
        plots.plot_largest_share,
        say=_say_histories,
        prediction=prediction,
        fixed={"replicates": 500},
    )


def location_choice(prediction: Prediction | None = None) -> Explorer:
    """Show who wins when firms choose among three regions; the prediction is a region's letter."""
    return explore(
        location.location_choice,
        [plots.plot_leads, plots.plot_largest_share],
        say=_say_histories,
        controls=["firms", "benefit", "ceiling", "head_start"],
        fixed={"regions": 3, "replicates": 300},
        prediction=prediction,
    )


def _say_histories(result: location.Histories) -> str:
    leads, largest = result.leads, result.largest
    number, fair = len(largest), 1 / len(leads)
    # Five standard errors, because a reader looks at many settings: among equal regions one of them
    # would be beyond two in every other picture.
    chance = 5 * (fair * (1 - fair) / number) ** 0.5
    top = float(leads.max())
    if top <= fair + chance:
        low, high = _percent(float(leads.min())), _percent(top)
        span = low if low == high else f"{low} to {high}"
        who = f"no region leads more often than chance lets it (each in {span})"
    else:
        doubt = 2 * (top * (1 - top) / number) ** 0.5
        who = f"region {leads.idxmax()} leads most often, in {_percent(top)}"
        who += f" (±{math.ceil(100 * doubt)} points)" if doubt > 0.01 else ""
    sentence = (
        f"In {number:,} histories the largest region holds {_percent(result.mean_largest)} of "
        f"firms on average (from {_percent(largest.min())} to {_percent(largest.max())}); {who}."
    )
    if result.locked_in == 0:
        sentence += " In none of them is the winner locked in for good."
    elif result.locked_in is not None:
        sentence += f" The winner is locked in for good in {_percent(result.locked_in)}."
    return sentence


def city_size(prediction: Prediction | None = None) -> Explorer:
    """Show the best size of a city and how far beyond it people stay; predict the best size."""
    return explore(
        location.city_size, plots.plot_city_size, say=_say_city_size, prediction=prediction
    )


def _say_city_size(result: location.CitySize) -> str:
    best, most = _apart(result.optimum, result.largest, 1)
    if result.largest == result.optimum:
        return (
            f"The best size is {result.optimum:.1f} thousand; enough people can leave together to "
            "found such a city, so none grows beyond it."
        )
    most = f"{result.largest:,.0f}" if result.largest >= 100 else most
    loss = f"{result.loss:.1%}" if result.loss >= 0.0005 else "less than 0.1%"
    return (
        f"The best size is {best} thousand, but {result.founders:g} thousand people do not gain by "
        f"leaving together until the city has {most} thousand; there {loss} of consumption is lost."
    )


def labour_pooling(prediction: Prediction | None = None) -> Explorer:
    """Show what firms gain from one labour market, by formula and by simulation."""
    return explore(
        location.labour_pooling,
        plots.plot_labour_pooling,
        say=_say_labour_pooling,
        controls=["firms", "curvature", "shock"],
        prediction=prediction,
    )


def _say_labour_pooling(result: location.LabourPooling) -> str:
    if result.full_pooling == 0:
        return "Without shocks there is nothing to pool: the gain is 0 among any number of firms."
    many = f"among very many firms it would be {result.full_pooling:.2f}."
    if result.firms == 1:
        return f"A firm alone has nobody to pool with and gains 0; {many}"
    simulated = result.simulated_profit - result.from_workers
    sentence = (
        f"Each of {result.firms} firms gains {result.from_pooling:.2f} from pooling by the formula "
        f"and {simulated:.2f} (±{2 * result.standard_error:.2f}) in simulated markets; {many}"
    )
    if result.unfilled >= 0.001:
        sentence += (
            f" In {result.unfilled:.1%} of cases a firm would want fewer than no workers, which "
            "formula and markets allow here."
        )
    return sentence


def location_paradox(prediction: Prediction | None = None) -> Explorer:
    """Show what is left of a cluster's advantage; the prediction is the local share in per cent."""
    return _paradox(
        ["distance_cost", "knowledge_intensity", "tacitness", "reach"], prediction=prediction
    )


def paradox_level() -> Explorer:
    """Show when the level of the advantage rises, falls, or no longer pays for congestion."""
    return _paradox(
        ["distance_cost", "response", "decay", "congestion"],
        fixed={"knowledge_intensity": 0.3, "tacitness": 0.8},
    )


def _paradox(controls: list[str], **options: Any) -> Explorer:
    return explore(
        location.location_paradox,
        [plots.plot_advantage, plots.plot_local_share],
        controls=controls,
        say=_say_paradox,
        **options,
    )


def _say_paradox(result: location.LocationAdvantage) -> str:
    start = float(result.path["total"].iloc[0])
    tends = f"the local share tends to {_percent(result.limit_share)}"
    crowded = result.net != result.total
    if result.total == 0:
        rest = f", and congestion costs {result.total - result.net:.2f}" if crowded else ""
        return f"Nothing of the advantage of {start:.2f} is left at distance cost 0{rest}; {tends}."
    net = ""
    if crowded:
        net = f", {result.net:.2f} net of congestion".replace("-0.00", "0.00")
        net += ", so that a firm does better elsewhere" if result.net < -0.005 else ""
    return (
        f"At {result.distance_cost:.0%} of the distance cost the cluster's advantage is "
        f"{result.total:.2f} log points{net} (at the start {start:.2f}), "
        f"{_percent(result.local_share)} of it local; as distance cost goes to zero, {tends}."
    )
