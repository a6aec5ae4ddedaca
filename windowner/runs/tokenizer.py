"""Which tokenizer a model keeps for raw text."""

from windowner.config.config import Config
from windowner.text.choosing import AUTO, compare_tokenizers
from windowner.text.sentence import Corpus
from windowner.training.observer import Observer


def choose_tokenizer(config: Config, train: Corpus, observer: Observer) -> str:
    """Return the name of the tokenizer for raw text, so that it is tokenized as the training text is.

    Of a corpus that was raw text itself it is the tokenizer that found the tokens. Otherwise it is `data.tokenizer`,
    or with `auto` the tokenizer that agrees best with the training tokens.
    """
    if train.tokenizer or config.data.tokenizer != AUTO:
        return train.tokenizer or config.data.tokenizer
    best = compare_tokenizers(train.tokens)[0]
    observer.note(
        f"tokenizer: {best.tokenizer}, for raw text; it agrees best with the training tokens ({100 * best.f1:.1f} %)"
    )
    return best.tokenizer
