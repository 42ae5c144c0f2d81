//! The only place that reads the environment: where things lie, and which keys were handed in.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use crate::secret::Secret;

/// What the environment says. Every field can be set by hand, which is how tests do it.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of the store (`PLAINCHART_HOME`; else the platform's data folder).
    pub home: PathBuf,
    /// The folder for a key file: the platform's settings folder, never inside `home`.
    pub settings: PathBuf,
    /// A folder that lives in memory and ends with the session, where there is one (`XDG_RUNTIME_DIR`).
    pub runtime: Option<PathBuf>,
    /// The store to open (`PLAINCHART_STORE`; else the SQLite file in `home`). It may hold a password.
    pub store_url: Option<Secret<String>>,
    /// The master key, base64 of 32 bytes (`PLAINCHART_KEY`).
    pub key: Option<Secret<String>>,
    /// The master key before it, still accepted during a rotation (`PLAINCHART_KEY_PREVIOUS`).
    pub key_previous: Option<Secret<String>>,
    /// A key file of the person's own choice (`PLAINCHART_KEY_FILE`).
    pub key_file: Option<PathBuf>,
    /// The passphrase, where typing it is not possible (`PLAINCHART_PASSPHRASE`).
    pub passphrase: Option<Secret<String>>,
    /// Hosts inside of a private network that portals may be asked at (`PLAINCHART_PRIVATE_HOSTS`, separated by
    /// commas).
    pub private_hosts: Vec<String>,
    /// As what this server is registered at the operator's identity provider (`PLAINCHART_IDENTITY_CLIENT_ID`).
    pub identity_client_id: Option<String>,
    /// Its secret there, where it has one (`PLAINCHART_IDENTITY_CLIENT_SECRET`).
    pub identity_client_secret: Option<Secret<String>>,
    /// Whether the operating system's key store may be asked (`PLAINCHART_KEY_STORE=off` says no).
    pub uses_key_store: bool,
}

/// Why the environment could not be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The platform names no folders for this user.
    #[error("no home folder is known: set PLAINCHART_HOME to a folder")]
    NoHome,
    /// A variable holds bytes that are not text.
    #[error("{0} is not text")]
    NotText(&'static str),
}

/// Where this program is, for the lines that start it from an assistant's configuration.
pub fn program() -> std::io::Result<PathBuf> {
    std::env::current_exe()
}

impl Config {
    /// Reads the environment of this process.
    pub fn read() -> Result<Self, Error> {
        #[expect(clippy::disallowed_methods, reason = "this is the place")]
        Self::from_lookup(|name| std::env::var_os(name))
    }

    /// Reads an environment given as a function. An empty variable counts as not set.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self, Error> {
        Self::from_parts(lookup, ProjectDirs::from("", "", "plainchart"))
    }

    fn from_parts(
        lookup: impl Fn(&str) -> Option<OsString>,
        folders: Option<ProjectDirs>,
    ) -> Result<Self, Error> {
        let set = |name| lookup(name).filter(|value| !value.is_empty());
        let text = |name| match set(name) {
            Some(value) => value.into_string().map(Some).map_err(|_| Error::NotText(name)),
            None => Ok(None),
        };
        let home = set("PLAINCHART_HOME").map(PathBuf::from);
        // `preference_dir` and not `config_dir`: on macOS the latter is the data folder, and the key must
        // not lie beside what it opens.
        let settings = folders.as_ref().map(|folders| folders.preference_dir().to_path_buf());
        Ok(Self {
            settings: settings.or_else(|| home.as_deref().and_then(beside)).ok_or(Error::NoHome)?,
            home: home
                .or_else(|| folders.map(|folders| folders.data_local_dir().to_path_buf()))
                .ok_or(Error::NoHome)?,
            runtime: set("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|folder| lies_in_memory(folder)),
            store_url: text("PLAINCHART_STORE")?.map(Secret::new),
            key: text("PLAINCHART_KEY")?.map(Secret::new),
            key_previous: text("PLAINCHART_KEY_PREVIOUS")?.map(Secret::new),
            key_file: set("PLAINCHART_KEY_FILE").map(PathBuf::from),
            passphrase: text("PLAINCHART_PASSPHRASE")?.map(Secret::new),
            private_hosts: list(text("PLAINCHART_PRIVATE_HOSTS")?),
            identity_client_id: text("PLAINCHART_IDENTITY_CLIENT_ID")?,
            identity_client_secret: text("PLAINCHART_IDENTITY_CLIENT_SECRET")?.map(Secret::new),
            uses_key_store: text("PLAINCHART_KEY_STORE")?.as_deref() != Some("off"),
        })
    }

    /// The file of the store, where it is one.
    pub fn store_file(&self) -> Option<PathBuf> {
        self.store_url().expose().strip_prefix("sqlite:").map(PathBuf::from)
    }

    /// The store to open: the one that was named, else the SQLite file in the home folder.
    pub fn store_url(&self) -> Secret<String> {
        match &self.store_url {
            Some(url) => url.clone(),
            None => Secret::new(format!("sqlite:{}", self.home.join("plainchart.db").display())),
        }
    }
}

fn list(text: Option<String>) -> Vec<String> {
    let text = text.unwrap_or_default();
    text.split(',').map(str::trim).filter(|host| !host.is_empty()).map(str::to_owned).collect()
}

/// A user without a home folder (a container) still gets a settings folder apart from the data.
fn beside(home: &Path) -> Option<PathBuf> {
    Some(home.parent()?.join("plainchart-settings"))
}

/// Whether a folder is on a file system in memory. Some systems point `XDG_RUNTIME_DIR` at a disk, and an
/// unlocked key must not be written there.
fn lies_in_memory(folder: &Path) -> bool {
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    folder.is_absolute() && folder.is_dir() && is_memory_mount(&mounts, folder)
}

fn is_memory_mount(mounts: &str, folder: &Path) -> bool {
    let fields = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ');
        Some((Path::new(words.nth(1)?), words.next()?))
    });
    // The longest mount point above the folder is the one it is on; of two alike the later covers.
    let nearest = fields
        .filter(|(point, _)| folder.starts_with(point))
        .max_by_key(|(point, _)| point.components().count());
    matches!(nearest, Some((_, "tmpfs" | "ramfs")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(pairs: &[(&str, &str)]) -> Config {
        Config::from_lookup(|name| pairs.iter().find(|pair| pair.0 == name).map(|pair| pair.1.into()))
            .unwrap()
    }

    #[test]
    fn the_home_can_be_chosen_and_holds_the_store() {
        let config = config(&[("PLAINCHART_HOME", "/somewhere/chart")]);
        assert_eq!(config.store_url().expose(), "sqlite:/somewhere/chart/plainchart.db");
        assert!(!config.settings.starts_with(&config.home));
    }

    #[test]
    fn what_this_server_is_at_an_identity_provider_is_read_and_the_secret_is_not_shown() {
        let config = config(&[
            ("PLAINCHART_IDENTITY_CLIENT_ID", "plainchart"),
            ("PLAINCHART_IDENTITY_CLIENT_SECRET", "hunter2"),
        ]);
        assert_eq!(config.identity_client_id.as_deref(), Some("plainchart"));
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn a_user_without_folders_needs_a_home_and_gets_the_key_beside_it() {
        assert!(matches!(Config::from_parts(|_| None, None), Err(Error::NoHome)));
        let lookup = |name: &str| (name == "PLAINCHART_HOME").then(|| "/var/lib/chart".into());
        let config = Config::from_parts(lookup, None).unwrap();
        assert_eq!(config.settings, Path::new("/var/lib/plainchart-settings"));
    }

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        let config = config(&[("PLAINCHART_HOME", "/somewhere"), ("PLAINCHART_KEY", "")]);
        assert!(config.key.is_none());
        assert!(config.uses_key_store);
    }

    #[test]
    fn keys_do_not_show_in_what_is_printed() {
        let store = "postgres://anna:hunter3@localhost/chart";
        let config = config(&[
            ("PLAINCHART_HOME", "/somewhere"),
            ("PLAINCHART_PASSPHRASE", "hunter2"),
            ("PLAINCHART_STORE", store),
        ]);
        assert!(!format!("{config:?}").contains("hunter"));
        assert_eq!(config.store_url().expose(), store);
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_not_text_is_named() {
        use std::os::unix::ffi::OsStringExt;
        let read = Config::from_lookup(|name| match name {
            "PLAINCHART_HOME" => Some("/somewhere".into()),
            "PLAINCHART_KEY" => Some(OsString::from_vec(vec![0xff])),
            _ => None,
        });
        assert!(matches!(read, Err(Error::NotText("PLAINCHART_KEY"))));
    }

    #[test]
    fn a_runtime_folder_on_a_disk_is_not_one() {
        let mounts = "/dev/vda / ext4 rw 0 0\ntmpfs /run tmpfs rw 0 0\n/dev/vdb /run/user/7 ext4 rw 0 0\n";
        assert!(is_memory_mount(mounts, Path::new("/run/user/1000")));
        assert!(!is_memory_mount(mounts, Path::new("/run/user/7/x")));
        assert!(!is_memory_mount(mounts, Path::new("/home/someone")));
        assert!(!is_memory_mount("", Path::new("/run")));
    }
}
