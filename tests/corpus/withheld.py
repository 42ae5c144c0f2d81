"""What is withheld of one person's notes: how much of them, and that nothing withheld still shows."""

from collections import Counter

from checks import CITATION
from program import Conversation, Plainchart, text_of
from words import CLASSES, Words

DOCUMENTS_MAX = 40
PIECES_MAX = 20
QUERIES_MAX = 12
MARK = "withheld by the person's settings"
WORDS = Words()


class Share:
    """Notes, their paragraphs, and how many of these each class withholds, over all records."""

    def __init__(self, samples: int) -> None:
        self.notes = self.paragraphs = 0
        self.cut, self.gone = Counter(), Counter()
        self.samples, self.sampled = samples, {name: [] for name in CLASSES}

    def sample(self, name: str, passages: list[str]) -> None:
        for passage in passages:
            known = self.sampled[name]
            if passage[:200] not in known and len(known) < self.samples:
                known.append(passage[:200])

    def tell(self) -> None:
        print(f"\n{self.notes} notes with {self.paragraphs} paragraphs; those withheld, whole or in part, by class:")
        for name in CLASSES:
            share = 100 * self.cut[name] / max(self.paragraphs, 1)
            print(f"  {name:20} {self.cut[name]:6} paragraphs ({share:.1f} %), {self.gone[name]:4} whole notes")
            for passage in self.sampled[name]:
                print(f"      {passage}")


def withheld(program: Plainchart, share: Share) -> list[str]:
    """Withholds one class after the other, and reads the notes again."""
    faults = []
    with Conversation(program) as conversation:
        whole = notes(conversation)
        share.notes += len(whole)
        share.paragraphs += sum(len(paragraphs(text)) for text in whole.values())
        for name in CLASSES:
            program.run("grants", "--everything", "--withhold", name)
            faults += [f"{name}: {fault}" for fault in of_class(conversation, whole, name, share)]
        program.run("grants", "--everything")
    return faults


def of_class(conversation: Conversation, whole: dict[str, str], name: str, share: Share) -> list[str]:
    faults, queries = [], Counter()
    for note, text in whole.items():
        seen = read(conversation, note)
        told = phrases(text, name)
        queries.update(told)
        if seen is None:
            share.gone[name] += 1
            continue
        shown = paragraphs(seen)
        hidden = [passage for passage in paragraphs(text) if passage not in shown] if told else []
        share.cut[name] += len(hidden)
        share.sample(name, hidden)
        if told and MARK not in seen:
            faults.append(f"[{note}] has no gap")
        full = conversation.call("get_record", {"id": note})
        original = conversation.call("get_record", {"id": note, "original": True})
        for where, words in (("text", seen), ("record", text_of(full))):
            faults += [f"[{note}] still says {phrase!r} in its {where}" for phrase in set(phrases(words, name))]
        if told and "resourceType" in text_of(original):
            faults.append(f"[{note}] shows its original")
    for phrase, _ in queries.most_common(QUERIES_MAX):
        result = conversation.call("search_records", {"query": phrase, "max_tokens": 12000})
        for item in result.get("structuredContent", {}).get("items", []):
            words = f"{item.get('what', '')} | {item.get('passage') or ''}"
            faults += [f"search for {phrase!r} finds {found!r} in [{item['id']}]" for found in phrases(words, name)]
    return faults


def phrases(text: str, name: str) -> list[str]:
    return [phrase for line in text.splitlines() for phrase in WORDS.found(line, name)]


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def notes(conversation: Conversation) -> dict[str, str]:
    listed = conversation.call("get_documents", {"limit": DOCUMENTS_MAX, "max_tokens": 12000})
    ids = dict.fromkeys(CITATION.findall(text_of(listed)))
    texts = {note: read(conversation, note) for note in list(ids)[:DOCUMENTS_MAX] if note[0] in "DRY"}
    return {note: text for note, text in texts.items() if text}


def read(conversation: Conversation, note: str) -> str | None:
    """The whole text of a note, or nothing where there is no such note to be seen."""
    text, arguments = "", {"id": note, "max_tokens": 12000}
    for _ in range(PIECES_MAX):
        result = conversation.call("get_documents", arguments)
        if result.get("isError"):
            return None
        answer = result["structuredContent"]
        text += (answer.get("conclusion") or "") + "\n" if not text else ""
        text += answer["text"]
        if not answer.get("next"):
            break
        arguments = {**arguments, "cursor": answer["next"]}
    return text
