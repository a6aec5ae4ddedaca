"""A tagger as a component of spaCy. It needs the extra `spacy`.

    nlp = spacy.blank("en")
    nlp.add_pipe("windowner", config={"model": "runs/wikigold"})
    [(entity.text, entity.label_, entity._.probability) for entity in nlp("Paris is big.").ents]

spaCy imports this module, by the entry point `spacy_factories`, in each process that makes a pipeline. So the component
itself is imported when it is made. Its import takes 0.3 CPU seconds, and that of spaCy 1.0.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from windowner.adapters.spacy_component import WindowEntities

try:
    from spacy.language import Language
except ImportError:
    raise ImportError('windowner.adapters.spacy needs the spacy extra: pip install "windowner[spacy]"') from None


def make_component(nlp: Any, name: str, model: str, overwrite_ents: bool) -> "WindowEntities":
    """Return the component of `nlp.add_pipe("windowner", config={"model": ...})`.

    Parameters
    ----------
    nlp
        The pipeline.
    name
        Name of the component in it.
    model
        A run's folder or a model file.
    overwrite_ents
        Whether the tagger's entities replace those of other components that they overlap.
    """
    from windowner.adapters.spacy_component import WindowEntities

    return WindowEntities(name, model, overwrite_ents=overwrite_ents)


Language.factory(
    "windowner",
    default_config={"overwrite_ents": False},
    assigns=["doc.ents", "token.ent_iob", "token.ent_type", "span._.probability"],
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
    func=make_component,
)
