"""Counts the machine-readable entries of C-CDA documents without any of plainchart's code."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

STATEMENTS = {"act", "encounter", "observation", "organizer", "procedure", "substanceAdministration", "supply"}
# What HL7's examples leave undeclared.
NAMESPACES = {"xsi": "http://www.w3.org/2001/XMLSchema-instance", "sdtc": "urn:hl7-org:sdtc",
              "voc": "urn:hl7-org:v3/voc", "cda": "urn:hl7-org:v3"}
# A family's organizer is one relative, a team's one team (C-CDA R2.1, family history and care team organizers).
WHOLE = ("2.16.840.1.113883.10.20.22.4.45", "2.16.840.1.113883.10.20.22.4.500")
# A mark that withholds (security observation), a comment, a reference to another entry: no statement of their own.
BESIDE_CODES = ("SECCONOBS", "48767-8")
BESIDE_TEMPLATES = ("2.16.840.1.113883.10.20.22.4.64", "2.16.840.1.113883.10.20.22.4.122")
HEADER = {"recordTarget", "author", "custodian", "documentationOf", "componentOf"}


@dataclass
class Counted:
    """What is in one document."""

    entries: int
    beside: int
    is_document: bool


def counted(path: Path) -> Counted | None:
    """The statements of a document's entries; nothing where it is no C-CDA or no XML."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    if not re.search(r"ClinicalDocument|templateId|<(?:section|entry|component|organizer|observation|act)\b", text):
        return None
    text = re.sub(r"<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL)
    declared = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in NAMESPACES.items())
    try:
        root = ElementTree.fromstring(f"<piece {declared}>{text}</piece>")
    except ElementTree.ParseError:
        return None
    entries = [element for element in root.iter() if name(element) == "entry"]
    statements = [inside for entry in entries for inside in entry if name(inside) in STATEMENTS]
    # A piece that is a statement itself stands for an entry.
    statements += [inside for inside in root if name(inside) in STATEMENTS]
    numbers = [told(statement) for statement in statements]
    return Counted(sum(numbers), numbers.count(0) + sum(not len(entry) for entry in entries),
                   any(name(element) == "ClinicalDocument" for element in root.iter()))


def told(statement: ElementTree.Element) -> int:
    """How many entries of a record a statement makes at least."""
    if all(name(inside) == "templateId" for inside in statement) or is_beside(statement):
        return 0
    if name(statement) != "organizer" or set(WHOLE) & set(templates(statement)):
        return 1
    inside = [part for component in statement if name(component) == "component" for part in component
              if name(part) in STATEMENTS]
    codes = [code(part) for part in inside]
    # Systolic and diastolic pressure (LOINC) of one reading are one entry.
    together = codes.count("8480-6") == codes.count("8462-4") == 1
    return sum(map(told, inside)) - together


def is_beside(statement: ElementTree.Element) -> bool:
    return code(statement) in BESIDE_CODES or bool(set(BESIDE_TEMPLATES) & set(templates(statement)))


def templates(element: ElementTree.Element) -> list[str]:
    return [inside.get("root", "") for inside in element if name(inside) == "templateId"]


def code(element: ElementTree.Element) -> str:
    return next((inside.get("code", "") for inside in element if name(inside) == "code"), "")


def name(element: ElementTree.Element) -> str:
    return element.tag.rsplit("}", 1)[-1]
