//! What people type, before it is kept or searched for.
//!
//! Owns: the rules of one-line texts that every feature's bodies share. Invariant: what passes can be stored by
//! PostgreSQL (no U+0000) and drawn on one line. Absent on purpose: message texts, which are never trimmed or cut.

use crate::error::{Error, Result};

/// Longest name or title.
pub const MAX_LINE: usize = 200;
/// Longest e-mail address (RFC 5321).
const MAX_EMAIL: usize = 254;
/// Longest search text.
const MAX_SEARCH: usize = 200;

/// One line: trimmed, without control characters, at most `max` characters; may be empty.
pub fn line(field: &str, text: &str, max: usize) -> Result<String> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(field, "invalid", format!("`{field}` is one line of text.")));
    }
    if text.chars().count() > max {
        return Err(Error::invalid(field, "too_long", format!("`{field}` has at most {max} characters.")));
    }
    Ok(text.to_owned())
}

/// One line that says something.
pub fn filled(field: &str, text: &str, max: usize) -> Result<String> {
    let text = line(field, text, max)?;
    if text.is_empty() {
        return Err(Error::invalid(field, "required", format!("`{field}` can't be empty.")));
    }
    Ok(text)
}

/// An e-mail address as it is kept: trimmed, lower case. Only its form is checked; who owns it is not known here.
pub fn email(field: &str, text: &str) -> Result<String> {
    let text = line(field, text, MAX_EMAIL)?.to_lowercase();
    let formed = text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && domain.contains('.')
            && !domain.contains('@')
    });
    if !formed || text.chars().any(char::is_whitespace) {
        return Err(Error::invalid(field, "invalid", format!("`{field}` is an e-mail address.")));
    }
    Ok(text)
}

/// The LIKE pattern of a search over lower-case text; `None` when nothing is searched for. `%`, `_` and `\` stand for
/// themselves; words are found in their order with anything between them. What looks like a phone number is searched
/// by its digits, without the zeros that only a national or international prefix has.
pub fn search_pattern(q: &str) -> Result<Option<String>> {
    if q.chars().count() > MAX_SEARCH {
        return Err(Error::bad_request(format!("`q` has at most {MAX_SEARCH} characters.")));
    }
    if q.contains('\0') {
        return Err(Error::bad_request("`q` can't hold U+0000."));
    }
    let words: Vec<String> = if looks_like_phone(q) {
        let digits: String = q.chars().filter(char::is_ascii_digit).collect();
        vec![digits.trim_start_matches('0').to_owned()]
    } else {
        q.to_lowercase().split_whitespace().map(escape).collect()
    };
    let pattern = words.join("%");
    Ok((!pattern.is_empty()).then(|| format!("%{pattern}%")))
}

/// Whether a pattern has no three letters in a row, without which the index of trigrams is of no use.
pub fn is_short(pattern: &str) -> bool {
    pattern.split(['%', '_', '\\']).all(|part| part.chars().count() < 3)
}

fn looks_like_phone(q: &str) -> bool {
    let digits = q.chars().filter(char::is_ascii_digit).count();
    digits >= 5 && q.chars().all(|c| c.is_ascii_digit() || " +-()/.".contains(c))
}

fn escape(word: &str) -> String {
    let mut escaped = String::with_capacity(word.len());
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_at_and_beyond() {
        assert_eq!(line("name", "  Ayşe ", 4).ok().as_deref(), Some("Ayşe"));
        assert!(line("name", "Ayşe!", 4).is_err());
        assert!(line("name", "a\0b", 10).is_err() && line("name", "a\nb", 10).is_err());
        assert!(filled("name", "  ", 10).is_err() && line("name", "", 10).is_ok());
    }

    #[test]
    fn emails_by_form() {
        assert_eq!(email("email", " A.B@Example.Test ").ok().as_deref(), Some("a.b@example.test"));
        for bad in ["", "a", "@b.c", "a@b", "a@b.", "a@.b", "a b@c.d", "a@b@c.d"] {
            assert!(email("email", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn patterns_take_wildcards_literally() {
        let pattern = |q| search_pattern(q).unwrap_or_default().unwrap_or_default();
        assert_eq!(pattern("50%_\\x"), r"%50\%\_\\x%");
        assert_eq!(pattern(" Ayşe  YIL "), "%ayşe%yil%");
        assert_eq!(pattern("+90 (532) 418-76-50"), "%905324187650%");
        assert_eq!(pattern("0532 418"), "%532418%");
        assert_eq!(pattern("00000"), "");
        assert_eq!(pattern("   "), "");
        assert!(is_short("%ab%") && is_short(r"%a\%b\_c%") && !is_short("%a%abc%"));
        assert!(search_pattern("a\0").is_err() && search_pattern(&"x".repeat(201)).is_err());
        assert!(search_pattern(&"ş".repeat(200)).is_ok());
    }
}
