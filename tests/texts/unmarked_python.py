"""Find texts in modules that are not marked for translation."""

from __future__ import annotations

import ast
import re
from pathlib import PurePath

from tests.architecture.sources import parsed
from tests.texts.extract import marking_names

# What a name says that it holds: a text for people, wherever it is given, kept or listed.
SAYING_WORDS = """
    label legend title text hint message help lead note caption placeholder heading body explanation action summary
    default_message verbose_name verbose_name_plural empty_label reason words sentence unit description
    paragraphs error place_text count_text stock_text chart_unit
    error_messages labels aria-label
    """
SAYING = frozenset(SAYING_WORDS.split())
SHOWING = frozenset({"success", "info", "warning", "error", "add_message", "add_error"})  # messages, forms
# Names behind which texts are for programmers, for the terminal, or for readers of the API's description.
SILENT_CALLS_WORDS = """
    debug info warning error exception critical log warn getLogger print write execute SQL Literal Identifier compile
    match fullmatch sub search split join startswith endswith get pop setdefault strftime strptime getattr setattr
    hasattr RunSQL RunPython Index CheckConstraint UniqueConstraint ExclusionConstraint Func Value F Q RawSQL
    OpenApiExample OpenApiParameter OpenApiResponse extend_schema extend_schema_view extend_schema_serializer
    inline_serializer PolymorphicProxySerializer add_argument TypeVar NewType namedtuple reverse resolve path re_path
    cast refusal search_field include render render_to_string get_template import_module import_string
    say task shared_task
    """
SILENT_CALLS = frozenset(SILENT_CALLS_WORDS.split())
SILENT_ERRORS_WORDS = """
    ValueError TypeError RuntimeError AssertionError KeyError IndexError LookupError NotImplementedError AttributeError
    ProviderUnavailableError UndeliverableError ProviderError WiringError UnboundError
OSError ImproperlyConfigured CommandError UnicodeError CurrencyMismatchError OverflowError SystemExit FileNotFoundError
    """
SILENT_ERRORS = frozenset(SILENT_ERRORS_WORDS.split())
# The first argument is a name, words follow.
LABELLED = frozenset(
    {"AccountTab", "Act", "AuditAction", "Capability", "Entry", "Notice", "Standing", "Step", "relabel"}
)
LOGGERS = frozenset({"logger", "logging", "log"})
SILENT_KEYWORDS = frozenset({"help_text", "examples", "pattern", "sql", "name", "help", "related_name", "dedup_key"})
SILENT_NAMES = re.compile(r"^_*[A-Z0-9_]*(?:SQL|QUERY|STATEMENT|COLUMNS|EXAMPLE|EXAMPLES|PATTERN|DESCRIPTION|DOCS?)S?$")
SILENT_FILES_WORDS = """
    migrations management runtime paystack_sandbox demo replay settings styleguide.py openapi.py examples.py schema.py
    checks.py deployment.py admin.py audit sql
    """
SILENT_FILES = frozenset(SILENT_FILES_WORDS.split())
# What stands at the top of their modules describes the API to programmers.
DESCRIBING = frozenset({"api", "api.py", "serializers", "serializers.py", "models", "models.py", "parameters.py"})
STATEMENT = re.compile(
    r"^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|SET|LOCK|GRANT|REVOKE|FROM|WHERE|ORDER|VALUES|RETURNING|"
    r"JOIN|LEFT|AND|OR|ON|COALESCE|CASE|EXISTS|NOT|DO|RESET|ANALYZE|COMMENT|COPY|local |return |if )\b"
)
PHRASE = re.compile(r"^[a-z]+ [a-z’']+ [a-z ’']+$")  # as a key, it is put into a sentence
WORD = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"^[“(]?[A-Z{][^_/<>=;]*[a-z}’'] [^_<>=]*[a-z0-9}’”)…!?.]$|^[a-z]+ [a-z ,’'-]+[.!?]$")


def unmarked_in_module(source: str, path: PurePath) -> list[str]:
    """Return the texts of a module that are for people and not marked."""
    if SILENT_FILES & {*path.parts}:
        return []
    finder = _Finder(
        frozenset(marking_names(source)), describes_api=bool(DESCRIBING & {*path.parts}), documents="kit" in path.parts
    )
    finder.visit(parsed(source))
    return finder.found


class _Finder(ast.NodeVisitor):
    """Walks a module; below what is silent or marked it looks no further."""

    def __init__(self, marking: frozenset[str], *, describes_api: bool = False, documents: bool = False) -> None:
        self.found: list[str] = []
        self._describes_api = describes_api
        self._documents = documents or describes_api
        self._marking = marking

    def visit_Module(self, node: ast.Module) -> None:
        self._body(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.name not in {"__str__", "__repr__"}:  # for the raw admin and for programmers
            self._body(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._body(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        if any(name in {"TextChoices", "IntegerChoices"} for base in node.bases for name in [_last(base)]):
            self._choices(node)
        else:
            self._body(node)

    def _body(self, node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        first = node.body[0] if node.body else None
        is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
        for decorator in getattr(node, "decorator_list", []):
            self.visit(decorator)
        given = getattr(node, "args", ast.arguments([], [], None, [], [], None, []))
        for each in (*given.defaults, *given.kw_defaults):
            if each is not None:
                self.visit(each)
        for child in node.body[1:] if is_docstring else node.body:
            if not (
                isinstance(node, ast.Module) and self._describes_api and isinstance(child, ast.Assign | ast.AnnAssign)
            ):
                self.visit(child)

    def _choices(self, node: ast.ClassDef) -> None:
        for child in node.body:
            value = getattr(child, "value", None)
            if isinstance(child, ast.Assign) and isinstance(value, ast.Tuple):
                self._said(value.elts[-1])

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring of an attribute
            self.visit(node.value)

    def visit_Assert(self, node: ast.Assert) -> None:
        """A broken assertion is for programmers."""

    def visit_Raise(self, node: ast.Raise) -> None:
        if isinstance(node.exc, ast.Call) and _last(node.exc.func) not in SILENT_ERRORS:
            for argument in [*node.exc.args, *(each.value for each in node.exc.keywords)]:
                self._said(argument)

    def visit_Assign(self, node: ast.Assign) -> None:
        self._kept([name for target in node.targets for name in _names(target)], node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._kept(_names(node.target), node.value)

    def _kept(self, names: list[str], value: ast.expr) -> None:
        if names and all(SILENT_NAMES.match(name) for name in names):
            return
        self._given(names[0].lower() if len(names) == 1 else "", value)

    def visit_Call(self, node: ast.Call) -> None:
        name = _last(node.func)
        if isinstance(node.func, ast.Name) and name in self._marking:
            return
        if name in LABELLED or (name in SHOWING and _owner(node.func) not in LOGGERS):
            for argument in node.args[1:]:
                self._said(argument)
            return
        self.visit(node.func)
        if name in SILENT_CALLS:
            self._below(node.args)
            return
        for argument in node.args:
            self.visit(argument)
        for keyword in node.keywords:
            self._keyword(keyword.arg or "", keyword.value)

    def _keyword(self, name: str, value: ast.expr) -> None:
        if name == "help_text" and not self._documents:
            self._said(value)
        elif name not in SILENT_KEYWORDS:
            self._given(name, value)

    def _below(self, arguments: list[ast.expr]) -> None:
        """Look into what is given, not at it."""
        for argument in arguments:
            if not isinstance(argument, (ast.Constant, ast.JoinedStr)):
                self.visit(argument)

    def visit_Dict(self, node: ast.Dict) -> None:
        if any(self._is_marked(value) for value in node.values):
            self._said(node)
            return
        self.found += [str(key.value) for key in node.keys if isinstance(key, ast.Constant) and _is_phrase(key.value)]
        for key, value in zip(node.keys, node.values, strict=True):
            named = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
            if named not in {"description", "example"}:
                self._given(named, value)

    def visit_Tuple(self, node: ast.Tuple) -> None:
        self._rows(node)

    def visit_List(self, node: ast.List) -> None:
        self._rows(node)

    def _rows(self, node: ast.Tuple | ast.List) -> None:
        """Look at rows of a table: what is marked in one row is a text in all others."""
        rows = [row for row in node.elts if isinstance(row, ast.Tuple)]
        said = {place for row in rows for place, cell in enumerate(row.elts) if self._is_marked(cell)}
        for each in node.elts:
            for place, cell in enumerate(each.elts if isinstance(each, ast.Tuple) else [each]):
                if isinstance(each, ast.Tuple) and place in said:
                    self._said(cell)
                else:
                    self.visit(cell)

    def visit_Compare(self, node: ast.Compare) -> None:
        """What is compared is not shown."""

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and _is_sentence(node.value):
            self.found.append(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        text = _pattern(node)
        if _is_sentence(text):
            self.found.append(text)

    def _is_marked(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self._marking

    def _given(self, name: str, value: ast.expr) -> None:
        if name in SAYING or name.endswith("_labels"):
            self._said(value)
        else:
            self.visit(value)

    def _said(self, node: ast.expr) -> None:
        """Look at what is certainly shown: one word is a text here."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if WORD.search(node.value) and not _is_name(node.value):
                self.found.append(node.value)
        elif isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
            if WORD.search(text) and not _is_name(_pattern(node)):
                self.found.append(_pattern(node))
        elif parts := _parts(node):
            for part in parts:
                self._said(part)
        else:
            self.visit(node)


def _parts(node: ast.expr) -> list[ast.expr]:
    """Return what a text is chosen or put together from."""
    match node:
        case ast.IfExp():
            return [node.body, node.orelse]
        case ast.BoolOp() | ast.Dict():
            return list(node.values)
        case ast.List() | ast.Tuple():
            return list(node.elts)
        case ast.BinOp():
            return [node.left]
    return []


def _is_sentence(text: str) -> bool:
    said = text.strip()
    has_words = len(WORD.findall(said)) > 1 or ("{}" in said and said.endswith((".", "!", "?")))
    return has_words and bool(SENTENCE.match(said)) and not STATEMENT.match(text)


def _is_phrase(key: object) -> bool:
    return isinstance(key, str) and bool(PHRASE.match(key))


def _is_name(text: str) -> bool:
    """Say whether it is a code or an address, not words: `not_found`, `discovery:home`, `/cart/`."""
    return bool(re.fullmatch(r"[a-z0-9_.:/#?=&%{}\[\]-]+", text)) and not text.endswith(".")


def _pattern(node: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def _names(target: ast.expr) -> list[str]:
    if isinstance(target, ast.Tuple):
        return [name for each in target.elts for name in _names(each)]
    return [_last(target)]


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _owner(node: ast.expr) -> str:
    return _last(node.value) if isinstance(node, ast.Attribute) else ""
