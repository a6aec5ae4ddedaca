"""Small networks and texts of drawn shapes, for the tests of inputs, network and training."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # for matrices this small, threads only wait for each other

import numpy as np
import pytest
from browsing import browser_fixture  # noqa: F401 - so that every folder can ask for the browser
from hypothesis import settings
from object_store import bucket_fixture, store_port_fixture  # noqa: F401
from registered_stores import registered_fixture  # noqa: F401

from windowner.engines.engine import Engine
from windowner.engines.opening import open_engine
from windowner.inputs.alphabet import MARKS, Alphabet
from windowner.inputs.batches import Batch, Distinct, make_batch
from windowner.inputs.encoding import EncodedText, lay_out
from windowner.inputs.features import Feature
from windowner.inputs.mentions import ALONE
from windowner.inputs.tables import PAD, Table
from windowner.network.activations import Masks
from windowner.network.chain.scores import Chain
from windowner.network.characters import CharacterNetwork
from windowner.network.document import DocumentHead
from windowner.network.model import WindowNetwork
from windowner.network.nonlinearities import NONLINEARITIES

settings.register_profile("untimed", deadline=None)  # a test asserts no times
settings.load_profile("untimed")

FEATURES = (None, Feature("capitals"), Feature("shape"), Feature("suffix", "3"))  # of drawn tables; None: words


@dataclass(frozen=True)
class Case:
    """A float64 network, and a text of which it can take windows; F holds the rows of all forms, form 0 the padding."""

    network: WindowNetwork
    text: EncodedText
    F: np.ndarray

    def with_network(self, **changes) -> "Case":
        return replace(self, network=replace(self.network, **changes))

    def with_trainable(self, *rows) -> "Case":
        """The case with this many first rows of each table that may move."""
        pairs = zip(self.network.tables, rows, strict=True)
        return self.with_network(tables=[replace(table, trainable=count) for table, count in pairs])

    def batch(self, order=None) -> Batch:
        """All windows of the text, or those of the sentences `order`."""
        text = self.text if order is None else self.text.take(np.asarray(order))
        return make_batch(text, self.F, Distinct(len(self.F)))

    def masks(self, rng: np.random.Generator, batch: Batch) -> Masks:
        """Masks that drop about half of everything."""
        D, _, H = self.network.W.shape
        kept = (rng.random((len(batch.F), D)) < 0.5, rng.random((batch.S.shape[0], H)) < 0.5)
        return Masks(*(2.0 * mask for mask in kept))

    def corner_distance(self) -> float:
        """How near any hidden unit is to a corner of the nonlinearity; a difference across it is no slope."""
        batch = self.batch()
        z1 = self.network.preactivations(self.network.embed(batch.F), batch.S)
        return min((np.abs(z1 - z).min() for z in NONLINEARITIES[self.network.nonlinearity].corners), default=np.inf)


def draw_case(
    rng: np.random.Generator,
    *,
    lengths=(3, 1, 4),
    forms=4,
    tables=((7, 3), (3, 2)),
    radius=1,
    hidden=4,
    tags=3,
    nonlinearity="tanh",
    frozen=0,
    chain=False,
    documents=(),
    characters=False,
) -> Case:
    """Draw a case of these shapes; the last `frozen` rows of the first table, the word vectors, may not move.

    There are fewer forms than tokens and few rows a table, so that forms repeat in the text and rows among the forms.
    `documents` are numbers of sentences; with them the network reads documents. With `characters` it reads those.
    """
    V, D = [rows for rows, _ in tables], sum(size for _, size in tables)
    network = WindowNetwork(
        tables=[
            Table(feature.name if feature else "words", rng.normal(size=shape), shape[0], feature=feature)
            for feature, shape in zip(FEATURES, tables, strict=False)
        ],
        W=0.5 * rng.normal(size=(D, 2 * radius + 1, hidden)),
        b1=0.5 * rng.normal(size=hidden),
        U=rng.normal(size=(hidden, tags)),
        b2=rng.normal(size=tags),
        nonlinearity=nonlinearity,
    )
    network = replace(network, tables=[replace(network.tables[0], trainable=V[0] - frozen), *network.tables[1:]])
    F = np.stack([rng.integers(1, rows, forms + 1) for rows in V], axis=1).astype(np.int32)
    F[0] = 0
    windows = sum(lengths)
    numbers = rng.integers(1, forms + 1, windows).astype(np.int32)
    y = rng.integers(0, tags, windows).astype(np.int32)
    if chain:  # drawn last, so that all else is the same without one
        scores = Chain(rng.normal(size=(tags, tags)), rng.normal(size=tags), rng.normal(size=tags))
        network = replace(network, chain=scores)
    text = lay_out(numbers, np.array(lengths), y, radius)
    if documents:
        own, others = rng.normal(size=(2, hidden, tags))
        network = replace(network, document=DocumentHead(own, others, rng.normal(size=tags)))
        document_of_word = np.repeat(np.repeat(np.arange(len(documents)), documents), lengths)
        is_alone = np.repeat(np.repeat(np.array(documents) == 1, documents), lengths)
        text = replace(text, groups=np.where(is_alone, ALONE, document_of_word * (forms + 1) + numbers))
    if characters:
        network, spelled = with_characters(rng, network, forms)
        F = np.concatenate([F, spelled], axis=1)
    return Case(network, text, F)


SPELLED = ("aaaaa", "b", "ab" * 50, "zé", "cabab", "")  # repeats, one character, a hundred, two without rows, none


def with_characters(rng, network, forms, filters=8):
    """The network with a character network, and the characters of all its forms, of which form 0 is the padding."""
    alphabet = Alphabet([*MARKS, *"abcd"])
    W = np.concatenate([network.W, 0.5 * rng.normal(size=(filters, *network.W.shape[1:]))])
    sizes = (len(alphabet), 2), (2, 3, filters), (filters,)
    spelled = alphabet.spell([SPELLED[form % len(SPELLED)] for form in range(forms + 1)])
    spelled[1:], spelled[0] = spelled[:-1].copy(), PAD
    own = CharacterNetwork(alphabet, *(rng.normal(size=size) for size in sizes))
    return replace(network, W=W, characters=own), spelled


@pytest.fixture(scope="session", autouse=True)
def ctrl_c() -> None:
    """Ctrl-C interrupts the tests' commands even where a shell has started the tests in the background, ignoring it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(name="draw_case", scope="session")
def draw_case_fixture():
    """`draw_case(rng, lengths=..., tables=..., ...)`, see there; a fixture, so that every folder can ask for it."""
    return draw_case


@pytest.fixture(scope="session")
def ray_engine() -> Iterator[Engine]:
    """Ray with two workers, started once for all tests, since that takes seconds; its workers import `engine_work`."""
    pytest.importorskip("ray")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent / "engines"), prepend=os.pathsep)
        patch.delenv("RAY_ADDRESS", raising=False)
        with open_engine("ray", jobs=2) as engine:
            yield engine


CORPUS = """\
Paris\tB-LOC\nis\tO\nbig\tO\n
John\tB-PER\nSmith\tI-PER\nlives\tO\nin\tO\nNew\tB-LOC\nYork\tI-LOC\n
Mary\tB-PER\nleft\tO\nLondon\tB-LOC\n
Stop\tO\n
Rome\tB-LOC\nand\tO\nParis\tB-LOC\nare\tO\nold\tO\n
Paul\tB-PER\nSmith\tI-PER\nsaw\tO\nMary\tB-PER\n
"""

CONFIG = """\
[data]
train = "train.conll"
dev = "train.conll"

[features]
min_count = 1

[model]
loss = "word"
hidden = 12
document = "off"

[train]
batch = 8
epochs = 20
patience = 20
learning_rate = 0.02
"""


@pytest.fixture
def tiny_config(tmp_path):
    """Path of a config without vectors, over a corpus of six sentences that is its own dev set."""
    (tmp_path / "train.conll").write_text(CORPUS, encoding="utf-8")
    path = tmp_path / "tiny.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path
