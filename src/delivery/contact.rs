//! People who send or get mail: a name for show and an address.

use lettre::Address;

use super::{MessageError, clean};
use crate::workspace::Recipient;

/// Longest display name, in characters.
pub(super) const NAME_LENGTH: usize = 100;

/// Someone who sends or gets mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The name shown, if any.
    pub name: Option<String>,
    /// The bare address.
    pub address: String,
}

impl Contact {
    /// Reads `Name <address>` or a bare address.
    pub fn parse(text: &str) -> Result<Self, MessageError> {
        let text = text.trim();
        let contact = match text.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
            Some((name, address)) => {
                let name = name.trim();
                let name = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(name);
                Self { name: (!name.is_empty()).then(|| name.to_owned()), address: address.trim().to_owned() }
            }
            None => Self { name: None, address: text.to_owned() },
        };
        contact.checked_address()?;
        Ok(contact)
    }

    /// The part of the address after the `@`.
    pub fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The name as a header may hold it.
    pub(super) fn clean_name(&self) -> Option<String> {
        self.name.as_deref().map(|name| clean(name, NAME_LENGTH)).filter(|name| !name.is_empty())
    }

    /// The address as the message library knows it.
    pub(super) fn checked_address(&self) -> Result<Address, MessageError> {
        self.address.parse().map_err(|error: lettre::address::AddressError| MessageError::Address {
            text: clean(&self.address, NAME_LENGTH),
            reason: error.to_string(),
        })
    }
}

impl From<&Recipient> for Contact {
    fn from(recipient: &Recipient) -> Self {
        Self { name: recipient.name.clone(), address: recipient.address.value.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Contact, MessageError};

    #[test]
    fn contacts_are_read_with_and_without_names() {
        let check = |text: &str, name: Option<&str>, address: &str| {
            let contact = Contact::parse(text).unwrap();
            assert_eq!((contact.name.as_deref(), contact.address.as_str()), (name, address), "{text}");
        };
        check("reports@example.com", None, "reports@example.com");
        check("Reports <reports@example.com>", Some("Reports"), "reports@example.com");
        check("\"Smith, Ann\" <ann@example.com>", Some("Smith, Ann"), "ann@example.com");
        check("Отчёты <reports@example.com>", Some("Отчёты"), "reports@example.com");
        check("<reports@example.com>", None, "reports@example.com");
        assert!(matches!(Contact::parse("Reports <reports>"), Err(MessageError::Address { .. })));
        assert!(matches!(Contact::parse(""), Err(MessageError::Address { .. })));
    }
}
