"""Rows of `structure` as functions of a graph."""

from clusterlab.networks import structure


def measured(name):
    return lambda graph: structure(graph, [name]).loc[name, "value"]


customers_per_supplier = measured("customers per supplier")
reciprocity = measured("reciprocity")
size_inequality = measured("size inequality")
specificity = measured("asset specificity")
switching = measured("switching")
