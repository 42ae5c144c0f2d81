//! Somebody with an account and a record, at a browser that comes to either process; and what assistants are given.

use std::sync::Mutex;

use plainchart::access::OwnerId;
use plainchart::ingest::{self, Request};
use plainchart::store::Sealed;
use serde_json::Value;
use url::form_urlencoded;

use super::hosted::{At, Came, Hosted, PUBLIC};
use crate::people::fixture;
use crate::serving::Answer;

const CALLBACK: &str = "https://claude.ai/api/mcp/auth_callback";
// RFC 7636, Appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const PASSWORD: &str = "four made-up words";

/// The person, signed in.
pub struct Person<'a> {
    pub hosted: &'a Hosted,
    /// Their rows, as another process has them.
    pub rows: Sealed,
    cookies: Mutex<Vec<(String, String)>>,
}

/// What an assistant holds.
#[derive(Clone)]
pub struct Tokens {
    pub client: String,
    pub grant: String,
    pub access: String,
    pub refresh: String,
}

/// A yes on its way: the code, and the grant that is named in it.
pub struct Offer {
    pub client: String,
    pub grant: String,
    code: String,
}

impl<'a> Person<'a> {
    /// Signs up through the pages, and has a record.
    pub fn joins(hosted: &'a Hosted, name: &str) -> Person<'a> {
        // Their own rows are there only once they have signed up.
        let rows = hosted.vault.home().unwrap();
        let mut person = Person { hosted, rows, cookies: Mutex::default() };
        let page = person.get(At::One, "/sign-up").unwrap();
        let mark = mark_of(&page, "/sign-up");
        let fields = [("name", name), ("password", PASSWORD), ("csrf", &mark)];
        assert_eq!(person.post(At::One, "/sign-up", &fields).unwrap().status, 303);
        let mark = mark_of(&person.get(At::Other, "/settings").unwrap(), "/settings/people");
        let fields = [("label", name), ("relation", "own"), ("born", ""), ("csrf", &mark)];
        let added = person.post(At::Other, "/settings/people", &fields).unwrap();
        let (_, owner) = added.header("Location").unwrap().rsplit_once("person=").unwrap();
        person.rows = hosted.vault.owner(&OwnerId::parse(owner).unwrap()).unwrap().unwrap();
        let paths = vec![fixture("child/pediatrics.json")];
        ingest::import(&person.rows, &Request { paths, ..Request::default() }, &mut |_| {}).unwrap();
        person
    }

    /// An assistant of this name has registered; its id.
    pub fn meets(&self, name: &str) -> String {
        self.hosted.register(name, CALLBACK)
    }

    /// An assistant that is connected and stays so.
    pub fn connects(&self, name: &str) -> Tokens {
        let offer = self.allows(At::One, &self.meets(name)).unwrap();
        tokens(&self.exchanges(At::Other, &offer, true).unwrap(), &offer.client, &offer.grant)
    }

    /// Says yes to an assistant, at one process what the other has asked.
    pub fn allows(&self, at: At, client: &str) -> Option<Offer> {
        let resource = format!("{PUBLIC}/mcp");
        let query = [
            ("response_type", "code"),
            ("client_id", client),
            ("redirect_uri", CALLBACK),
            ("state", "a state"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("resource", &resource),
            ("scope", "patient/*.rs offline_access"),
        ];
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        let page = self.get(at.other(), &format!("/authorize?{query}"))?;
        let (request, mark) = (field(&page, "request"), mark_of(&page, "/authorize"));
        let fields = [("request", request.as_str()), ("term", "week"), ("answer", "allow"), ("csrf", &mark)];
        let answer = self.post(
            at,
            "/authorize",
            &[self.choice(&["labs", "immunizations"]), fields.to_vec()].concat(),
        )?;
        assert_eq!(answer.status, 200, "{answer:?}");
        let code = answer.body.split("code=").nth(1).unwrap();
        let code: String =
            code.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
        // pc_code_, the person's owner in 32 digits, the grant in 16.
        let grant = code[40..56].to_owned();
        Some(Offer { client: client.to_owned(), grant, code })
    }

    /// Exchanges the code for tokens; with another verifier it is refused.
    pub fn exchanges(&self, at: At, offer: &Offer, is_right: bool) -> Came {
        let fields = [
            ("grant_type", "authorization_code"),
            ("client_id", offer.client.as_str()),
            ("code", &offer.code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", if is_right { VERIFIER } else { CHALLENGE }),
        ];
        self.hosted.token(at, &fields)
    }

    /// Lets an assistant see these categories from now on.
    pub fn narrows(&self, at: At, grant: &str, categories: &[&'static str]) -> Came {
        let path = format!("/assistants/{grant}");
        let page = self.get(at, &format!("{path}?person={}", self.rows.owner().as_str()))?;
        let mark = mark_of(&page, &path);
        let fields = [self.choice(categories), vec![("term", "keep"), ("csrf", &mark)]].concat();
        self.post(at, &path, &fields)
    }

    /// Disconnects an assistant; with the mark of another form that is refused.
    pub fn disconnects(&self, at: At, grant: &str, is_right: bool) -> Came {
        let person = self.rows.owner().as_str();
        let page = self.get(at, &format!("/assistants?person={person}"))?;
        let path = format!("/assistants/{grant}/disconnect");
        let mark = mark_of(&page, if is_right { &path } else { "/sign-out" });
        self.post(at, &path, &[("person", person), ("csrf", &mark)])
    }

    fn choice(&self, categories: &[&'static str]) -> Vec<(&str, &str)> {
        let always = [("person", self.rows.owner().as_str()), ("sources", "all"), ("reach", "all")];
        always.into_iter().chain(categories.iter().map(|category| ("category", *category))).collect()
    }

    fn get(&self, at: At, path: &str) -> Came {
        let came = self.hosted.get(at, path, &[("Cookie", &self.cookie())])?;
        self.keep(&came);
        Some(came)
    }

    fn post(&self, at: At, path: &str, fields: &[(&str, &str)]) -> Came {
        let cookie = self.cookie();
        let came = self.hosted.post_form(at, path, &[("Origin", PUBLIC), ("Cookie", &cookie)], fields)?;
        self.keep(&came);
        Some(came)
    }

    fn cookie(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep(&self, answer: &Answer) {
        let mut cookies = self.cookies.lock().unwrap();
        let lines = answer.head.lines().filter_map(|line| line.split_once(": "));
        for (_, line) in lines.filter(|(name, _)| name.eq_ignore_ascii_case("Set-Cookie")) {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            cookies.retain(|(own, _)| own != name);
            cookies.push((name.to_owned(), value.to_owned()));
        }
    }
}

impl Tokens {
    /// Uses the refresh token.
    pub fn refreshes(&self, hosted: &Hosted, at: At) -> Came {
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", self.client.as_str()),
            ("refresh_token", &self.refresh),
        ];
        hosted.token(at, &fields)
    }

    /// Gives the grant back (RFC 7009).
    pub fn gives_back(&self, hosted: &Hosted, at: At) -> Came {
        let fields = [("client_id", self.client.as_str()), ("token", &self.refresh)];
        hosted.post_form(at, "/revoke", &[], &fields)
    }

    /// What an answer gives in their place.
    pub fn renewed(&self, answer: &Answer) -> Tokens {
        tokens(answer, &self.client, &self.grant)
    }
}

/// The tokens of an answer.
pub fn tokens(answer: &Answer, client: &str, grant: &str) -> Tokens {
    assert_eq!(answer.status, 200, "{answer:?}");
    let body: Value = answer.json();
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    let (access, refresh) = (text("access_token"), text("refresh_token"));
    Tokens { client: client.to_owned(), grant: grant.to_owned(), access, refresh }
}

/// The mark of the form that leads to this path.
fn mark_of(page: &Answer, path: &str) -> String {
    let form = page.body.split("<form").find(|form| form.contains(&format!("action=\"{path}\"")));
    let form = form.unwrap_or_else(|| panic!("no form leads to {path}: {page:?}"));
    value(form, "csrf")
}

/// The value of a hidden field.
fn field(page: &Answer, name: &str) -> String {
    value(&page.body, name)
}

fn value(html: &str, name: &str) -> String {
    let found = html.split(&format!("name=\"{name}\" value=\"")).nth(1);
    found.unwrap_or_else(|| panic!("no field {name}: {html}")).split('"').next().unwrap().to_owned()
}
