//! A long text piece by piece: as much as fits an answer, and where it goes on.

use super::Refusal;

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The characters.
    pub text: &'a str,
    /// Where the rest begins, in bytes; `None` at the end.
    pub next: Option<usize>,
}

/// The piece that begins at the cursor and takes at most so many bytes, as text and as JSON alike.
pub fn piece<'a>(text: &'a str, cursor: Option<&str>, bytes_max: usize) -> Result<Piece<'a>, Refusal> {
    let from = cursor.map_or(Some(0), |cursor| cursor.trim().parse::<usize>().ok());
    let rest = from.and_then(|from| text.get(from..).map(|rest| (from, rest)));
    let Some((from, rest)) = rest.filter(|(from, rest)| *from == 0 || !rest.is_empty()) else {
        return Err(Refusal::BadArgument(
            "cursor must be the `next` of an earlier answer about the same entry: a number".into(),
        ));
    };
    let mut bytes = 0;
    let mut end = rest.len();
    for (at, character) in rest.char_indices() {
        bytes += json_bytes(character);
        // The first character always fits, or a walk would never end.
        if bytes > bytes_max && at > 0 {
            end = at;
            break;
        }
    }
    if end < rest.len() {
        // To end with a line, or at least a word, reads better; but not at the cost of half the piece.
        let ends = |mark: char| rest[..end].rfind(mark).map(|at| at + mark.len_utf8());
        let better = ends('\n').filter(|at| *at > end / 2).or_else(|| ends(' ').filter(|at| *at > end / 2));
        end = better.unwrap_or(end);
    }
    let next = (end < rest.len()).then_some(from + end);
    Ok(Piece { text: &rest[..end], next })
}

fn json_bytes(character: char) -> usize {
    match character {
        '"' | '\\' | '\n' | '\t' => 2,
        control if control.is_control() => 6,
        other => other.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_are_the_whole_text_and_each_fits() {
        let text = "Ünï \"quoted\" line\n".repeat(40);
        let (mut whole, mut cursor) = (String::new(), None);
        while whole.len() < text.len() {
            let piece = piece(&text, cursor.as_deref(), 100).unwrap();
            assert!(piece.text.len() <= 100 && !piece.text.is_empty());
            whole.push_str(piece.text);
            cursor = piece.next.map(|next| next.to_string());
            assert_eq!(cursor.is_none(), whole.len() == text.len());
        }
        assert_eq!(whole, text);
    }

    #[test]
    fn a_cursor_that_is_none_is_refused() {
        for cursor in ["L000001", "-1", "99", "1"] {
            assert!(piece("Ü", Some(cursor), 10).is_err(), "{cursor}");
        }
        assert_eq!(piece("", None, 10).unwrap().text, "");
    }
}
