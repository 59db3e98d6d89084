"""The automaton in plain Python: the definition that the native core must agree with, written for reading.

`ReferenceMachine` runs any context-free grammar byte by byte; `ReferenceAutomaton` lifts it to the tokens of a vocabulary.
Read `machine` first, then `closure` and `stacks`; `corners` and `names` are what they stand on. It is also what runs
where no compiler was at hand, some thirty times slower than the native core.
"""

from constrain.automaton.reference.machine import ReferenceMachine
from constrain.automaton.reference.tokens import ReferenceAutomaton

__all__ = ["ReferenceAutomaton", "ReferenceMachine"]
