"""Reader of the API's guide: the calls that it shows, carried out in order against a market.

Each call is a curl command in a block of shell. A comment after it tells the status of the answer and what later
calls need of it: `# 201, keep CART=X-Cart-Token, TOTAL=.data.total_minor`. A block of JSON after it shows a part of
the answer; `"…"` stands for any value there. Bash reads quotes, variables and here-documents, as a reader's shell does.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

FENCE = re.compile(r"^```(?P<language>sh|json)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
SAYS = re.compile(r"# (?P<status>\d{3})(?:, keep (?P<keeps>.+))?")
PART = re.compile(r"\.(?P<name>\w+)|\[(?P<index>\d+)\]")
ANYTHING = "…"
AS_ARGUMENTS = 'curl() { printf "%s\\0" "$@"; [ "$BODY" = 0 ] || cat; }\n'


class GuideError(AssertionError):
    """The guide shows what is not so."""


class Sent(NamedTuple):
    """A call as curl would send it."""

    method: str
    url: str
    headers: dict[str, str]
    body: str | None


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: Any


@dataclass
class Step:
    """A command of the guide with what is said about its answer."""

    command: str
    line: int
    status: int = 0
    keeps: dict[str, str] = field(default_factory=dict)
    shown: list[Any] = field(default_factory=list)

    @property
    def is_call(self) -> bool:
        """Return whether it asks for something, not just names a value."""
        return self.command.startswith("curl ")


def steps_of(guide: str) -> list[Step]:
    """Return the commands of a guide in their order.

    Raises:
        GuideError: a block can't be read, or says nothing of an answer.
    """
    steps: list[Step] = []
    for fence in FENCE.finditer(guide):
        line = guide.count("\n", 0, fence.start()) + 2
        if fence["language"] == "sh":
            steps += _commands(fence["body"], line)
        elif steps:
            steps[-1].shown.append(json.loads(fence["body"]))
    if silent := [step.line for step in steps if step.is_call and not step.status]:
        raise GuideError(f"Say the status of the answer after the calls at {silent}.")
    return steps


def _commands(block: str, first_line: int) -> Iterator[Step]:
    lines, step = iter(enumerate(block.splitlines(), first_line)), None
    for number, line in lines:
        if says := SAYS.fullmatch(line.strip()):
            if step is None:
                raise GuideError(f"line {number}: there is no command before this")
            step.status, step.keeps = int(says["status"]), _kept_of(says["keeps"])
        elif line.strip():
            if step is not None:
                yield step
            step = Step(_whole(line, lines), number)
    if step is not None:
        yield step


def _whole(line: str, lines: Iterator[tuple[int, str]]) -> str:
    """Return a command with its continued lines and its here-document."""
    command = line
    while command.endswith("\\"):
        command += "\n" + next(lines)[1]
    if here := re.search(r"<<(\w+)$", command):
        for _, more in lines:
            command += "\n" + more
            if more == here[1]:
                break
    return command


def _kept_of(text: str | None) -> dict[str, str]:
    return dict(part.split("=", 1) for part in text.split(", ")) if text else {}


def run_guide(
    guide: str, *, send: Callable[[Sent], Answer], values: dict[str, str], after: Callable[[Sent, Answer], None]
) -> list[Step]:
    """Carry out the calls of a guide, and hold its words to the answers.

    Args:
        values: shell variables to begin with; those that calls keep are added.
        after: called after each call.

    Raises:
        GuideError: an answer is another than the guide says.
    """
    steps = steps_of(guide)
    for step in steps:
        if not step.is_call:
            name, _, _ = step.command.partition("=")
            values.setdefault(name, _bash(f'{step.command}\nprintf "%s" "${name}"', values))
            continue
        sent = read_call(step.command, values)
        answer = send(sent)
        place = f"line {step.line}, {sent.method} {sent.url}"
        if answer.status != step.status:
            raise GuideError(f"{place}: {answer.status} is not {step.status}: {str(answer.body)[:600]}")
        for part in step.shown:
            if fault := difference(part, answer.body):
                raise GuideError(f"{place}: {fault}")
        values |= {name: _found(source, answer, place) for name, source in step.keeps.items()}
        after(sent, answer)
    return steps


def read_call(command: str, values: dict[str, str]) -> Sent:
    """Return the call that a curl command would send.

    Raises:
        GuideError: it has an option that this reader does not know.
    """
    has_body = "@-" in command
    raw = _bash(f"BODY={int(has_body)}\n{AS_ARGUMENTS}{command}", values)
    *arguments, rest = raw.split("\0")
    method, url, headers, body = "", "", {}, None
    words = iter(arguments)
    for word in words:
        if word in {"-X", "-H", "--json"}:
            value = next(words)
            if word == "-X":
                method = value
            elif word == "-H":
                name, _, text = value.partition(":")
                headers[name] = text.strip()
            else:
                body = rest if value == "@-" else value
                headers |= {"Content-Type": "application/json", "Accept": "application/json"}
        elif word.startswith("-"):
            raise GuideError(f"{word} is not read here: {command}")
        else:
            url = word
    return Sent(method or ("GET" if body is None else "POST"), url, headers, body)


def _bash(script: str, values: dict[str, str]) -> str:
    asked = ["bash", "-uc", script]
    done = subprocess.run(asked, env={"PATH": "/usr/bin:/bin", **values}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise GuideError(done.stderr)
    return done.stdout


def _found(source: str, answer: Answer, place: str) -> str:
    """Return a header of an answer, or a value of its body by a path such as `.data.results[0].id`."""
    if not source.startswith("."):
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if source.lower() not in headers:
            raise GuideError(f"{place}: there is no header {source}")
        return headers[source.lower()]
    found = answer.body
    for part in PART.finditer(source):
        try:
            found = found[part["name"]] if part["name"] else found[int(part["index"])]
        except (KeyError, IndexError, TypeError) as error:
            raise GuideError(f"{place}: there is no {source} in {str(answer.body)[:600]}") from error
    return str(found)


def difference(shown: Any, answered: Any, path: str = "") -> str:
    """Return where an answer is not what is shown of it; nothing where all that is shown is there."""
    if shown == ANYTHING:
        return ""
    if isinstance(shown, dict) and isinstance(answered, dict):
        faults = (
            difference(value, answered[name], f"{path}.{name}") if name in answered else f"{path}.{name} is missing"
            for name, value in shown.items()
        )
        return next(filter(None, faults), "")
    if isinstance(shown, list) and isinstance(answered, list):
        return _difference_of_lists(shown, answered, path)
    return "" if shown == answered and type(shown) is type(answered) else f"{path} is {answered!r}, not {shown!r}"


def _difference_of_lists(shown: list[Any], answered: list[Any], path: str) -> str:
    """Compare entry by entry; a last `"…"` stands for any more of them."""
    is_open = shown[-1:] == [ANYTHING]
    named = shown[:-1] if is_open else shown
    if len(named) > len(answered) or (len(named) < len(answered) and not is_open):
        return f"{path} has {len(answered)} entries, not {len(named)}"
    faults = (difference(a, b, f"{path}[{at}]") for at, (a, b) in enumerate(zip(named, answered, strict=False)))
    return next(filter(None, faults), "")
