//! Names and addresses as they may be kept.

/// Longer than any address that a browser takes.
const ADDRESS_BYTES_MAX: usize = 2_000;

/// One line without what a person could not see: directories are shown to people and to assistants.
pub(super) fn clean(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(256));
    for letter in text.chars() {
        if letter.is_whitespace() {
            if !line.is_empty() && !line.ends_with(' ') {
                line.push(' ');
            }
        } else if !is_unseen(letter) {
            line.push(letter);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// Control characters, zero-width ones, direction marks, tags.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether it is an address that a browser may open: `javascript:` is one too.
pub(super) fn is_web_address(address: &str) -> bool {
    let has_scheme =
        |scheme: &str| address.get(..scheme.len()).is_some_and(|own| own.eq_ignore_ascii_case(scheme));
    let is_clean = !address.chars().any(|letter| letter.is_control() || letter.is_whitespace());
    (has_scheme("https://") || has_scheme("http://")) && is_clean && address.len() <= ADDRESS_BYTES_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_a_person_sees() {
        assert_eq!(clean("  Lake\u{202e}side\n\t Clinic\u{7} "), "Lakeside Clinic");
    }

    #[test]
    fn what_a_browser_must_not_open_is_no_address() {
        for bad in ["javascript:alert(1)", "data:text/html,x", "file:///etc", "https://a\nb", "ä", ""] {
            assert!(!is_web_address(bad), "{bad}");
        }
        assert!(is_web_address("HTTPS://a.example/r4") && is_web_address("http://a.example"));
    }
}
