"""Tries the program on a folder of records that nobody here wrote. See tests/corpus.sh."""

import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

import cda
import checks
from program import Plainchart
from reading import Input, read, read_all
from withheld import Share, withheld

DOCUMENTATION = ("README", "LICENSE", "LICENCE", "NOTICE")


def collections(folder: Path, is_top: bool = True) -> list[Path]:
    """Folders that somebody put together: those with a file of their own. The top one only holds others."""
    has_files = any(path.is_file() for path in folder.iterdir())
    if has_files and not is_top:
        return [folder]
    return [found for path in sorted(folder.iterdir()) if path.is_dir() for found in collections(path, False)]


def things(collection: Path) -> tuple[list[Path], list[Path]]:
    """What is imported, each by itself (one file a person, or the folder as a whole), and what is refused."""
    files = [path for path in sorted(collection.rglob("*"))
             if path.is_file() and not path.name.startswith(DOCUMENTATION)]
    records = {path: read(path) for path in files}
    readable = [path for path in files if records[path]]
    refused = [path for path in files if not records[path]]
    if not readable:
        return [], refused
    stands_alone = all(len({resource.kind for resource in records[path]} | {"Patient"}) > 1
                       and any(resource.kind == "Patient" for resource in records[path]) for path in readable)
    return (readable if stands_alone else [collection]), refused


class Trial:
    """All imports of one run, and what was found."""

    def __init__(self, binary: str, corpus: Path, scratch: Path, samples: int) -> None:
        self.binary, self.corpus, self.scratch = binary, corpus, scratch
        self.rows, self.faults, self.reasons = [], [], Counter()
        self.passed = self.failed = 0
        self.share = Share(samples)
        self.formats = {}

    def program(self) -> Plainchart:
        return Plainchart(self.binary, Path(tempfile.mkdtemp(dir=self.scratch)) / "home")

    def judge(self, about: str, faults: list[str]) -> None:
        self.passed += not faults
        self.failed += bool(faults)
        self.faults += [f"{about}: {fault}" for fault in faults]
        for fault in faults[:5]:
            print(f"  WRONG {about}: {fault}", flush=True)

    def refuse(self, path: Path) -> None:
        self.judge(str(path.relative_to(self.corpus)), checks.refused_clearly(self.program(), path))

    def document(self, path: Path, counted: cda.Counted) -> None:
        """A C-CDA document, or a piece of one: each of its entries is in the record or has its line."""
        program = self.program()
        code, report = program.imported(path)
        about = str(path.relative_to(self.corpus))
        faults = checks.no_panic(program)
        kept = sum(count["new"] + count["unchanged"] for category, count in report.get("categories", {}).items()
                   if category not in ("contacts", "demographics"))
        kept -= 1 if report.get("categories", {}).get("documents") else 0
        left_out = report.get("left_out", [])
        if counted.entries and (code not in (0, 3) or kept + len(left_out) < counted.entries):
            faults.append(f"{counted.entries} entries, {kept} in the record, {len(left_out)} lines")
        if counted.is_document and not report.get("new"):
            faults.append(f"it was not read: {report.get('error')} {left_out[:1]}")
        if report.get("new"):
            faults += checks.unchanged(program.imported(path)[1], report)
        if counted.is_document and report.get("new"):
            faults += checks.answers(program)[0]
        self.judge(about, faults)
        self.reasons.update(left["reason"] for left in left_out)
        row = self.formats.setdefault("C-CDA", Counter())
        row.update(files=1, read=bool(report.get("new")), expected=counted.entries,
                   entries=min(kept, counted.entries), left_out=len(left_out), beside=counted.beside)

    def other(self, path: Path, kind: str) -> None:
        """Another format: read, or refused with its reason."""
        program = self.program()
        code, report = program.imported(path)
        left_out = report.get("left_out", [])
        faults = checks.no_panic(program)
        reasons = [left["reason"] for left in left_out] + [report.get("error") or ""]
        if not report.get("new") and not any(len(reason) > 10 for reason in reasons):
            faults.append(f"exit {code}, and no reason: {report.get('error')}")
        if report.get("new"):
            faults += checks.unchanged(program.imported(path)[1], report)
        self.judge(str(path.relative_to(self.corpus)), faults)
        self.reasons.update(left["reason"] for left in left_out)
        row = self.formats.setdefault(kind, Counter())
        row.update(files=1, read=bool(report.get("new")), entries=report.get("new", 0), left_out=len(left_out))

    def tell_formats(self) -> None:
        """What became of each format; of C-CDA at least 99 of 100 entries are in the record."""
        for kind, row in sorted(self.formats.items()):
            told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in row.items())
            print(f"{kind}: {told}")
        documents = self.formats.get("C-CDA")
        if documents and documents["entries"] < 0.99 * documents["expected"]:
            self.judge("C-CDA", [f"{documents['entries']} of {documents['expected']} entries are in the record"])

    def take(self, thing: Path) -> None:
        files = [thing] if thing.is_file() else [path for path in sorted(thing.rglob("*")) if path.is_file()]
        found = read_all(files)
        people = self.people(thing, found)
        print(f"  {thing.name}: {len(found.people())} Patients, {len(people)} people told apart", flush=True)
        for options, person in people:
            self.person(thing, found, options, person)

    def people(self, thing: Path, found: Input) -> list[tuple[list[str], set[str]]]:
        """How to ask for each person of the input, as the refusal to guess lists them."""
        program = self.program()
        code, report = program.imported(thing)
        about = str(thing.relative_to(self.corpus))
        self.judge(about, checks.no_panic(program))
        listed = report.get("people", [])
        if code in (0, 3) and "new" in report:
            return [([], set(listed[0]["ids"]) if listed else found.people())]
        if not listed:
            self.judge(about, [f"refused: exit {code}: {report.get('error')}"])
        return [(["--patient", person["ids"][0]], set(person["ids"])) for person in listed]

    def person(self, thing: Path, found: Input, options: list[str], person: set[str]) -> None:
        started = time.monotonic()
        program = self.program()
        about = " ".join([str(thing.relative_to(self.corpus)), *options])
        code, report = program.imported(thing, *options)
        if code not in (0, 3) or "new" not in report:
            self.judge(about, [f"exit {code}: {report.get('error')}"])
            return
        taken = time.monotonic() - started
        faults, kept = checks.exported(program, Path(tempfile.mkdtemp(dir=self.scratch)) / "export")
        again_code, again = program.imported(thing, *options)
        faults += checks.accounted(found, person, report, kept)
        faults += checks.unchanged(again, report)
        faults += [] if again_code == code else [f"again: exit {again_code}, at first {code}"]
        faults += checks.unchanged(program.imported(self.zipped(thing), *options)[1], report)
        answered, cited = checks.answers(program)
        faults += answered + checks.home_medicines(program, found) + checks.sealed(program, found, person)
        faults += withheld(program, self.share) + checks.no_panic(program)
        self.judge(about, faults)
        self.reasons.update(left["reason"] for left in report["left_out"])
        self.rows.append((about, found.files, len(found.resources), report["new"], report["unchanged"],
                          report["grouped"], report["others"], len(report["left_out"]), len(cited),
                          f"{taken:.2f}"))
        print(f"  {about}: {report['new']} new, {len(cited)} cited, {taken:.2f} s", flush=True)

    def zipped(self, thing: Path) -> Path:
        """The same once more, as a person gets it from a portal: in an archive."""
        path = Path(tempfile.mkdtemp(dir=self.scratch)) / f"{thing.stem}.zip"
        files = [thing] if thing.is_file() else [inside for inside in thing.rglob("*") if inside.is_file()]
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for inside in files:
                archive.write(inside, inside.relative_to(thing.parent))
        return path

    def tell(self) -> None:
        counts = ("resources", "new", "unchanged", "grouped", "others", "left out", "cited")
        head = ("what", "files", *counts, "s")
        widths = [max(len(str(row[column])) for row in [head, *self.rows]) for column in range(len(head))]
        for row in [head, *self.rows]:
            print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)))
        print("\nleft out, by reason:")
        for reason, count in self.reasons.most_common():
            print(f"  {count:6}  {reason}")
        self.share.tell()
        for fault in self.faults:
            print(f"WRONG {fault}")


def another(path: Path) -> str:
    """The format of a file that is neither FHIR nor C-CDA, where it is one that is read; else nothing."""
    start = path.read_bytes()[:4096].lstrip(b"\xef\xbb\xbf").strip()
    if b"<HealthData" in start:
        return "Apple Health"
    if start.startswith(b"shc:") or path.suffix == ".smart-health-card" or start.startswith(b"eyJ"):
        return "SMART Health Card"
    if start.startswith(b"%PDF") or start.startswith(b"{\\rtf"):
        return "document"
    if start.startswith(b"<"):
        return "C-CDA, a piece of a header"
    return ""


def main() -> int:
    binary, corpus = sys.argv[1], Path(sys.argv[2])
    samples = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    with tempfile.TemporaryDirectory() as scratch:
        trial = Trial(binary, corpus, Path(scratch), samples)
        refused = 0
        for collection in collections(corpus):
            print(collection.relative_to(corpus), flush=True)
            taken, others = things(collection)
            for path in others:
                counted = cda.counted(path)
                kind = another(path)
                if counted:
                    trial.document(path, counted)
                elif kind:
                    trial.other(path, kind)
                else:
                    refused += 1
                    trial.refuse(path)
            for thing in taken:
                trial.take(thing)
        print()
        trial.tell()
        trial.tell_formats()
    print(f"\n{refused} files of formats that this version does not read")
    print(f"\ncorpus: {trial.passed} passed, {trial.failed} failed")
    return 1 if trial.failed or not trial.rows else 0


if __name__ == "__main__":
    sys.exit(main())
