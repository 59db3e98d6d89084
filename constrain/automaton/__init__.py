"""From grammar and vocabulary to masks: the automaton, its native core, and the plain reference beside it."""

from constrain.automaton.constraint import Constraint
from constrain.automaton.engine import is_native
from constrain.automaton.matcher import Matcher
from constrain.automaton.token_automaton import TokenAutomaton
from constrain.automaton.violation import Violation

__all__ = ["Constraint", "Matcher", "TokenAutomaton", "Violation", "is_native"]
