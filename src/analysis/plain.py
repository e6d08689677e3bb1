"""Whether code does nothing but call what is known to show or read; read without heavy imports."""

from __future__ import annotations

import ast
import builtins

ITEMWISE = frozenset(
    "figure figures say say_for over_each_base question who_answered count_table headlines "
    "comparison_table panel sensitivity trends external lists findings_table readings indicators "
    "answers".split()
)
"""Calls on a section that show items, figures and sections of the page or named in the call."""

HARMLESS = frozenset(
    "print len sorted list dict tuple set str int float bool round range zip enumerate min max "
    "sum any all open_section".split()
)

OTHER_BUILTINS = frozenset(dir(builtins)) - HARMLESS


def is_plain(cell: str) -> bool:
    """Whether a cell does nothing but open a section and use the calls that are known."""
    try:
        nodes = list(ast.walk(ast.parse(cell)))
    except SyntaxError:
        return False
    assigned = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    for node in nodes:
        if isinstance(node, ast.Import | ast.FunctionDef | ast.ClassDef | ast.Lambda):
            return False
        if isinstance(node, ast.BinOp | ast.AugAssign | ast.JoinedStr):  # a name put together
            return False
        if isinstance(node, ast.Constant) and isinstance(node.value, bytes):
            return False
        if isinstance(node, ast.Name) and node.id in OTHER_BUILTINS:  # under another name
            return False
        if isinstance(node, ast.Subscript) and not isinstance(node.value, ast.Attribute):
            return False  # a part of a text, perhaps a name; of what a section lists it is none
        if isinstance(node, ast.ImportFrom) and not _is_own(node):
            return False
        if isinstance(node, ast.Attribute) and node.attr not in ITEMWISE:
            return False
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id not in HARMLESS | assigned:
                return False
        elif isinstance(node, ast.Call) and not isinstance(node.func, ast.Attribute):
            return False
    return True


def _is_own(node: ast.ImportFrom) -> bool:
    return node.module == "analysis" and {name.name for name in node.names} == {"open_section"}
