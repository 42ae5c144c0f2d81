//! The numeric form of a QR code: `shc:/` and two digits for each character, in one code or in several.

use super::Fault;

/// The lowest character that a pair of digits stands for (`-`, as `00`).
const LOWEST: u8 = 45;
/// The highest (`z`).
const HIGHEST: u8 = 122;
/// Codes that one card may be spread over.
const PARTS_MAX: usize = 1_000;

/// True for a text that is one of several codes of a card.
pub fn is_part(text: &str) -> bool {
    after_scheme(text.trim_start())
        .is_some_and(|rest| rest.split(char::is_whitespace).next().is_some_and(|word| word.contains('/')))
}

/// True for what is typed as a card: a numeric code, or a signed text.
pub fn is_text(text: &str) -> bool {
    let is_sign = |sign: u8| sign.is_ascii_alphanumeric() || b"-_.=".contains(&sign);
    let is_signed = text.starts_with("eyJ") && text.contains('.') && text.bytes().all(is_sign);
    after_scheme(text).is_some() || is_signed
}

/// The cards of a text: signed texts and numeric codes, between white space. Codes of one card may come in any order.
pub fn texts(text: &str) -> Result<Vec<String>, Fault> {
    let (mut whole, mut parts) = (Vec::new(), Vec::new());
    for word in text.split_whitespace() {
        match after_scheme(word) {
            None => whole.push(word.to_owned()),
            Some(rest) => match rest.rsplit_once('/') {
                None => whole.push(decoded(rest)?),
                Some((place, digits)) => parts.push((place_of(place)?, decoded(digits)?)),
            },
        }
    }
    if let Some(&((_, total), _)) = parts.first() {
        whole.push(joined(&parts, total)?);
    }
    Ok(whole)
}

/// What stands behind `shc:/`; some readers of codes lose the slash.
fn after_scheme(word: &str) -> Option<&str> {
    let (scheme, rest) = word.split_at_checked(4)?;
    scheme.eq_ignore_ascii_case("shc:").then(|| rest.strip_prefix('/').unwrap_or(rest))
}

/// The number of a code, and of how many: `2/3`.
fn place_of(place: &str) -> Result<(usize, usize), Fault> {
    let number = |digits: &str| digits.parse::<usize>().ok();
    let place = place.split_once('/').and_then(|(own, total)| Some((number(own)?, number(total)?)));
    let place = place.filter(|(own, total)| (1..=*total).contains(own) && *total <= PARTS_MAX);
    place.ok_or(Fault::Digits("it counts its codes wrongly"))
}

fn joined(parts: &[((usize, usize), String)], total: usize) -> Result<String, Fault> {
    let mut places: Vec<Option<&str>> = vec![None; total];
    for ((own, of), text) in parts {
        let place = places.get_mut(own - 1).filter(|_| *of == total);
        let place = place.ok_or(Fault::Digits("codes of several cards are mixed"))?;
        if place.is_some_and(|known| known != text) {
            return Err(Fault::Digits("codes of several cards are mixed"));
        }
        *place = Some(text);
    }
    let have = places.iter().flatten().count();
    if have < total {
        Err(Fault::Missing { have, total })
    } else {
        Ok(places.into_iter().flatten().collect())
    }
}

fn decoded(digits: &str) -> Result<String, Fault> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return Err(Fault::Digits("a digit is missing"));
    }
    let sign = |pair: &[u8; 2]| {
        let [tens, ones] = pair.map(|digit| digit.wrapping_sub(b'0'));
        let sign = (tens < 10 && ones < 10).then(|| LOWEST + tens * 10 + ones);
        sign.filter(|sign| *sign <= HIGHEST).map(char::from)
    };
    pairs
        .iter()
        .map(sign)
        .collect::<Option<String>>()
        .ok_or(Fault::Digits("a pair of digits stands for nothing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> String {
        text.bytes().map(|sign| format!("{:02}", sign - LOWEST)).collect()
    }

    #[test]
    fn a_code_stands_for_its_text_and_several_codes_for_one_in_any_order() {
        assert_eq!(texts(&format!(" shc:/{}\n", digits("eyJ.a-b_c.z"))).unwrap(), ["eyJ.a-b_c.z"]);
        let (one, two) = (format!("shc:/1/2/{}", digits("eyJ.a")), format!("SHC:/2/2/{}", digits("-b.z")));
        assert!(is_part(&one) && !is_part("shc:/5676"));
        assert_eq!(texts(&format!("shc:{}", digits("eyJ.a.z"))).unwrap(), ["eyJ.a.z"]);
        assert_eq!(texts(&format!("{two}\n{one} {one}")).unwrap(), ["eyJ.a-b.z"]);
        assert_eq!(texts("eyJ.a.b eyJ.c.d").unwrap(), ["eyJ.a.b", "eyJ.c.d"]);
    }

    #[test]
    fn digits_that_stand_for_nothing_are_refused_with_the_reason() {
        let told = |text: &str| texts(text).unwrap_err().to_string();
        assert_eq!(told("shc:/1/3/56"), "1 of its 3 QR codes are here; give all of them together");
        assert!(told("shc:/567").ends_with("a digit is missing"));
        assert!(told("shc:/5699").ends_with("a pair of digits stands for nothing"));
        assert!(told("shc:/5é").ends_with("a digit is missing") || told("shc:/5é").ends_with("nothing"));
        assert!(told("shc:/3/2/56").ends_with("it counts its codes wrongly"));
        assert!(told("shc:/1/9999999/56").ends_with("it counts its codes wrongly"));
        assert!(told("shc:/1/2/56 shc:/1/2/57").ends_with("codes of several cards are mixed"));
    }
}
