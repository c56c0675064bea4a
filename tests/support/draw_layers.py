"""How packages stand on each other: a drawing for the README, and figures; both are made from the code.

``python -m tests.support.draw_layers`` writes the drawing between two marks in ``README.md``. With ``--figures`` it
prints figures instead, with ``--root PATH`` those of another checkout: before and after can be compared.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

import grimp

ROOT: Final = Path(__file__).resolve().parent.parent.parent
PACKAGES: Final = ("clients", "broker", "schemas")
BEGIN, END = "<!-- made by tests.support.draw_layers -->\n", "<!-- end of what is made -->"
Arrows = Mapping[str, Collection[str]]
"""What each thing imports, of things of the same kind."""


class House:
    """A checkout, as its code says.

    Args:
        root: its folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def graph(self) -> grimp.ImportGraph:
        """Which module imports which, also if only when a function is called."""
        sys.path.insert(0, str(self.root))
        try:
            return grimp.build_graph(*PACKAGES, cache_dir=None)
        finally:
            sys.path.remove(str(self.root))

    @cached_property
    def modules(self) -> Arrows:
        """What each module imports."""
        return {each: self.graph.find_modules_directly_imported_by(each) for each in sorted(self.graph.modules)}

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The text of each module."""
        paths = [path for name in PACKAGES for path in sorted((self.root / name).rglob("*.py"))]
        return {_module(path.relative_to(self.root)): path.read_text() for path in paths}

    def children(self, package: str) -> Arrows:
        """What each child of a package imports of the others, itself or anything in it."""
        names = self.graph.find_children(package)
        found: dict[str, set[str]] = {name: set() for name in sorted(names)}
        for source, targets in self.modules.items():
            one = _child(source, package)
            found.get(one, set()).update(_child(target, package) for target in targets)
        return {name: (found[name] & names) - {name} for name in found}

    def layers(self, package: str) -> list[list[str]]:
        """The children of a package from top to bottom, as its contract says; those side by side are together."""
        config = tomllib.loads((self.root / "pyproject.toml").read_text())
        here = self.graph.find_children(package)
        for contract in config["tool"]["importlinter"]["contracts"]:
            if contract.get("containers") == [package]:
                rows = [[f"{package}.{name.strip(' ()')}" for name in row.split("|")] for row in contract["layers"]]
                return [kept for row in rows if (kept := [name for name in row if name in here])]
        return []

    def size(self, package: str) -> tuple[int, int]:
        """How many modules there are in a package, and how many lines."""
        inside = [text for name, text in self.texts.items() if f"{name}.".startswith(f"{package}.")]
        return len(inside), sum(len(text.splitlines()) for text in inside)


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _child(module: str, package: str) -> str:
    """The child of a package in which a module is; the module itself if it is elsewhere."""
    rest = module.removeprefix(f"{package}.")
    return module if rest == module else f"{package}.{rest.partition('.')[0]}"


# The drawing


def draw(house: House) -> str:
    """Every package, its layers from top to bottom, and what each of them imports of the same package.

    What stands in no layer comes last; where there are no layers, only packages are named.
    """
    lines = [f"{'':<16}modules  lines  imports"]
    for package in PACKAGES:
        lines += ["", _row(package, house.size(package), ())]
        layers, children = house.layers(package), house.children(package)
        for number, row in enumerate(layers, 1):
            for name in row:
                mark = f"{number:>2}" if name == row[0] else "  "
                lines.append(_row(f"{mark} {_last(name)}", house.size(name), children[name]))
        placed = {name for row in layers for name in row}
        rest = [name for name in children if name not in placed and (layers or house.graph.find_children(name))]
        lines += [_row(f"   {_last(name)}", house.size(name), children[name]) for name in rest]
    return "\n".join(lines)


def _row(name: str, size: tuple[int, int], imports: Collection[str]) -> str:
    modules, lines = size
    return f"{name:<16}{modules:>7} {lines:>6}  {' '.join(sorted(_last(each) for each in imports))}".rstrip()


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def structure(drawing: str) -> str:
    """A drawing without its sizes: names, layers, and what imports what."""
    return re.sub(r" +[0-9]+ +[0-9]+(?= |$)", "", drawing, flags=re.MULTILINE)


def drawn(readme: str) -> str:
    """The drawing that is in a text."""
    return readme.partition(f"{BEGIN}```\n")[2].partition(f"\n```\n{END}")[0]


# Figures


def strands(arrows: Arrows) -> list[list[str]]:
    """Things that import each other in a circle, by Tarjan's algorithm; a thing alone is in a list of its own.

    What is imported comes before what imports it.
    """
    found: list[list[str]] = []
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    open_: list[str] = []

    def look(one: str) -> None:
        number[one] = low[one] = len(number)
        open_.append(one)
        for other in arrows[one]:
            if other not in number:
                look(other)
            if other in open_:
                low[one] = min(low[one], low[other])
        if low[one] == number[one]:
            at = open_.index(one)
            found.append(open_[at:])
            del open_[at:]

    for each in arrows:
        if each not in number:
            look(each)
    return found


def cycles(house: House) -> list[list[str]]:
    """Every circle of imports, between modules and between the children of a package."""
    graph = house.graph
    levels = [house.modules, *(house.children(each) for each in house.modules if graph.find_children(each))]
    found = {tuple(sorted(strand)) for level in levels for strand in strands(level) if len(strand) > 1}
    return sorted(list(each) for each in found)


def depth(arrows: Arrows) -> int:
    """How many things stand on each other at most; a circle counts as one."""
    height: dict[str, int] = {}
    for strand in strands(arrows):
        below = {other for one in strand for other in arrows[one]} - set(strand)
        height |= dict.fromkeys(strand, 1 + max((height[other] for other in below), default=0))
    return max(height.values(), default=0)


def upward(house: House, package: str) -> int | None:
    """Imports from a layer to a higher one, whether the contract forgives them or not; ``None`` without layers."""
    layers = house.layers(package)
    place = {name: number for number, row in enumerate(layers) for name in row}
    children = house.children(package)
    pairs = [(place[one], place[other]) for one in place for other in children[one] if other in place]
    return sum(other < one for one, other in pairs) if layers else None


def repeated(house: House) -> list[str]:
    """Names of classes that stand more than once."""
    names = Counter(
        node.name
        for text in house.texts.values()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef)
    )
    return sorted(name for name, count in names.items() if count > 1)


def any_share(house: House) -> float:
    """How often ``Any`` is written in a thousand lines."""
    nodes = [node for text in house.texts.values() for node in ast.walk(ast.parse(text))]
    lines = sum(len(text.splitlines()) for text in house.texts.values())
    return 1000 * sum(isinstance(node, ast.Name) and node.id == "Any" for node in nodes) / lines


def figures(house: House) -> Iterator[tuple[str, object]]:
    """What can be counted, each with its name."""
    children = house.children("clients")
    yield "modules", sum(house.size(package)[0] for package in PACKAGES)
    yield "lines", sum(house.size(package)[1] for package in PACKAGES)
    yield "packages and modules at the top of clients", len(children)
    yield "depth of imports between them", depth(children)
    yield "imports between them", sum(len(others) for others in children.values())
    yield "cycles", len(cycles(house)) or "none"
    for package in ("clients", "broker"):
        count = upward(house, package)
        yield f"upward imports in {package}", "no order of layers" if count is None else count
    yield "class names that stand twice", len(repeated(house))
    yield "Any in a thousand lines", f"{any_share(house):.1f}"


def main() -> None:
    """Draw, or count."""
    parser = argparse.ArgumentParser(prog="tests.support.draw_layers", description="How packages stand on each other.")
    parser.add_argument("--root", type=Path, default=ROOT, help="another checkout")
    parser.add_argument("--figures", action="store_true", help="print figures, and change nothing")
    chosen = parser.parse_args()
    house = House(chosen.root.resolve())
    if chosen.figures:
        for name, value in figures(house):
            print(f"{name:<44} {value}")
        for cycle in cycles(house):
            print("cycle:", ", ".join(cycle))
        print("twice:", ", ".join(repeated(house)))
        return
    path = house.root / "README.md"
    text = path.read_text()
    before, _mark, rest = text.partition(BEGIN)
    path.write_text(f"{before}{BEGIN}```\n{draw(house)}\n```\n{END}{rest.partition(END)[2]}")


if __name__ == "__main__":
    main()
