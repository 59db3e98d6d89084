from constrain.regex.term import Term
from constrain.regex.tree import Node


def language(node: Node, *, search: bool) -> Term | None:
    return None
