"""Gini against PySAL's inequality, which follows the same convention."""

import numpy as np
import pytest

from clusterlab.agglomeration import gini

pytestmark = pytest.mark.filterwarnings("ignore")  # the peer's own warnings


def test_gini_is_that_of_pysal_inequality():
    peer = pytest.importorskip("inequality.gini")
    for seed in range(5):
        values = np.random.default_rng(seed).lognormal(size=40)
        np.testing.assert_allclose(gini(values), peer.Gini(values).g, rtol=1e-12)
