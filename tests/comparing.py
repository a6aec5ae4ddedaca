"""Comparing models, part by part."""

from windowner.tagger.model import Model


def assert_same_model(found: Model, expected: Model) -> None:
    """See that two models hold the same in every part, to the bit."""
    tables = [(table.name, table.trainable, list(table.values), table.feature) for table in found.network.tables]
    assert tables == [(t.name, t.trainable, list(t.values), t.feature) for t in expected.network.tables]
    arrays, others = found.network.parameters, expected.network.parameters
    assert arrays.keys() == others.keys()
    for name, array in arrays.items():
        assert (array.shape, array.dtype, array.tobytes()) == (
            others[name].shape,
            others[name].dtype,
            others[name].tobytes(),
        ), name
    assert found.network.nonlinearity == expected.network.nonlinearity
    assert found.tags.names == expected.tags.names
    assert found.config.as_dict() == expected.config.as_dict()
    names = [None if model.gazetteer is None else model.gazetteer.lines() for model in (found, expected)]
    assert names[0] == names[1]
    assert found.rules == expected.rules
    assert (found.temperature, found.threshold) == (expected.temperature, expected.threshold)
    assert found.tokenizer == expected.tokenizer
    assert found.provenance == expected.provenance
