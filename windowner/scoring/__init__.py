"""Entity precision, recall and F1 as conlleval counts them."""

from windowner.scoring.entities import PRF, Scores, entity_f1, find_correct, score
from windowner.scoring.files import score_files

__all__ = ["PRF", "Scores", "entity_f1", "find_correct", "score", "score_files"]
