//! Which form of a file a client takes: `Accept-Encoding`, read with its weights. Pure.

/// The forms, the smallest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

/// The weight that plain has when nothing is said of it: above what is refused, below all that is asked for.
const UNSAID: f32 = 0.000_1;

/// The client's favourite of those that are there; between equals the smaller one. `accepted`: each header's value.
/// Plain, when none is taken: a body is better than none.
pub(super) fn choose<'a>(accepted: impl Iterator<Item = &'a str>, there: &[Encoding]) -> Encoding {
    let (mut brotli, mut gzip, mut plain, mut others) = (None, None, None, None);
    for part in accepted.flat_map(|value| value.split(',')) {
        let (name, parameters) = part.split_once(';').unwrap_or((part, ""));
        let place = match name.trim().to_ascii_lowercase().as_str() {
            "br" => &mut brotli,
            "gzip" | "x-gzip" => &mut gzip,
            "identity" => &mut plain,
            "*" => &mut others,
            _ => continue,
        };
        *place = Some(weight(parameters));
    }
    let weight_of = |encoding: Encoding| match encoding {
        Encoding::Brotli => brotli.or(others).unwrap_or(0.0),
        Encoding::Gzip => gzip.or(others).unwrap_or(0.0),
        Encoding::Plain => plain.or(others).unwrap_or(UNSAID),
    };
    let mut best = (Encoding::Plain, 0.0);
    for encoding in [Encoding::Brotli, Encoding::Gzip, Encoding::Plain] {
        if there.contains(&encoding) && weight_of(encoding) > best.1 {
            best = (encoding, weight_of(encoding));
        }
    }
    best.0
}

/// The `q` of a name's parameters; 1 when there is none, 0 when it can't be read.
fn weight(parameters: &str) -> f32 {
    let q = parameters
        .split(';')
        .filter_map(|one| one.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
    q.map_or(1.0, |(_, value)| value.trim().parse().ok().filter(|q| (0.0..=1.0).contains(q)).unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::Encoding::{Brotli, Gzip, Plain};
    use super::*;

    #[test]
    fn the_favourite_is_chosen() {
        for (accepted, expected) in [
            ("gzip, deflate, br, zstd", Brotli),
            ("br", Brotli),
            ("BR;Q=1", Brotli),
            ("gzip, deflate", Gzip),
            ("x-gzip", Gzip),
            ("gzip;q=1.0, br;q=0.5", Gzip),
            ("br;q=0, gzip", Gzip),
            ("br;q=0.001", Brotli),
            ("*", Brotli),
            ("*;q=0.5, br;q=0.1", Gzip),
            ("br ; q = 0.9 , gzip;q=0.8", Brotli),
            ("identity, gzip;q=0.5", Plain),
            ("identity;q=0.5, gzip;q=0.5", Gzip),
            ("", Plain),
            ("zstd, deflate", Plain),
            ("gzip;q=0, br;q=0", Plain),
            ("br;q=2, gzip;q=x", Plain),
            ("*;q=0", Plain),
            ("br, *;q=0", Brotli),
        ] {
            assert_eq!(choose([accepted].into_iter(), &[Brotli, Gzip, Plain]), expected, "{accepted}");
        }
        assert_eq!(choose(["gzip", "br"].into_iter(), &[Brotli, Gzip, Plain]), Brotli, "two headers");
        assert_eq!(choose(std::iter::empty(), &[Brotli, Gzip, Plain]), Plain, "no header");
        assert_eq!(choose(["br, gzip"].into_iter(), &[Plain]), Plain, "no copies");
    }
}
