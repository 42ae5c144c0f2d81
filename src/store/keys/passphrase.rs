//! The master key sealed under a passphrase: a small file in the home folder with the salt, the costs and
//! the sealed keys. Without the passphrase it opens nothing.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::error::Error;
use super::masters::Masters;
use crate::clock::Randomness;
use crate::secret::Secret;
use crate::store::key::{Kind, OwnerId};
use crate::store::seal::{self, KeyBytes, Packing, Place};
use crate::store::{self, folder};

const FILE: &str = "passphrase.json";
const PLACE: &str = "`passphrase.json`";
/// A file that asks for more than this was not written by us, and would only hold the machine up.
const COST_MAX: Cost = Cost { memory_kib: 1 << 20, passes: 32, lanes: 16 };

/// What guessing one passphrase costs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// RFC 9106, 4: the second recommended option, for where memory is limited.
pub const COST: Cost = Cost { memory_kib: 64 << 10, passes: 3, lanes: 4 };

/// What the file holds.
#[derive(Serialize, Deserialize)]
struct Header {
    format: u64,
    salt: String,
    cost: Cost,
    sealed: String,
}

/// Seals the keys under a passphrase, new or changed, and returns the key that it stands for.
pub fn create(
    home: &Path,
    passphrase: &Secret<String>,
    masters: &Masters,
    cost: Cost,
    random: &Randomness,
) -> Result<KeyBytes, Error> {
    let mut salt = [0; 16];
    random.fill(&mut salt);
    let header = Header { format: 1, salt: STANDARD.encode(salt), cost, sealed: String::new() };
    let key = derive(passphrase, &header)?;
    write(home, header, &key, masters, random)?;
    Ok(key)
}

/// Seals changed keys under the key of the same passphrase.
pub fn save(home: &Path, key: &KeyBytes, masters: &Masters, random: &Randomness) -> Result<(), Error> {
    write(home, read(home)?, key, masters, random)
}

/// The key that a passphrase stands for. Takes a good part of a second, on purpose.
pub fn key(home: &Path, passphrase: &Secret<String>) -> Result<KeyBytes, Error> {
    derive(passphrase, &read(home)?)
}

/// The keys, opened with the key of the passphrase.
pub fn open(home: &Path, key: &KeyBytes) -> Result<Masters, Error> {
    let sealed = STANDARD.decode(read(home)?.sealed).map_err(|_| Error::NotAKey(PLACE.to_owned()))?;
    let text = match seal::open(key, place(&OwnerId::home()), &sealed) {
        Ok(text) => Secret::new(text),
        Err(store::Error::Damaged(_)) => return Err(Error::WrongPassphrase),
        Err(error) => return Err(Error::failed("opening `passphrase.json`")(error)),
    };
    let text = std::str::from_utf8(text.expose()).map_err(|_| Error::NotAKey(PLACE.to_owned()))?;
    Masters::parse(text, PLACE)
}

/// Whether there is such a file.
pub fn is_set(home: &Path) -> bool {
    home.join(FILE).exists()
}

/// Removes the file, once the keys are kept elsewhere.
pub fn remove(home: &Path) -> Result<(), Error> {
    match fs::remove_file(home.join(FILE)) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Error::failed("removing `passphrase.json`")(error))
        }
        _ => Ok(()),
    }
}

fn read(home: &Path) -> Result<Header, Error> {
    let text = fs::read_to_string(home.join(FILE)).map_err(|_| Error::NotFound(PLACE.to_owned()))?;
    let header: Header = serde_json::from_str(&text).map_err(|_| Error::NotAKey(PLACE.to_owned()))?;
    if header.format > 1 {
        let newer = store::Error::Newer { what: "`passphrase.json`", found: header.format, known: 1 };
        return Err(Error::failed("reading `passphrase.json`")(newer));
    }
    Ok(header)
}

fn write(
    home: &Path,
    header: Header,
    key: &KeyBytes,
    masters: &Masters,
    random: &Randomness,
) -> Result<(), Error> {
    let text = masters.to_text();
    let sealed = seal::seal(key, place(&OwnerId::home()), text.expose().as_bytes(), Packing::Plain, random);
    let sealed = STANDARD.encode(sealed.map_err(Error::failed("sealing the keys"))?);
    let json = serde_json::to_string_pretty(&Header { sealed, ..header });
    let json = json.map_err(Error::failed("writing `passphrase.json`"))?;
    folder::replace(&home.join(FILE), json.as_bytes()).map_err(Error::failed("writing `passphrase.json`"))
}

fn derive(passphrase: &Secret<String>, header: &Header) -> Result<KeyBytes, Error> {
    let cost = header.cost;
    let is_known = cost.memory_kib <= COST_MAX.memory_kib
        && cost.passes <= COST_MAX.passes
        && cost.lanes <= COST_MAX.lanes;
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).ok().filter(|_| is_known);
    let params = params.ok_or_else(|| Error::NotAKey(PLACE.to_owned()))?;
    let salt = STANDARD.decode(&header.salt).map_err(|_| Error::NotAKey(PLACE.to_owned()))?;
    let mut key = Secret::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.expose().as_bytes(), &salt, key.expose_mut())
        .map_err(Error::failed("deriving a key from the passphrase"))?;
    Ok(key)
}

fn place(home: &OwnerId) -> Place<'_> {
    Place { owner: home, kind: Kind::Key, id: "passphrase", version: 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

    #[test]
    fn only_the_passphrase_opens_and_the_file_holds_no_secret() {
        let (home, random) = (tempfile::tempdir().unwrap(), Randomness::seeded(1));
        let (home, masters) = (home.path(), Masters::new(&random));
        let passphrase = Secret::new(String::from("correct horse"));
        create(home, &passphrase, &masters, QUICK, &random).unwrap();
        let opened = open(home, &key(home, &passphrase).unwrap()).unwrap();
        assert_eq!(opened.current.id, masters.current.id);
        let other = key(home, &Secret::new(String::from("wrong horse"))).unwrap();
        assert!(matches!(open(home, &other), Err(Error::WrongPassphrase)));
        let text = fs::read_to_string(home.join(FILE)).unwrap();
        assert!(!text.contains("horse") && !text.contains(masters.to_text().expose().trim()));
    }

    #[test]
    fn an_absurd_cost_and_a_newer_format_are_refused() {
        let (home, random) = (tempfile::tempdir().unwrap(), Randomness::seeded(1));
        let (home, masters) = (home.path(), Masters::new(&random));
        let passphrase = Secret::new(String::from("correct horse"));
        create(home, &passphrase, &masters, QUICK, &random).unwrap();
        let text = fs::read_to_string(home.join(FILE)).unwrap();
        fs::write(home.join(FILE), text.replace("\"memory_kib\": 64", "\"memory_kib\": 4000000000")).unwrap();
        assert!(matches!(key(home, &passphrase), Err(Error::NotAKey(_))));
        fs::write(home.join(FILE), text.replace("\"format\": 1", "\"format\": 2")).unwrap();
        assert!(matches!(key(home, &passphrase), Err(Error::Failed { .. })));
    }
}
