//! Secrets for files that are written once: different in every project, never in a snapshot.

use std::collections::BTreeSet;

use minijinja::{Environment, Error as TemplateError, ErrorKind, State};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// The randomness of a project; it comes in as a value so that rendering stays pure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seed([u8; 32]);

impl Seed {
    /// Takes a seed from the operating system.
    pub fn random() -> Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| {
            Error::failed(format!("the system gives no random numbers: {error}"))
        })?;
        Ok(Seed(bytes))
    }

    /// Derives a secret for a name: 64 hexadecimal digits, 256 bits.
    fn secret(&self, name: &str) -> String {
        let digest = Sha256::new()
            .chain_update(self.0)
            .chain_update(name)
            .finalize();
        digest.iter().fold(String::new(), |secret, byte| {
            secret + &format!("{byte:02x}")
        })
    }
}

/// Adds the function `secret(name)`, which works only in files that are written once.
pub(super) fn register(environment: &mut Environment, seed: Seed, once: BTreeSet<String>) {
    environment.add_function("secret", move |state: &State, name: &str| {
        if once.contains(state.name()) {
            return Ok(seed.secret(name));
        }
        Err(TemplateError::new(
            ErrorKind::InvalidOperation,
            "secret() works only in a file with 'once = true': everything else goes into commits",
        ))
    });
}

#[cfg(test)]
mod tests {
    use super::Seed;

    #[test]
    fn each_name_has_its_own_secret() {
        let seed = Seed([7; 32]);
        assert_eq!(seed.secret("A"), seed.secret("A"));
        assert_ne!(seed.secret("A"), seed.secret("B"));
        assert_ne!(seed.secret("A"), Seed::default().secret("A"));
        assert_eq!(seed.secret("A").len(), 64);
    }
}
