//! An e-mail address. It is used for notices and documents, never to sign in.

use std::fmt;

use super::Malformed;

/// `local@domain` in the common form: an unquoted local part of at most 64 characters, a domain of at least two labels
/// (RFC 5321, 4.5.3.1). Only the link sent to it proves that it exists.
///
/// Its `Debug` output is masked, so that an address never reaches a log.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// Trims and checks `text`; the domain becomes lower-case.
    ///
    /// # Errors
    /// `email-malformed`.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let text = text.trim();
        let malformed = Err(Malformed("email-malformed"));
        let Some((local, domain)) = text.rsplit_once('@') else { return malformed };
        let local_fits = (1..=64).contains(&local.len())
            && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b))
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        let label_fits = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let domain_fits = domain.len() <= 189 && domain.contains('.') && domain.split('.').all(label_fits);
        if local_fits && domain_fits { Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase()))) } else { malformed }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first one to three letters and the domain: `zha***@example.cn`.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.split_once('@').unwrap_or((&self.0, ""));
        let shown = local.len().saturating_sub(1).clamp(1, 3);
        format!("{}***@{domain}", &local[..shown.min(local.len())])
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers: UA-38
    #[test]
    fn email_is_parsed_in_the_common_form_and_masked() {
        for good in ["zhang.san@example.cn", " a@b.co ", "x+y@mail.Example.COM"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        let overlong = format!("{}@example.cn", "a".repeat(65));
        for bad in [
            "",
            "a",
            "a@b",
            "@example.cn",
            "a@",
            "a b@example.cn",
            "a@-x.cn",
            "a..b@x.cn",
            "a@x.cn\nBcc: b@x.cn",
            &overlong,
        ] {
            assert_eq!(Email::parse(bad), Err(Malformed("email-malformed")), "{bad}");
        }
        assert_eq!(Email::parse("zhangsan@Example.cn").unwrap().masked(), "zha***@example.cn");
        assert_eq!(Email::parse("a@example.cn").unwrap().masked(), "a***@example.cn");
    }
}
