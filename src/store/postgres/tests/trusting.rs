//! TLS and the sign-in, against a server that takes nothing else.

use super::*;

fn opened(url: &str) -> Result<(), String> {
    Postgres::open(url, Clock::system()).map(|_| ()).map_err(|error| told(&error))
}

#[test]
fn a_certificate_is_trusted_as_far_as_the_url_says() {
    let server = Server::start("tls");
    let by_name = server.url.as_str();
    let by_number = by_name.replace("localhost", "127.0.0.1");
    let (ours, others) = (server.file("ca.pem"), server.file("other.pem"));
    // Without a word a server on this machine may show any certificate; elsewhere it may not.
    assert_eq!(opened(by_name), Ok(()));
    for query in [
        "sslmode=prefer",
        "sslmode=require",
        &format!("sslmode=require&sslrootcert={ours}"),
        &format!("sslmode=verify-ca&sslrootcert={ours}"),
        &format!("sslmode=verify-full&sslrootcert={ours}"),
        &format!("sslrootcert={ours}"),
    ] {
        assert_eq!(opened(&format!("{by_name}?{query}")), Ok(()), "{query}");
    }
    let refused = |url: &str, query: &str| opened(&format!("{url}?{query}")).unwrap_err();
    let unreachable = "the database server cannot be reached, or has ended the connection: ";
    for query in [
        &format!("sslmode=verify-full&sslrootcert={others}"),
        &format!("sslmode=verify-ca&sslrootcert={others}"),
        &format!("sslmode=require&sslrootcert={others}"),
        "sslmode=verify-full",
    ] {
        let refusal = refused(by_name, query);
        assert!(refusal.starts_with(unreachable) && refusal.contains("UnknownIssuer"), "{query}: {refusal}");
    }
    // The certificate is for a name, and not for a number.
    let refusal = refused(&by_number, &format!("sslmode=verify-full&sslrootcert={ours}"));
    assert!(refusal.contains("not valid for name"), "{refusal}");
    assert_eq!(opened(&format!("{by_number}?sslmode=verify-ca&sslrootcert={ours}")), Ok(()));
    let refusal = refused(by_name, "sslmode=disable");
    assert!(refusal.contains("no encryption"), "{refusal}");
    assert_eq!(number(by_name, "SELECT count(*) FROM pg_stat_ssl WHERE ssl AND pid = pg_backend_pid()"), 1);
}

#[test]
fn a_file_without_authorities_is_named_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("empty.pem");
    std::fs::write(&path, "nothing").unwrap();
    for path in [path.display().to_string(), String::from("/not/there.pem")] {
        let refusal = opened(&format!("postgres://localhost/x?sslrootcert={path}")).unwrap_err();
        assert!(refusal.contains("sslrootcert names no file of certificates that can be read"), "{refusal}");
    }
}

#[test]
fn a_wrong_password_is_refused_and_not_repeated() {
    let url = database();
    let wrong = url.replace(PASSWORD, "hunter2-mistyped");
    let refusal = opened(&wrong).unwrap_err();
    assert_eq!(
        refusal,
        "the database server refused: db error: FATAL: password authentication failed for user \"chart\""
    );
}

#[test]
fn a_server_without_tls_is_refused_where_tls_is_asked_for() {
    let refusal = opened(&format!("{}?sslmode=require", database())).unwrap_err();
    assert!(refusal.contains("server does not support TLS"), "{refusal}");
}
