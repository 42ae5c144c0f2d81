"""The words that reveal a sensitive class, read from the program's own tables: what must not be shown."""

import re
import unicodedata
from pathlib import Path

TABLES = Path(__file__).resolve().parents[2] / "src/knowledge/tables"
CLASSES = ("substance-use", "mental-health", "hiv", "sexual-reproductive", "abuse", "genetic")


def rows(name: str) -> list[list[str]]:
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def folded(text: str) -> list[str]:
    """Words in lower case, without accents and punctuation, as the program compares them."""
    text = unicodedata.normalize("NFKD", text.lower())
    text = re.sub(r"['’‘ʼ]", "", "".join(sign for sign in text if not unicodedata.combining(sign)))
    return re.findall(r"[^\W_]+", text)


class Words:
    """Phrases and the class of each; a phrase of no class hides the shorter ones inside of it."""

    def __init__(self) -> None:
        self.phrases: dict[tuple[str, ...], set[str]] = {}
        for kind, class_name, phrases in rows("sensitive_words.tsv"):
            if kind != "note":
                beginnings, _, ends = phrases.partition(">")
                for phrase in beginnings.split(";"):
                    for end in ends.split(";"):
                        self.add(f"{phrase} {end}", class_name)
        for row in rows("medicines.tsv"):
            for class_name in filter(None, row[3].split(";")):
                # Some birth control brands are given names.
                brands = "" if class_name == "sexual-reproductive" else row[4]
                for name in [row[0], *row[5].split(";"), *brands.split(";")]:
                    self.add(name, class_name)
        self.longest = max(map(len, self.phrases))

    def add(self, phrase: str, class_name: str) -> None:
        if words := tuple(folded(phrase)):
            self.phrases.setdefault(words, set()).update({class_name} - {"-"})

    def found(self, text: str, class_name: str) -> list[str]:
        """The phrases of a class in a text, from left to right, the longest first."""
        words, found, at = folded(text), [], 0
        while at < len(words):
            length = next((length for length in range(self.longest, 0, -1)
                           if tuple(words[at:at + length]) in self.phrases), 0)
            phrase = tuple(words[at:at + length])
            if length and class_name in self.phrases[phrase]:
                found.append(" ".join(phrase))
            at += max(length, 1)
        return found
