//! What a vendor's row can say: the rules by which its servers are met.

/// A way in which a server is known to be of a vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownBy {
    /// Its host is this one or stands below it.
    Host(&'static str),
    /// The path of its FHIR base holds this, as written.
    Path(&'static str),
    /// It names this, folded, as its software or its publisher.
    Software(String),
}

/// What is sent as `aud` when a person is asked to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AudRule {
    /// The FHIR base as it was given.
    Base,
    /// The FHIR base without the slash at its end.
    NoSlash,
    /// Nothing: the server refuses it.
    Absent,
}

/// A way to the id of the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatientRule {
    /// `patient` in the answer with the tokens.
    Token,
    /// `fhirUser` in the id token.
    IdToken,
    /// This claim of the access token, which is a JWT.
    AccessToken(&'static str),
    /// The only Patient that a search gives.
    Search,
}

/// Which clients a vendor registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientKind {
    /// Only such as hold no secret.
    Public,
    /// Only such as hold a secret or a key.
    Confidential,
    /// Both.
    Either,
}

/// How the client names itself to the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenAuth {
    /// By its id alone.
    None,
    /// By id and secret in the header.
    Basic,
    /// By id and secret in the body.
    Post,
    /// By a JWT signed with its key; the algorithm where the vendor takes one only.
    PrivateKeyJwt(Option<Signing>),
}

/// An algorithm that SMART App Launch names for signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    /// RSA.
    Rs384,
    /// Elliptic curve.
    Es384,
}

/// The language of scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `patient/Observation.read`.
    V1,
    /// `patient/Observation.rs`.
    V2,
}

/// How the scopes of a vendor differ from those that are usually asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes {
    /// The dialect, where another is asked than the best that is advertised.
    pub dialect: Option<Dialect>,
    /// The types to ask for one by one, where `patient/*` is refused; else empty.
    pub types: Vec<&'static str>,
    /// Usual words that are refused.
    pub without: Vec<&'static str>,
    /// Further words.
    pub extra: Vec<&'static str>,
}

/// A parameter that the address for signing in needs beyond the usual ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizeExtra {
    /// A `nonce`, made for this sign-in.
    Nonce,
    /// `prompt=consent`, where offline access is asked for.
    Consent,
    /// A parameter whose value the person gives.
    Given {
        /// The parameter's name at the server.
        name: &'static str,
        /// The name under which the person gives it.
        by: &'static str,
    },
}

/// How an app can be registered without a person at the vendor's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    /// No way is known; what the server advertises may still be tried.
    Unknown,
    /// Dynamic registration by RFC 7591.
    Rfc7591,
    /// Epic's registration of a device after the first sign-in.
    EpicDevice,
}

/// What a code in an OperationOutcome says of the answer that it comes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeMeaning {
    /// A part of the data was withheld.
    Withheld,
    /// There is more than the server gives out.
    Capped,
    /// The pages that were still to come are no longer held.
    Expired,
    /// Nothing was found.
    Nothing,
    /// Nothing that concerns the answer.
    Ignore,
}
