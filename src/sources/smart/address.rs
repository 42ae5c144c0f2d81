//! Addresses below a FHIR base: put together and held inside of it.

use url::Url;

/// The FHIR base in an address that a person pasted: its capability and configuration pages stand below it.
pub fn base_of(address: &Url) -> Url {
    let mut base = address.clone();
    base.set_query(None);
    base.set_fragment(None);
    for tail in ["/.well-known/smart-configuration", "/metadata"] {
        if let Some(path) = base.path().strip_suffix(tail) {
            let path = path.to_owned();
            base.set_path(&path);
        }
    }
    base
}

/// An address below the base.
pub fn below(base: &Url, path: &str) -> Url {
    let mut below = base.clone();
    below.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
    below
}

/// The base as text, without a slash at its end.
pub fn without_slash(base: &Url) -> String {
    base.as_str().trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_address_leads_to_its_base() {
        let base = |text: &str| base_of(&text.parse().unwrap()).to_string();
        assert_eq!(base("https://a.example/r4/metadata?_format=json"), "https://a.example/r4");
        assert_eq!(base("https://a.example/r4/.well-known/smart-configuration"), "https://a.example/r4");
        assert_eq!(base("https://a.example/r4/"), "https://a.example/r4/");
    }

    #[test]
    fn one_slash_stands_between_a_base_and_what_is_below_it() {
        for base in ["https://a.example/r4", "https://a.example/r4/"] {
            assert_eq!(below(&base.parse().unwrap(), "Patient/1").as_str(), "https://a.example/r4/Patient/1");
        }
        assert_eq!(without_slash(&"https://a.example/".parse().unwrap()), "https://a.example");
    }
}
