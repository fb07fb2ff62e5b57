"""False discoveries held down over everything that was tested on one day."""

from __future__ import annotations

import numpy as np

from hotwords.regression import Floats


def q_values(p_values: Floats, attainable: Floats) -> Floats:
    """Return for each test the smallest false-discovery rate at which it is called a discovery.

    Benjamini & Hochberg (JRSS B 57, 1995): sort the p-values; the rate at a threshold ``t`` is
    the number of tests expected to pass ``t`` by chance over the number that did pass. Their
    expected number is ``t`` per test; counts are discrete and have a minimum support, so a test
    passes by chance with at most ``min(t, a)``, where ``a`` is the chance that it has the minimum
    support at all. That is what Heyse (Recent Advances in Biostatistics, 2011) and Gilbert (JRSS
    C 54, 2005) do for discrete tests: a hundred thousand rare words cost next to nothing. With
    ``a = 1`` everywhere it is exactly Benjamini and Hochberg.

    Args:
        p_values: Shape ``(n,)``; 1 for a series without the minimum support.
        attainable: ``a`` above, 0 to 1, shape ``(n,)``, or longer: further series that were
            looked at and lack the minimum support.
    """
    result = np.ones_like(p_values)
    # A test without support is passed at no threshold below 1, so it is no discovery to divide by.
    tested = np.flatnonzero(p_values < 1.0)
    order = tested[np.argsort(p_values[tested], kind="stable")]
    threshold = p_values[order]
    by_chance = _passing_by_chance(threshold, np.sort(attainable))
    passed = np.searchsorted(threshold, threshold, side="right")
    rate = np.minimum(by_chance / passed, 1.0)
    result[order] = np.minimum.accumulate(rate[::-1])[::-1]
    return result


def _passing_by_chance(threshold: Floats, attainable: Floats) -> Floats:
    """Return ``sum(min(t, a))`` for each ``t``; ``attainable`` is sorted."""
    below = np.searchsorted(attainable, threshold)
    small = np.concatenate([[0.0], np.cumsum(attainable)])[below]
    return np.asarray(small + threshold * (len(attainable) - below))
