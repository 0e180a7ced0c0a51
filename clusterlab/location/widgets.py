"""The location models with their controls; each call returns one widget."""

from __future__ import annotations

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
        location.tomahawk, plots.plot_tomahawk, controls=["elasticity", "manufacturing_share"],
        say=_say_tomahawk, prediction=prediction,
    )  # fmt: skip


def _say_tomahawk(result: location.Tomahawk) -> str:
    return (
        f"Two equal regions hold together down to a trade cost of {result.break_point:.3f}; "
        f"industry gathered in one region stays there up to {result.sustain_point:.3f}. "
        "In between, history decides."
    )


def core_periphery() -> Explorer:
    """Show the gap in real wages against the division of industry (the wiggle diagram)."""
    return explore(location.core_periphery, plots.plot_wiggle, say=_say_core_periphery)


def _say_core_periphery(result: location.CorePeriphery) -> str:
    if result.trade_cost == 1:
        return (
            "At a trade cost of 1 trade is free: real wages are equal for every division of "
            "industry, and nothing pulls workers either way."
        )
    stable = ", ".join(f"{share:.2f}" for share in result.stable_shares)
    between = result.equilibria.query("kind == 'in between'")["share"]
    tipping = (
        f"; it tips at {between.iloc[0]:.2f} and {between.iloc[1]:.2f}" if len(between) else ""
    )
    return (
        f"At a trade cost of {result.trade_cost:.2f} the stable shares of region 1 are {stable}"
        f"{tipping} (break point {result.break_point:.3f}, sustain point "
        f"{result.sustain_point:.3f})."
    )


def migration() -> Explorer:
    """Show where workers who follow the higher real wage end up from eight starts."""
    return explore(
        location.migration, plots.plot_migration,
        controls=["trade_cost", "manufacturing_share", "speed"], say=_say_migration,
    )  # fmt: skip


def _say_migration(result: location.Migration) -> str:
    end = result.ends
    even, gathered = int((abs(end - 0.5) < 0.05).sum()), int((abs(end - 0.5) > 0.45).sum())
    return (
        f"After {result.paths.index[-1]:g} periods, of {len(end)} starts {even} are near an even "
        f"division, {gathered} have nearly all industry in one region, and "
        f"{len(end) - even - gathered} are on the way."
    )


def circle(prediction: Prediction | None = None) -> Explorer:
    """Show how many of twelve regions keep industry; the prediction is that number."""
    return explore(
        location.circle, [plots.plot_circle, plots.plot_locations], say=_say_circle,
        controls=["trade_cost", "manufacturing_share"],
        fixed={"regions": 12, "elasticity": 5.0, "replicates": 6}, prediction=prediction,
    )  # fmt: skip


def _say_circle(result: location.Circle) -> str:
    number, regions = result.locations, result.shares.shape[1]
    span = f"{number.min()}" if number.nunique() == 1 else f"{number.min()} to {number.max()}"
    first = (
        "an even spread holds"
        if result.preferred == regions
        else f"{result.preferred} {'peak grows' if result.preferred == 1 else 'peaks grow'} first"
    )
    return (
        f"At a trade cost of {result.trade_cost:.1f}, {span} of {regions} regions keep industry "
        f"(mean of {len(number)} histories {result.mean_locations:.1f}); "
        f"from an even start {first}."
    )


def spin_offs(prediction: Prediction | None = None) -> Explorer:
    """Show which regions end in front when firms spin off; the prediction is a region's letter."""
    return explore(
        location.spin_offs, [plots.plot_leads, plots.plot_largest_share], say=_say_histories,
        prediction=prediction, fixed={"replicates": 1000},
    )  # fmt: skip


def urn(prediction: Prediction | None = None) -> Explorer:
    """Show the largest region's share for any feedback; the prediction is its mean."""
    return explore(
        location.urn, plots.plot_largest_share, say=_say_histories, prediction=prediction,
        fixed={"replicates": 500},
    )  # fmt: skip


def location_choice(prediction: Prediction | None = None) -> Explorer:
    """Show who wins when firms choose among three regions; the prediction is a region's letter."""
    return explore(
        location.location_choice, [plots.plot_leads, plots.plot_largest_share],
        say=_say_histories, controls=["firms", "benefit", "ceiling", "head_start"],
        fixed={"regions": 3, "replicates": 300}, prediction=prediction,
    )  # fmt: skip


def _say_histories(result: location.Histories) -> str:
    leads, largest = result.leads, result.largest
    sentence = (
        f"In {len(largest):,} histories the largest region holds {result.mean_largest:.0%} of "
        f"firms on average (from {largest.min():.0%} to {largest.max():.0%}); region "
        f"{leads.idxmax()} leads most often, in {leads.max():.0%}."
    )
    if result.locked_in is not None:
        sentence += f" The winner is locked in for good in {result.locked_in:.0%}."
    return sentence


def city_size(prediction: Prediction | None = None) -> Explorer:
    """Show the best size of a city and how far beyond it people stay; predict the best size."""
    return explore(
        location.city_size, plots.plot_city_size, say=_say_city_size, prediction=prediction
    )


def _say_city_size(result: location.CitySize) -> str:
    if result.largest == result.optimum:
        return (
            f"The best size is {result.optimum:.1f} thousand; enough people can leave together to "
            "found such a city, so none grows beyond it."
        )
    return (
        f"The best size is {result.optimum:.1f} thousand, but nobody gains by leaving with "
        f"{result.founders:g} thousand others until {result.largest:.0f} thousand; there "
        f"{result.loss:.1%} of consumption is lost."
    )


def labour_pooling(prediction: Prediction | None = None) -> Explorer:
    """Show what firms gain from one labour market, by formula and by simulation."""
    return explore(
        location.labour_pooling, plots.plot_labour_pooling, say=_say_labour_pooling,
        controls=["firms", "curvature", "shock"], prediction=prediction,
    )  # fmt: skip


def _say_labour_pooling(result: location.LabourPooling) -> str:
    simulated = result.simulated_profit - result.from_workers
    firms = "A firm alone" if result.firms == 1 else f"Each of {result.firms} firms"
    return (
        f"{firms} gains {result.from_pooling:.2f} from pooling by the formula and {simulated:.2f} "
        f"(±{2 * result.standard_error:.2f}) in simulated markets; among very many firms it would "
        f"be {result.full_pooling:.2f}."
    )


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
        location.location_paradox, [plots.plot_advantage, plots.plot_local_share],
        controls=controls, say=_say_paradox, **options,
    )  # fmt: skip


def _say_paradox(result: location.LocationAdvantage) -> str:
    start = float(result.path["total"].iloc[0])
    tends = f"the local share tends to {result.limit_share:.0%}"
    if result.total == 0:
        return f"Nothing of the advantage of {start:.2f} is left at distance cost 0; {tends}."
    net = f", {result.net:.2f} net of congestion" if result.net != result.total else ""
    return (
        f"At {result.distance_cost:.0%} of the distance cost the cluster's advantage is "
        f"{result.total:.2f} log points{net} (at the start {start:.2f}), "
        f"{result.local_share:.0%} of it local; as distance cost goes to zero, {tends}."
    )
