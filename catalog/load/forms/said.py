"""What one row or item of a file says of one version of a product, by field, as it says it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, TypeAlias, TypeVar

from catalog.load.report import Report

T = TypeVar("T")
Cell: TypeAlias = str | Decimal


class Detail(NamedTuple):
    """A free detail of a product."""

    name: str
    text: str
    column: str


class Delivery(NamedTuple):
    """To where it is delivered, in how many days, for how much; "" for what is not said."""

    region: str
    low: str
    high: str
    fee: str
    column: str
    free_from: str = ""


class Certificate(NamedTuple):
    claim: str
    issuer: str
    number: str
    document: str
    column: str
    begins: str = ""
    ends: str = ""


@dataclass(slots=True)
class Said:
    """One version of one product."""

    file: str
    line: int
    cells: dict[str, Cell]
    """By field; nothing that is empty."""
    columns: Mapping[str, str]
    """What the file calls each field."""
    details: list[Detail] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)
    whole: int = 0
    """The line that speaks of the product as a whole, where that is another."""
    image: str = ""
    """The file of its picture."""
    bad: bool = False
    """Something of weight cannot be read: the row is not loaded, nor what is right of it."""

    def text(self, name: str) -> str:
        cell = self.cells.get(name, "")
        return cell if isinstance(cell, str) else f"{cell:f}"

    @property
    def product(self) -> str:
        """The sku of the product that it is a version of."""
        return self.text("group") or self.text("sku") or self.text("variant")

    def column(self, name: str) -> str:
        return self.columns.get(name, name)

    def refuse(
        self, report: Report, name: str, reason: str, remedy: str = "", *, light: bool = False
    ) -> None:
        """Say that a cell cannot be a fact; a *light* one spoils no more than itself."""
        self.bad |= not light
        sku = "" if light else self.product or None
        column, value = self.column(name), self.text(name)
        report.refuse(self.file, self.line, column, value, reason, remedy, sku=sku)

    def suspect(self, report: Report, name: str, reason: str, remedy: str = "") -> None:
        report.suspect(self.file, self.line, self.column(name), self.text(name), reason, remedy)

    def read(
        self,
        report: Report,
        name: str,
        parse: Callable[[str], T],
        reason: str,
        *,
        light: bool = True,
    ) -> T | None:
        """The parsed cell; None where it is empty, or wrong: then it is refused for *reason*."""
        cell = self.text(name)
        if not cell:
            return None
        try:
            return parse(cell)
        except ValueError as error:
            why, _, remedy = str(error).partition(": ")
            if remedy:
                self.refuse(report, name, why, remedy, light=light)
            else:
                self.refuse(report, name, reason, why, light=light)
            return None
