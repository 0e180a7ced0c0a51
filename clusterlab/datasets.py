"""The data sets that come with the project, each with its provenance.

``catalogue()`` lists them, ``provenance(name)`` says where one comes from and what it does not
show, ``load(name)`` reads it. What is constructed says so.
"""

import datetime
import hashlib
from pathlib import Path
from typing import Literal

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field

from clusterlab.names import did_you_mean

__all__ = ["catalogue", "load", "provenance"]

_HERE = Path(__file__).parent
# In a checkout the files stand beside the package, in an installed wheel inside it.
_FOLDER = next(
    (f for f in (_HERE / "_datasets", _HERE.parent / "datasets") if f.is_dir()), _HERE / "_datasets"
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """Where the figures come from: a document of the course (by key) or another publication."""

    key: str | None
    where: str
    citation: str
    url: str | None


class Licence(_Strict):
    """The terms, or why none is named, and when that was checked."""

    name: str | None
    reason: str
    checked: datetime.date


class Column(_Strict):
    """Type, unit and meaning of one column."""

    type: Literal["text", "integer", "number"]
    unit: str | None
    meaning: str


class Sidecar(_Strict):
    """Provenance of a data set, as its ``.csv.yml`` file states it."""

    title: str
    kind: Literal["document", "official", "constructed"] = Field(alias="class")
    source: list[Source]
    licence: Licence
    columns: dict[str, Column]
    gaps: list[str]
    verified: str
    builder: str | None
    sha256: str

    def __repr__(self) -> str:
        lines = [f"{self.title} [{self.kind}]"]
        lines += [f"source: {source.citation} ({source.where})" for source in self.source]
        lines += [f"licence: {self.licence.name or 'none named'} ({self.licence.reason})"]
        lines += [
            f"column {name}: {column.meaning}" + (f" [{column.unit}]" if column.unit else "")
            for name, column in self.columns.items()
        ]
        lines += [f"gap: {gap}" for gap in self.gaps]
        return "\n".join([*lines, f"verified: {self.verified}"])


def _files() -> dict[str, Path]:
    """Return the file of each data set by its name: a text, or a packed one where it is long."""
    found = [*_FOLDER.glob("*.csv"), *_FOLDER.glob("*.csv.gz")]
    return {file.name.partition(".")[0]: file for file in sorted(found)}


def _path(name: str) -> Path:
    known = _files()
    if name not in [*known]:  # a list is no name, and is told so
        raise ValueError(f"there is no data set {name!r}{did_you_mean(name, known, 'there are')}")
    return known[name]


def files_of(name: str) -> tuple[Path, Path]:
    """Return the files of a data set: the table, and what says where it comes from."""
    file = _path(name)
    return file, file.with_name(f"{name}.csv.yml")


def provenance(name: str) -> Sidecar:
    """Return the provenance of a data set: class, source, licence, units, gaps.

    Parameters
    ----------
    name : str
        A name from `catalogue`.

    Returns
    -------
    Sidecar
        What its ``.csv.yml`` file states; shown in a notebook it is a short text.

    See Also
    --------
    load : the data set itself.

    Examples
    --------
    >>> provenance("establishment_register").kind
    'constructed'
    """
    _, file = files_of(name)
    return Sidecar.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))


def load(name: str) -> pd.DataFrame:
    """Return a data set as a frame; codes stay text, what is unknown is missing.

    Parameters
    ----------
    name : str
        A name from `catalogue`.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    ValueError
        No such data set (the nearest name is given), or a file that is not the one its provenance
        describes.

    See Also
    --------
    provenance : where it comes from and what it does not show.
    clusterlab.official.fetch : newer figures from the offices that publish them.

    Examples
    --------
    >>> load("us_state_tiles").loc[0, "state_name"]
    'Alabama'
    """
    path, sidecar = _path(name), provenance(name)
    if hashlib.sha256(path.read_bytes()).hexdigest() != sidecar.sha256:
        raise ValueError(f"{path.name} was changed: it is not the file its provenance describes.")
    types = {"text": "str", "integer": "Int64", "number": "float64"}
    dtypes = {column: types[entry.type] for column, entry in sidecar.columns.items()}
    frame = pd.read_csv(path, dtype=dtypes, keep_default_na=False, na_values=[""])
    whole = [c for c in frame if dtypes[c] == "Int64" and not frame[c].hasnans]
    return frame.astype(dict.fromkeys(whole, "int64"))


def catalogue() -> pd.DataFrame:
    """Return the list of data sets: title and class, by name.

    Returns
    -------
    pandas.DataFrame

    See Also
    --------
    provenance : all that is known of one.
    load : one of them as a frame.

    Examples
    --------
    >>> bool(catalogue().loc["growth_figures", "class"] == "document")
    True
    """
    rows = {}
    for name in _files():
        sidecar = provenance(name)
        rows[name] = {"title": sidecar.title, "class": sidecar.kind}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("name")
