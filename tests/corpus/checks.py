"""What must hold of one person's record after an import: each check returns what is wrong, in sentences."""

import json
import re
from pathlib import Path

from program import Conversation, Plainchart, text_of
from reading import Input, read

CITATION = re.compile(r"\[([A-Z]\d{6})\]")
# Every tool, and the questions that are put to it.
QUESTIONS = [
    ("summarize_history", {}), ("summarize_history", {"detail": "brief"}),
    ("summarize_history", {"detail": "full"}), ("explain_labs", {}), ("explain_labs", {"query": "blood pressure"}),
    ("explain_labs", {"query": "creatinine"}), ("prep_appointment_questions", {}), ("plan_daily_routine", {}),
    ("check_preventive_care", {}), ("get_medications", {"detail": "full"}),
    ("get_conditions", {}), ("get_medications", {}), ("get_allergies", {}),
    ("get_immunizations", {}), ("get_procedures", {}), ("get_visits", {}), ("get_visits", {"detail": "full"}),
    ("get_labs", {}), ("get_vitals", {}), ("get_documents", {}), ("get_care_plan", {}),
    ("get_background", {}), ("search_records", {"query": "blood pressure"}), ("check_records_status", {}),
]
PAGES_MAX = 20
CITATIONS_MAX = 400
WORDS_MAX = 400


def accounted(found: Input, person: set[str], report: dict, kept: set[str]) -> list[str]:
    """Every resource of the person is in the record or in the report, and none of anybody else is."""
    left_out = " ".join(f"{left['file']} {left['path']}" for left in report["left_out"])
    faults = []
    others = found.people() - person
    for resource in found.resources:
        is_kept = resource.key in kept
        if resource.owner in others and is_kept:
            faults.append(f"{short(resource.key)} is about somebody else and was stored")
        if resource.owner in person and not is_kept and short(resource.key) not in left_out:
            faults.append(f"{short(resource.key)} of {Path(resource.file).name} is lost")
    told = sum(report[count] for count in ("new", "unchanged", "changed", "others")) + len(report["left_out"])
    if told < len(found.resources):
        faults.append(f"{len(found.resources)} resources in the input, {told} told of in the report")
    return faults


def short(key: str) -> str:
    return key if len(key) < 100 else key[:100]


def exported(program: Plainchart, folder: Path) -> tuple[list[str], set[str]]:
    """The resources of a readable copy of the record."""
    done = program.run("export", str(folder))
    faults = [] if done.returncode == 0 else [f"export: {done.stderr.strip()}"]
    return faults, {resource.key for path in folder.rglob("*.json") for resource in read(path)}


def unchanged(report: dict, first: dict) -> list[str]:
    """Importing the same again changes nothing."""
    if (report.get("new"), report.get("changed")) != (0, 0):
        return [f"again: {report.get('new')} new, {report.get('changed')} changed {report.get('error', '')}"]
    if report["unchanged"] < first["new"]:
        return [f"again: {report['unchanged']} unchanged of {first['new']}"]
    return []


def answers(program: Plainchart) -> tuple[list[str], set[str]]:
    """Every tool answers, page after page, and every citation opens."""
    faults, cited = [], set()
    with Conversation(program) as conversation:
        for tool, arguments in QUESTIONS:
            for page in range(PAGES_MAX):
                result = conversation.call(tool, arguments)
                text = text_of(result)
                if result.get("isError"):
                    faults.append(f"{tool} {arguments}: {text}")
                    break
                if "Coverage" not in text:
                    faults.append(f"{tool} {arguments} has no coverage")
                if len(text) > 40_000:
                    faults.append(f"{tool} {arguments} has {len(text)} characters")
                cited |= set(CITATION.findall(text))
                following = result["structuredContent"].get("next")
                if not following:
                    break
                arguments = {**arguments, "cursor": following}
        for citation in sorted(cited)[:CITATIONS_MAX]:
            result = conversation.call("get_record", {"id": citation})
            if result.get("isError") or citation not in text_of(result):
                faults.append(f"[{citation}] does not open: {text_of(result)[:200]}")
    return faults, cited


def sealed(program: Plainchart, found: Input, person: set[str]) -> list[str]:
    """No word of the record can be read in the store, in a file name, or in what the program said."""
    words = {word for resource in found.resources if resource.owner in person or not resource.owner
             for word in telling_words(resource.body)}
    places = [(path.relative_to(program.home).as_posix(), path.read_bytes())
              for path in program.home.rglob("*") if path.is_file()]
    places.append(("what it said on standard error", program.said.encode()))
    places += [("a file name", name.encode()) for name, _ in places]
    return [f"{word!r} is readable in {name}" for word in sorted(words, key=len, reverse=True)[:WORDS_MAX]
            for name, content in places if word.encode() in content]


def telling_words(body) -> set[str]:
    """Names, addresses, numbers and displays, long enough not to be found in random bytes by chance."""
    if isinstance(body, list):
        return {word for item in body for word in telling_words(item)}
    if not isinstance(body, dict):
        return set()
    telling = {"family", "given", "line", "value", "display", "text", "city"}
    words = set()
    for name, value in body.items():
        if name in telling:
            words |= {word for word in (value if isinstance(value, list) else [value]) if is_telling(word)}
        words |= telling_words(value)
    return words


def is_telling(word) -> bool:
    return isinstance(word, str) and 6 <= len(word) <= 80 and len(set(word)) > 4 and "://" not in word


def no_panic(program: Plainchart) -> list[str]:
    return ["it panicked: " + program.said[-400:]] if "panicked" in program.said else []


def refused_clearly(program: Plainchart, path: Path) -> list[str]:
    """What this version does not read is refused with words, and leaves nothing behind."""
    code, report = program.imported(path)
    faults = no_panic(program)
    stored = sum(report.get(count, 0) for count in ("new", "changed", "unchanged"))
    if code == 0 or stored:
        faults.append(f"{path.name} was taken: exit {code}, {stored} stored")
    reasons = [left["reason"] for left in report.get("left_out", [])] + [report.get("error", "")]
    if not any(len(reason) > 10 for reason in reasons):
        faults.append(f"{path.name} was refused without a reason: {json.dumps(report)[:200]}")
    return faults
