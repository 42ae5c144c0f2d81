//! Which elements a person cannot see, as far as inline styles and simple rules say.

use std::collections::HashSet;

/// What the style sheets of a document hide: `.class`, `#id` and element names.
#[derive(Debug, Default)]
pub struct Hiding {
    selectors: HashSet<String>,
}

impl Hiding {
    /// Takes the rules of a style sheet. Rules for other media (`@media print`) are passed over.
    pub fn add(&mut self, sheet: &str) {
        let mut rest = sheet;
        while let Some((prelude, after)) = rest.split_once('{') {
            let prelude = prelude.rsplit_once("*/").map_or(prelude, |(_, selector)| selector).trim();
            if prelude.starts_with('@') {
                rest = after_block(after);
                continue;
            }
            let (declarations, after) = after.split_once('}').unwrap_or((after, ""));
            if hides(declarations) {
                // A rule with combinators holds for less than its last part: it is left alone.
                let simple = |selector: &&str| !selector.contains([' ', '>', '+', '~', ':', '[']);
                let selectors = prelude.split(',').map(str::trim).filter(simple);
                self.selectors.extend(selectors.map(str::to_ascii_lowercase));
            }
            rest = after;
        }
    }

    /// Whether an element of this name, with these classes and this id, is hidden.
    pub fn has(&self, name: &str, classes: &str, id: &str) -> bool {
        if self.selectors.is_empty() {
            return false;
        }
        let has = |selector: String| self.selectors.contains(&selector.to_ascii_lowercase());
        let mut classes = classes.split_ascii_whitespace().take(16);
        has(name.to_owned())
            || has(format!("#{id}"))
            || classes.any(|class| has(format!(".{class}")) || has(format!("{name}.{class}")))
    }
}

/// Whether declarations (`display: none; color: red`) make text unseen.
pub fn hides(declarations: &str) -> bool {
    let mut is_clipped = false;
    let mut is_empty_box = false;
    for declaration in declarations.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let value = value.trim().trim_end_matches("!important").trim().to_ascii_lowercase();
        match property.trim().to_ascii_lowercase().as_str() {
            "display" if value == "none" => return true,
            "visibility" if matches!(value.as_str(), "hidden" | "collapse") => return true,
            "font-size" | "opacity" | "zoom" if is_zero(&value) => return true,
            "color" | "-webkit-text-fill-color" if value == "transparent" => return true,
            "text-indent" | "left" | "top" | "margin-left" if is_far_off(&value) => return true,
            "overflow" => is_clipped = value == "hidden",
            "height" | "width" | "max-height" | "max-width" => is_empty_box |= is_zero(&value),
            "mso-hide" if value == "all" => return true,
            _ => {}
        }
    }
    is_clipped && is_empty_box
}

/// Whether declarations paint the text white (`true`), and whether they paint what is behind it.
pub fn paint(declarations: &str) -> (bool, bool) {
    let (mut is_white, mut is_backed) = (false, false);
    for declaration in declarations.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let value = value.trim().trim_end_matches("!important").trim().to_ascii_lowercase();
        match property.trim().to_ascii_lowercase().as_str() {
            "color" => is_white = is_white_color(&value),
            property if property.starts_with("background") => is_backed = !is_white_color(&value),
            _ => {}
        }
    }
    (is_white, is_backed)
}

/// Whether a color is white, as people write it.
pub fn is_white_color(value: &str) -> bool {
    let value: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    matches!(value.to_ascii_lowercase().as_str(), "white" | "#fff" | "#ffffff" | "rgb(255,255,255)")
}

/// `0`, `0px`, `0.0em`; a font of less than one pixel or point counts too.
fn is_zero(value: &str) -> bool {
    let end = value.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(value.len());
    let small = if matches!(&value[end..], "px" | "pt") { 0.99 } else { 0.0 };
    value[..end].parse::<f32>().is_ok_and(|number| number <= small)
}

/// Text moved out of the page (`-9999px`).
fn is_far_off(value: &str) -> bool {
    let end = value.find(|c: char| !(c.is_ascii_digit() || "-.".contains(c))).unwrap_or(value.len());
    value[..end].parse::<f32>().is_ok_and(|number| number <= -900.0)
}

/// What follows the block that `text` is inside of.
fn after_block(text: &str) -> &str {
    let mut depth = 1usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[at + 1..];
        }
    }
    ""
}
