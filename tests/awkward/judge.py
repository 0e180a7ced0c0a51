"""What a clear answer to an awkward call is.

A file of a topic lists its calls in ``REFUSED``: (case, what, call, a pattern that names the
culprit), and in ``DOCUMENTED``: (case, what, call, what holds for the result). Cases are the
numbers of ``calls.csv``, or "new" for a call of the same kind that the review did not try.
"""

import re
import traceback
import warnings
from pathlib import Path

import clusterlab

PACKAGE = str(Path(clusterlab.__file__).parent)
INSIDES = re.compile(
    r"object has no attribute|ufunc|not subscriptable|unpack|broadcast|dtype(?!=str)"
)


def is_refused_clearly(call, culprit):
    """Assert that a call raises ValueError on purpose, in one sentence that names the culprit."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            result = call()
        except (ValueError, TypeError) as error:
            message, frames = str(error), traceback.extract_tb(error.__traceback__)
        else:
            raise AssertionError(f"not refused: {result!r:.200}")
    assert frames[-1].filename.startswith(PACKAGE), (
        f"raised inside {frames[-1].filename}: {message}"
    )
    assert "raise" in (frames[-1].line or "raise"), f"not on purpose: {frames[-1].line}: {message}"
    assert re.search(culprit, message), f"{message!r} does not name {culprit!r}"
    assert re.search(r"[.?!]$", message.strip()), f"no sentence: {message!r}"
    assert not INSIDES.search(message), f"speaks of the insides: {message!r}"
    assert len(message) < 700, f"{len(message)} characters: {message[:200]!r}"


def is_as_documented(call, holds):
    """Assert that a call gives, without a warning, a result of which ``holds(result)`` is true."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = call()
    assert holds(result), f"{result!r:.300}"
