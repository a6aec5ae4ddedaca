"""The table of checks, and the functions that run it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from windowner.checks.entities import entity_ends, entity_labels, forgotten_entities, rare_types, unknown_types
from windowner.checks.findings import Finding
from windowner.checks.labelled import Labelled
from windowner.checks.lost_or_invisible import invisible_characters, lost_characters
from windowner.checks.sentences import long_sentences, one_token_sentences, repeated_sentences, sentence_labels
from windowner.checks.tags import ill_formed_tags
from windowner.checks.tokens import tokenization
from windowner.checks.words import missing_vectors


@dataclass(frozen=True)
class Check:
    """A check of labelled data.

    Parameters
    ----------
    name
        Its name.
    seeks
        What it looks for.
    why
        Why that matters, as a sentence.
    fix
        What to do, as a sentence.
    find
        Returns what it finds.
    """

    name: str
    seeks: str
    why: str
    fix: str
    find: Callable[[Labelled], Iterable[Finding]]


CHECKS = (
    Check(
        "repeated-sentences",
        "sentences that are both in train and in dev or test",
        "The tagger has seen the answer, so its score is too high.",
        "Remove them from train.",
        repeated_sentences,
    ),
    Check(
        "sentence-labels",
        "equal sentences with different labels",
        "At least one of them is labelled wrongly.",
        "Choose one labelling for all of them.",
        sentence_labels,
    ),
    Check(
        "entity-labels",
        "words that are entities of different types",
        "Some words have several meanings, but the rarest type is often a mistake.",
        "Read the lines, those of the rarest type first, and correct the mistakes.",
        entity_labels,
    ),
    Check(
        "forgotten-entities",
        "words without a label that are labelled elsewhere",
        "A forgotten entity teaches the tagger to miss others, or counts as its mistake.",
        "Read the lines, and label the entities among them.",
        forgotten_entities,
    ),
    Check(
        "rare-types",
        "types with fewer than 20 entities in train",
        "A type is not learnt from so few examples.",
        "Label more of them, or merge the type with another.",
        rare_types,
    ),
    Check(
        "unknown-types",
        "types of dev or test that train lacks",
        "The tagger never finds entities of these types, and they count as missed.",
        "Correct the type's name, or move some of these sentences into train.",
        unknown_types,
    ),
    Check(
        "ill-formed-tags",
        "tags that break the rules of their scheme",
        "Where the entity starts or ends is a guess.",
        "Correct the tag.",
        ill_formed_tags,
    ),
    Check(
        "long-sentences",
        "very long sentences",
        "Blank lines are probably missing, and words of different sentences stand in one window.",
        "Put a blank line after each sentence.",
        long_sentences,
    ),
    Check(
        "one-token-sentences",
        "very many sentences of one token",
        "Blank lines probably stand between tokens, and windows see no neighbours.",
        "Remove the blank lines inside of sentences.",
        one_token_sentences,
    ),
    Check(
        "lost-characters",
        "characters that were lost, misread or escaped",
        "Such words have no vector, and do not occur in correct text.",
        "Make the file again from its source: read it in its encoding, and decode HTML entities.",
        lost_characters,
    ),
    Check(
        "invisible-characters",
        "control characters, invisible characters and white space in tokens",
        "A word with an invisible character is another word for the tagger.",
        "Remove them from the tokens.",
        invisible_characters,
    ),
    Check(
        "tokenization",
        "tokens that the tokenizer of raw text makes differently",
        "In raw text the tagger meets other tokens than it has learnt.",
        "Split the tokens as the tokenizer does, or choose another tokenizer (`data.tokenizer`).",
        tokenization,
    ),
    Check(
        "entity-ends",
        "entities that start or end in punctuation",
        "Where an entity ends is labelled in different ways, so the tagger cannot learn it.",
        "Leave the punctuation outside of the entity, unless it is part of the name.",
        entity_ends,
    ),
    Check(
        "missing-vectors",
        "splits with many tokens that have no pretrained vector",
        "Words without a vector are learnt from the training data alone.",
        "Choose vectors of the text's language and kind, or train some with `windowner vectors train`.",
        missing_vectors,
    ),
)
"""All checks, in the order in which they are shown."""


@dataclass(frozen=True)
class Result:
    """A check, and what it found."""

    check: Check
    findings: Sequence[Finding]

    def as_dict(self) -> dict[str, Any]:
        """Return the result for JSON."""
        findings = [finding.as_dict() for finding in self.findings]
        check = self.check
        return {"check": check.name, "seeks": check.seeks, "why": check.why, "fix": check.fix, "findings": findings}


def run_checks(data: Labelled, skip: Collection[str] = ()) -> list[Result]:
    """Run all checks but those with these names; return the results of those that found something."""
    results = (Result(check, list(check.find(data))) for check in CHECKS if check.name not in skip)
    return [result for result in results if result.findings]
