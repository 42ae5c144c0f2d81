//! For tests: the phrases that no answer of ours may hold (clinical safety, section 4).

const NEVER_SAID: &str = include_str!("tables/tests/never_said.txt");

/// The patterns as one matcher.
pub struct NeverSaid(tiktoken_rs::CoreBPE);

impl NeverSaid {
    /// All patterns as one regular expression. The tokenizer of the tests is the only engine for them among
    /// our dependencies: it cuts a text where its pattern is found, so that a text without it yields no token.
    pub fn read() -> NeverSaid {
        let patterns: Vec<_> = NEVER_SAID
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .filter_map(|line| line.split('\t').next())
            .collect();
        let bytes = (0..=u8::MAX).map(|byte| (vec![byte], u32::from(byte))).collect();
        let pattern = format!("(?i)(?:{})", patterns.join("|"));
        let matcher = tiktoken_rs::CoreBPE::new(bytes, std::iter::empty().collect(), &pattern);
        NeverSaid(matcher.expect("the patterns are read"))
    }

    /// True where a text holds one of them.
    pub fn is_in(&self, text: &str) -> bool {
        !self.0.encode_ordinary(text).is_empty()
    }

    /// The lines of an answer that hold one of them, outside of fences and of what is quoted from the record.
    pub fn lines_in(&self, answer: &str) -> Vec<String> {
        let mut is_fenced = false;
        let mut found = Vec::new();
        for line in answer.replace('\u{2019}', "'").lines() {
            if line.starts_with("```") {
                is_fenced = !is_fenced;
            }
            if !is_fenced && self.is_in(&unquoted(line)) {
                found.push(line.to_owned());
            }
        }
        found
    }
}

/// A line without what stands in double quotes.
fn unquoted(line: &str) -> String {
    line.split('"').step_by(2).collect::<Vec<_>>().join("\"\"")
}

#[test]
fn a_forbidden_phrase_is_seen_and_a_quoted_one_is_not() {
    let never = NeverSaid::read();
    assert!(
        never.is_in("Your kidneys are Normal, do not worry.")
            && !never.is_in("The kidneys filter the blood.")
    );
    assert_eq!(never.lines_in("Fine\nThe value is normal.\nAs written: \"The scan is clear.\"").len(), 1);
}
