"""Vocabularies: token ids to exact bytes, the flat token trie, and the tables that no constraint changes."""

from __future__ import annotations

from constrain.vocabulary.lexemes import Lexemes
from constrain.vocabulary.trie import Trie
from constrain.vocabulary.vocabulary import Vocabulary

__all__ = ["Lexemes", "Trie", "Vocabulary"]
