"""The card of a run's model, in Markdown. Each figure comes from the run's files. What they lack is "not stated"."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from windowner.files import shown_path
from windowner.markup.markdown import code, escape, table
from windowner.report.card_data import NOT_STATED, citation_section, data_section
from windowner.report.card_limits import limits
from windowner.report.card_scores import calibration_section, score_section
from windowner.runs.file_names import CONFIG_NAME, MODEL_NAME
from windowner.runs.folder import RunFolder, read_run
from windowner.tagger.facts import ModelFacts, described_versions, parameters, preset_of
from windowner.text.wording import UNTYPED, count_of


def model_card(path: Path, licences: Mapping[str, str]) -> str:
    """Return the card of a run's model.

    Parameters
    ----------
    path
        The run's folder.
    licences
        Licences that the user states: of `train`, `dev`, `test`, `data` (all three), `vectors` and `model`.

    Raises
    ------
    DataError, ConfigError, ModelError
        The run cannot be read.
    """
    run = read_run(path)
    facts = ModelFacts.read(path / MODEL_NAME)
    sections = {
        "What it is": _what(run, facts),
        "Data and licences": data_section(run, facts, licences),
        "Scores": score_section(run),
        "Calibration": calibration_section(run),
        "Limits": iter([limits(run)]),
        "Sizes": _sizes(run, facts),
        "Words of the training text": iter([escape(facts.words.describe())]),
        "Train it again": _again(run, path),
        "How to cite": citation_section(run, facts),
    }
    parts = [f"# {escape(run.config.name)}"]
    for title, paragraphs in sections.items():
        parts += [f"## {title}", *paragraphs]
    run.check_same()
    return "\n\n".join(parts) + "\n"


def _what(run: RunFolder, facts: ModelFacts) -> Iterator[str]:
    model, config = facts.model, facts.model.config
    types = ", ".join(escape(name) or UNTYPED for name in model.tags.types)
    yield (
        f"A tagger of named entities of the types {types}. A network reads a window of {2 * config.model.radius + 1} "
        f"words and gives the middle one a tag. It was trained with windowner, and tags with "
        f"{code('windowner tag')}."
    )
    networks = config.train.ensemble
    vectors = escape(_last(str(config.vectors.source))) or "none: word vectors began at random"
    yield table(
        ["part", "value"],
        [
            ["word vectors", f"{vectors}; {escape(str(config.vectors.mode))}"],
            ["hidden layer", f"{config.model.hidden} units, {config.model.nonlinearity}"],
            ["networks", f"{networks}, merged into one" if networks != 1 else "1"],
            ["output", "a linear chain over the sentence" if config.model.loss == "sentence" else "a softmax per word"],
            ["reads the document", "yes" if model.reads_documents else "no"],
            ["reads characters", "yes" if model.network.characters is not None else "no"],
            ["gazetteer", "no" if model.gazetteer is None else count_of(len(model.gazetteer.lines()), "name")],
            ["rules beside the network", "no" if model.rules is None else f"{len(model.rules.lines):,}"],
            ["threshold", f"{model.threshold:.2f} nats are subtracted from O's score"],
            ["preset", escape(str(preset_of(config) or "none: own values"))],
        ],
        text_columns=2,
    )


def _sizes(run: RunFolder, facts: ModelFacts) -> Iterator[str]:
    sizes = parameters(facts.model)
    yield table(
        ["what", "value"],
        [
            ["model file", f"{facts.bytes:,} bytes, format {facts.format}"],
            ["digest of the model", code(facts.digest) if facts.digest else f"{NOT_STATED}: format 1 holds none"],
            ["parameters", f"{sizes['all']:,}, of which training could move {sizes['trained']:,}"],
            *(
                [f"table {escape(each.name)}", f"{len(each.E):,} rows of {each.size}"]
                for each in facts.model.network.tables
            ),
            ["training", f"{run.metrics['train_seconds']:.1f} seconds"],
            ["speed of training", f"{run.metrics['windows_per_second']:,.0f} windows per second"],
            ["kept epoch", f"{run.metrics['best_epoch']} of {run.metrics['epochs']}"],
        ],
        text_columns=2,
    )


def _again(run: RunFolder, path: Path) -> Iterator[str]:
    init = run.tagger.model.provenance.get("data", {}).get("init")
    start = " --init MODEL" if init else ""
    yield f"```\nwindowner train {shown_path(path / CONFIG_NAME)} --out again{start}\n```"
    yield (
        "`config.toml` of the run holds every key. The same texts, vectors and seed give the same model on the same "
        f"machine with the same versions of windowner and NumPy. Versions of this training: {_versions(run)}."
    )
    if init:
        yield f"MODEL is the file with the BLAKE2b {code(str(init.get('blake2b', NOT_STATED)))}."


def _versions(run: RunFolder) -> str:
    return escape(described_versions(run.tagger.model.provenance)) or NOT_STATED


def _last(path: str) -> str:
    return Path(path).name
