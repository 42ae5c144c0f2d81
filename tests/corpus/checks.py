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
    ("get_background", {}), ("get_coverage", {}), ("search_records", {"query": "blood pressure"}), ("check_records_status", {}),
]
# By its words alone, too, a medicine is only for when it is needed.
NEEDED = re.compile(r"\bprn\b|\b(?:as|if|when) (?:needed|required|necessary)\b", re.IGNORECASE)
PAGES_MAX = 20
CITATIONS_MAX = 400
# What stands in a list of medicines as ordered or stated.
MEDICINES = ("MedicationRequest", "MedicationStatement", "MedicationOrder")
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


def home_medicines(program: Plainchart, found: Input) -> list[str]:
    """Among the active home medicines stands no order for a hospital or clinic, of one dose or of a vaccine, none
    that is not active, and what is only to be taken as needed stands apart from what is taken by plan."""
    orders = {resource.key: resource.body for resource in found.resources if resource.kind in MEDICINES}
    faults, arguments = [], {"status": "active"}
    with Conversation(program) as conversation:
        for _ in range(PAGES_MAX):
            listed = conversation.call("get_medications", arguments)["structuredContent"]
            for item in listed["items"]:
                body = original(conversation, item["id"])
                # What came in is read by the checks' own rules; where it is no FHIR JSON there is nothing to compare.
                wrong = not_at_home(orders.get(f"{body.get('resourceType')}/{body.get('id')}", body), item["part"])
                if wrong:
                    faults.append(f"{item['name']!r} [{item['id']}] among the active home medicines: {wrong}")
            if not listed.get("next"):
                break
            arguments = {**arguments, "cursor": listed["next"]}
    return faults


def original(conversation: Conversation, identity: str) -> dict:
    """What came in of an entry, as it came."""
    answer = conversation.call("get_record", {"id": identity, "original": True, "max_tokens": 10_000})
    try:
        body = json.loads(answer["structuredContent"].get("original") or "{}")
    except (KeyError, ValueError):
        return {}
    return body if isinstance(body, dict) else {}


def not_at_home(body: dict, part: str) -> str:
    """Why a resource is no active home medicine of that part of the list; nothing where it may be."""
    if not body:
        return ""
    medicine = body.get("medicationCodeableConcept") or {}
    codings = [coding for concept in as_list(body.get("category")) for coding in as_list(concept.get("coding"))]
    doses = as_list(body.get("dosageInstruction") or body.get("dosage"))
    needed = [bool(dose.get("asNeededBoolean") or dose.get("asNeededCodeableConcept") or dose.get("asNeeded")
                   or NEEDED.search(f"{dose.get('text')} {dose.get('patientInstruction')}"))
              for dose in doses]
    counts = [((dose.get("timing") or {}).get("repeat") or {}).get("count") for dose in doses]
    reasons = {
        f"its status is {body.get('status')}": body.get("status") not in ("active", "intended", "on-hold"),
        "it is an order not to give it": body.get("doNotPerform") is True,
        "its category is inpatient": any(coding.get("code") == "inpatient" for coding in codings),
        "it is a single dose that answers another order": body.get("intent") == "instance-order",
        "it is to be given once": bool(counts) and all(count == 1 for count in counts),
        "it is a vaccine": any("cvx" in (coding.get("system") or "") for coding in as_list(medicine.get("coding")))
        or "vaccine" in (medicine.get("text") or "").lower(),
        "it is only as needed, and stands as taken by plan": bool(needed) and all(needed) and part != "as needed",
        "it is taken by plan, and stands as needed": bool(needed) and not any(needed) and part == "as needed",
    }
    return "; ".join(reason for reason, holds in reasons.items() if holds)


def as_list(value) -> list[dict]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]


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
