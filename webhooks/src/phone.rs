//! Phone numbers as the platforms write them.
//!
//! Owns: the key under which two spellings of one number meet. Invariants: a value with a letter is never a phone
//! number, so a business-scoped id (`TR.88…`) can't become one; the key is for comparing only, sending uses the number
//! as received. Absent on purpose: regions and national formats (they need a tenant's default region).

/// The digits of a number, without `+`, blanks and punctuation.
pub fn strip(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// True for digits only. `TR.8817263540091` is an id of a person, not a number.
pub fn is_phone(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit())
}

/// The key of a number: spellings of one number have one key.
///
/// Mexico `521…` is `52…`, Argentina `549…` and the national `15` are `54…`, Brazil gets its ninth digit when the
/// local number begins with 6 to 9, zeros in front go (S).
pub fn canonical(digits: &str) -> String {
    let digits = strip(digits);
    let digits = digits.trim_start_matches('0');
    if let Some(local) = digits.strip_prefix("521").filter(|local| local.len() == 10) {
        return format!("52{local}");
    }
    if let Some(national) = digits.strip_prefix("54") {
        return format!("54{}", argentine(national));
    }
    if let Some(national) = digits.strip_prefix("55") {
        return format!("55{}", brazilian(national));
    }
    digits.to_owned()
}

/// Area code and number, ten digits, without the mobile 9 and 15.
fn argentine(national: &str) -> String {
    let national = match national.strip_prefix('9') {
        Some(rest) if rest.len() == 10 || rest.len() == 12 => rest,
        _ => national,
    };
    if national.len() == 12 {
        // Buenos Aires is the only area code of two digits; the others have three or four, and `15` can't begin at
        // both places at once.
        let areas: &[usize] = if national.starts_with("11") { &[2] } else { &[3, 4] };
        for (area, rest) in areas.iter().filter_map(|n| national.split_at_checked(*n)) {
            if let Some(local) = rest.strip_prefix("15") {
                return format!("{area}{local}");
            }
        }
    }
    national.to_owned()
}

/// Area code and nine digits for mobile numbers; landlines (2 to 5) keep their eight.
fn brazilian(national: &str) -> String {
    match national.split_at_checked(2) {
        Some((area, local)) if local.len() == 8 && local.starts_with(['6', '7', '8', '9']) => {
            format!("{area}9{local}")
        }
        _ => national.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{canonical, is_phone, strip};

    #[test]
    fn spellings_of_one_number_meet() {
        for (one, other) in [
            ("5215512345678", "525512345678"),
            ("5491123456789", "541123456789"),
            ("54111523456789", "541123456789"),
            ("542211523456789", "542211523456789"),
            ("54221154567890", "542214567890"),
            ("5492214567890", "542214567890"),
            ("54296615456789", "542966456789"),
            ("549296615456789", "542966456789"),
            ("551187654321", "5511987654321"),
            ("+90 (532) 418-76-50", "905324187650"),
            ("00905324187650", "905324187650"),
        ] {
            assert_eq!(canonical(one), canonical(other), "{one} {other}");
        }
    }

    #[test]
    fn other_numbers_stay_apart() {
        assert_eq!(canonical("551132654321"), "551132654321");
        assert_eq!(canonical("905324187650"), "905324187650");
        assert_eq!(canonical("521551234567"), "521551234567");
        assert_ne!(canonical("5215512345678"), canonical("525512345679"));
        assert_eq!(canonical(""), "");
        assert_eq!(canonical("55"), "55");
        assert_eq!(canonical("54"), "54");
    }

    #[test]
    fn canonical_is_its_own_canonical() {
        for number in ["5215512345678", "54111523456789", "549111523456789", "551187654321", "491735550142"] {
            let once = canonical(number);
            assert_eq!(canonical(&once), once);
        }
    }

    #[test]
    fn an_id_is_no_phone() {
        assert!(is_phone("905324187650"));
        for no in ["TR.8817263540091", "", "+905324187650", "90 532", "٣٤٥", "120363418770915618@g.us"] {
            assert!(!is_phone(no), "{no}");
        }
        assert_eq!(strip("+1 (555) 123-45-67"), "15551234567");
    }
}
