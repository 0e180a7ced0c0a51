"""A wrong formula is seen: one of each topic, by hand; `make mutants` draws from all of them."""

import multiprocessing
import shutil

import mutants
import pytest

# In each, one sign, power or factor is wrong, and the test after it has to see that.
WRONG = [
    ("clusterlab/agglomeration/plants.py", "(spread * (1 - h))", "(spread / (1 - h))", "agglomeration/test_ellison_glaeser.py::test_published_example"),
    ("clusterlab/clusters/delineation.py", "present.shape[1] - 1)", "present.shape[1] + 1)", "clusters/test_delineation.py::test_related_at_its_ends"),
    ("clusterlab/diamond/gap.py", "(own + base_rows) / 2", "(own + base_rows) * 2", "diamond/test_gap.py::test_by_hand"),
    ("clusterlab/districts/memberships.py", "** -2.0", "** 2.0", "districts/test_membership.py::test_two_features_by_hand"),
    ("clusterlab/linkages/piping.py", "np.maximum(here.world - state, 0)", "np.maximum(here.world + state, 0)", "linkages/test_pipelines.py::test_two_firms_by_hand"),
    ("clusterlab/location/two_regions.py", "(rho + mu) * (1 + mu)", "(rho + mu) * (1 - mu)", "location/test_two_regions.py::test_break_and_sustain_points_match_their_equations_for_100_pairs"),
    ("clusterlab/networks/measures.py", "share**2 * (1 -", "share*2 * (1 -", "networks/test_measures.py::test_specificity_by_hand"),
    ("clusterlab/policy/growing.py", "one + 2 * two", "one - 2 * two", "policy/test_growing.py::test_the_years_it_takes_are_an_integral"),
    ("clusterlab/regions/inequality.py", "_divergence(income / mean, index)", "_divergence(income * mean, index)", "regions/test_inequality.py::test_by_hand"),
    ("clusterlab/relocation/tasks.py", "saving - coordination * tacit", "saving + coordination * tacit", "relocation/test_tasks.py::test_against_a_computation_task_by_task[selective]"),
    ("clusterlab/transitions/markov.py", "flows[:k, k] /= flows", "flows[:k, k] *= flows", "transitions/test_markov.py::test_long_run_and_first_passage_of_a_matrix"),
]  # fmt: skip


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """Return a copy of the tree, in which code may be wrong."""
    if not shutil.which("git") or not (mutants.ROOT / ".git").exists():
        pytest.skip("what belongs to the checkout is told by git")
    if "forkserver" not in multiprocessing.get_all_start_methods():
        pytest.skip("no processes are forked on Windows")
    return mutants.copy_of_the_tree(tmp_path_factory.mktemp("mutants") / "tree")


@pytest.mark.parametrize(("module", "right", "wrong", "test"), WRONG, ids=lambda each: each)
def test_a_wrong_formula_is_seen(tree, module, right, wrong, test):
    text = (mutants.ROOT / module).read_text(encoding="utf-8")
    assert text.count(right) >= 1
    rounds = [([f"tests/{test.partition('::')[0]}"], {f"tests/{test}": 1.0})]
    assert mutants.judged(tree, module, text.replace(right, wrong, 1), rounds) == f"tests/{test}"


def test_the_right_formulas_pass(tree):
    """Or what is killed would say nothing."""
    tests = [f"tests/{test}" for *_, test in WRONG[:4]]
    rounds = [([test.partition("::")[0] for test in tests], dict.fromkeys(tests, 1.0))]
    module, *_ = WRONG[0]
    text = (mutants.ROOT / module).read_text(encoding="utf-8")
    assert mutants.judged(tree, module, text + "\n", rounds) == ""


def test_what_is_explained_still_stands_there():
    for (module, line, mutant), reason in mutants.explained().items():
        lines = (mutants.ROOT / module).read_text(encoding="utf-8").splitlines()
        assert line in map(str.strip, lines), f"{module} has no longer the line {line}"
        assert line != mutant
        assert reason
