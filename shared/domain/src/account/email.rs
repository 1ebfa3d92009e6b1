//! An address for letters. It never signs anybody in.

use std::fmt;

use super::Malformed;

/// `local@domain`, as far as a form can tell; only the link sent there proves it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
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

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// First letters and the domain: `zha***@example.cn`.
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
    fn an_email_is_parsed_and_masked() {
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
