"""Docstrings of public names have the sections numpydoc users look for.

PR01 parameters are documented, PR02 no unknown parameter is, RT01 what is returned, SA01 See Also;
result classes list their Attributes.
"""

import importlib
import inspect
import sys

import pytest
from numpydoc.docscrape import get_doc_object
from numpydoc.validate import validate
from test_surface import BUDGET, public

ASKED = {"PR01", "PR02", "RT01", "SA01"}


def wanting(module, name):
    """Return what a public name's docstring lacks."""
    thing = getattr(importlib.import_module(module), name)
    if inspect.isclass(thing) or not callable(thing):  # constants are told in comments
        return []
    errors = [f"{code} {text}" for code, text in validate(f"{module}.{name}")["errors"]]
    errors = [error for error in errors if error[:4] in ASKED]
    kind = inspect.signature(thing).return_annotation
    kind = getattr(sys.modules[thing.__module__], kind, None) if isinstance(kind, str) else kind
    fields = [*getattr(kind, "__dataclass_fields__", {})]
    told = {entry.name for entry in get_doc_object(kind)["Attributes"]} if fields else set()
    told = {each.strip() for entry in told for each in entry.split(",")}
    errors += [f"{kind.__name__}.{field} is not told" for field in fields if field not in told]
    return [f"{module}.{name}: {error}" for error in errors]


@pytest.mark.parametrize("part", BUDGET)
def test_docstrings_of_public_names_are_complete(part):
    found = [error for module, name in sorted(public(part)) for error in wanting(module, name)]
    assert not found, "\n".join(found)


if __name__ == "__main__":  # python tests/test_docstrings.py [part]
    for part in sys.argv[1:] or BUDGET:
        for module, name in sorted(public(part)):
            for error in wanting(module, name):
                print(error)
