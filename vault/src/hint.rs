//! What may be shown of a secret.

/// Characters below which even the end of a secret would tell too much.
const LONG: usize = 16;
const SHOWN: usize = 4;

/// The last characters, as `••••1234`; none of a short secret.
pub fn hint(secret: &str) -> Option<String> {
    let length = secret.chars().count();
    (length >= LONG).then(|| "••••".chars().chain(secret.chars().skip(length - SHOWN)).collect())
}

#[cfg(test)]
mod tests {
    use super::hint;

    #[test]
    fn only_long_secrets_have_one() {
        assert_eq!(hint("abcdefghijk1234"), None);
        assert_eq!(hint("abcdefghijkl1234").as_deref(), Some("••••1234"));
        assert_eq!(hint("ğğğğğğğğğğğğğğşi").as_deref(), Some("••••ğğşi"));
        assert_eq!(hint(""), None);
    }
}
