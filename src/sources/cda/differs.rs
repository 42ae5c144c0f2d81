//! Whether the text of a document says another number than the coded value beside it.

/// True where the words hold numbers that could be a value, and the coded one is not among them. Numbers that belong
/// to a date, a time or a range are no value.
pub fn is_another_number(coded: &str, words: &str) -> bool {
    let Ok(coded) = coded.trim().parse::<f64>() else { return false };
    let mut others = false;
    for word in words.split([' ', ';', '(', ')', '|', ',']) {
        if is_span(word) {
            if word
                .split(['/', '-', '–', ':'])
                .any(|part| part.parse::<f64>().is_ok_and(|part| part == coded))
            {
                return false; // one of a pair, such as a blood pressure
            }
            continue;
        }
        let digits = word.trim_matches(|letter: char| !letter.is_ascii_digit());
        let Ok(number) = digits.parse::<f64>() else { continue };
        if number == coded {
            return false;
        }
        others |= !is_year(digits) && word.starts_with(|letter: char| letter.is_ascii_digit());
    }
    others && !has_months(words)
}

/// A date, a time, a range or a pair.
fn is_span(word: &str) -> bool {
    word.contains(['/', ':', '–']) || word.get(1..).is_some_and(|rest| rest.contains('-'))
}

fn is_year(digits: &str) -> bool {
    digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))
}

/// A date in words has a day that looks like a value.
fn has_months(words: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let words = words.to_ascii_lowercase();
    words.split(|letter: char| !letter.is_alphabetic()).any(|word| {
        word.get(..3).is_some_and(|start| MONTHS.contains(&start))
            && (word.len() == 3 || word.len() > 3 && word != "mayo")
    })
}

#[cfg(test)]
mod tests {
    use super::is_another_number;

    #[test]
    fn only_a_value_that_is_plainly_another_is_told() {
        for words in ["Potassium; 5.6 mmol/L; 3.5-5.1", "Potassium 5.6", "K (2024) 6.5 mmol/L"] {
            assert!(is_another_number("4.2", words), "{words}");
        }
        for words in [
            "Potassium; 4.20 mmol/L; 3.5-5.1",
            "Potassium",
            "Potassium; 2024-03-02",
            "Potassium; 3/2/2024 14:05",
            "Potassium, measured Mar 2 2024",
            "Blood pressure 4.2/80",
        ] {
            assert!(!is_another_number("4.2", words), "{words}");
        }
        assert!(!is_another_number("none", "5"));
    }
}
