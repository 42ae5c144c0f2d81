"""Reads FHIR JSON without any of plainchart's code, so that the counts of both can be compared."""

import gzip
import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

# Where a resource says whom it is about.
SUBJECTS = ("subject", "patient", "beneficiary")
# What a server says about its own answer is a notice, not part of the record.
NOTICES = ("OperationOutcome",)


@dataclass
class Resource:
    """One resource of the input."""

    file: str
    body: dict
    url: str = ""
    owner: str = ""

    @property
    def kind(self) -> str:
        return str(self.body["resourceType"])

    @property
    def key(self) -> str:
        """`Observation/1`, or the whole content where it has no id."""
        identity = self.body.get("id")
        return f"{self.kind}/{identity}" if identity else json.dumps(self.body, sort_keys=True)


@dataclass
class Input:
    """Everything that is in some files, and whose it is."""

    files: int = 0
    resources: list[Resource] = field(default_factory=list)

    def people(self) -> set[str]:
        return {resource.key for resource in self.resources if resource.kind == "Patient"}

    def settle(self) -> "Input":
        """Says of each resource whom it is about: the key of a Patient, another reference, or nobody."""
        addresses = {resource.url: resource.key for resource in self.resources if resource.url}
        for resource in self.resources:
            resource.owner = resource.key if resource.kind == "Patient" else owner(resource.body, addresses)
        return self


def owner(body: dict, addresses: dict[str, str]) -> str:
    for element in SUBJECTS:
        subject = body.get(element)
        subject = subject[0] if isinstance(subject, list) and subject else subject
        reference = subject.get("reference") if isinstance(subject, dict) else None
        if not isinstance(reference, str):
            continue
        if reference in addresses:
            return addresses[reference]
        if "Patient/" in reference:
            return "Patient/" + reference.split("Patient/")[1].split("/")[0]
        return reference
    return ""


def read(path: Path) -> list[Resource]:
    """The resources of a file; none where it is not FHIR JSON."""
    return [resource for name, content in unpacked(str(path), path.read_bytes())
            for resource in parsed(name, content)]


def unpacked(name: str, content: bytes):
    if content[:2] == b"\x1f\x8b":
        yield from unpacked(name, gzip.decompress(content))
    elif content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for inside in archive.namelist():
                yield from unpacked(f"{name}!{inside}", archive.read(inside))
    else:
        yield name, content


def parsed(name: str, content: bytes) -> list[Resource]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return []
    try:
        documents = [json.loads(text)]
    except ValueError:
        documents = [document for document in map(a_line, text.splitlines()) if document is not None]
    return [resource for document in documents for resource in inside_of(name, document)]


def a_line(line: str):
    try:
        return json.loads(line)
    except ValueError:
        return None


def inside_of(name: str, document, url: str = "") -> list[Resource]:
    if isinstance(document, list):
        return [resource for item in document for resource in inside_of(name, item)]
    if not isinstance(document, dict) or not isinstance(document.get("resourceType"), str):
        return []
    if document["resourceType"] == "Bundle":
        entries = [entry for entry in document.get("entry") or [] if isinstance(entry, dict)]
        return [resource for entry in entries
                for resource in inside_of(name, entry.get("resource"), entry.get("fullUrl") or "")]
    if document["resourceType"] in NOTICES:
        return []
    return [Resource(name, document, url)]


def read_all(paths: list[Path]) -> Input:
    found = Input()
    for path in paths:
        resources = read(path)
        found.files += bool(resources)
        found.resources += resources
    return found.settle()
