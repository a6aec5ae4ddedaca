"""Which words of its training text a model file holds. Whoever gets the file can read them.

    without a vector    words of the training text that no pretrained vectors hold: rows of their own
    fine-tuned          pretrained words that occur in the training text: rows that training could move
    gazetteer           entities of the training text, with `features.gazetteer_train`

These are the first rows of a table of word vectors (`inputs/words.py`). With frozen vectors, the file does not say
which pretrained words occur in the training text, although these stand first. A file holds single words, affixes and
characters. It holds no sentence.
"""

from dataclasses import dataclass
from typing import Any

from windowner.inputs.tables import FIRST
from windowner.tagger.model import Model
from windowner.text.wording import count_of


@dataclass(frozen=True)
class HeldWords:
    """Words that a model file holds.

    Parameters
    ----------
    training
        Words that are known to come from the training text, in the order of the file.
    names
        Names of the gazetteer, where it was made from the training text, too.
    others
        Number of words of which the file does not say whether they occur in the training text.
    hidden
        Whether some of these others do occur there: pretrained words, where the vectors are frozen.
    values
        Number of values of each table of a feature, such as suffixes, and of characters. They come from the training
        text.
    """

    training: list[str]
    names: list[str]
    others: int
    hidden: bool
    values: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers, for JSON."""
        return {
            "of_training_text": len(self.training),
            "names_of_gazetteer": len(self.names),
            "other_words": self.others,
            "others_hold_training_words": self.hidden,
            "values": self.values,
        }

    def describe(self) -> str:
        """Return the numbers as sentences."""
        names = f" and {count_of(len(self.names), 'name')} of its entities" if self.names else ""
        found = [
            f"The file holds {count_of(len(self.training), 'word')} of the training text{names}. Whoever gets the file "
            "can read them. The option --words of windowner info lists them."
        ]
        if self.others:
            found.append(f"It holds {count_of(self.others, 'further word')} of the pretrained vectors.")
        if self.hidden:
            found.append(
                "The vectors are frozen, so words of the training text that have a vector are among these. They stand "
                "before the others."
            )
        values = ", ".join(f"{name} {number:,}" for name, number in self.values.items() if number)
        if values:
            found.append(f"It holds values of features from the training text: {values}.")
        return " ".join([*found, "It holds no sentence."])


def held_words(model: Model) -> HeldWords:
    """Return the words of its training text that a model's file holds."""
    words = [table for table in model.network.tables if table.feature is None]
    first = [list(table.values[: max(0, table.trainable - FIRST)]) for table in words]
    known = dict.fromkeys(word for values in first for word in values)
    held = {word for table in words for word in table.values}
    from_text = model.gazetteer is not None and model.config.features.gazetteer_train > 0
    characters = model.network.characters
    values = {table.name: len(table.values) for table in model.network.tables if table.feature is not None}
    if characters is not None:
        values["characters"] = len(characters.alphabet.values)
    return HeldWords(
        training=list(known),
        names=model.gazetteer.lines() if model.gazetteer is not None and from_text else [],
        others=len(held - known.keys()),
        hidden=model.config.vectors.mode == "frozen" and bool(held - known.keys()),
        values=values,
    )
