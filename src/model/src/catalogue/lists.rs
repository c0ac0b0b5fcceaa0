//! Parameters that are written as small lists: weights of components, indexes of a database.

use super::ValueRefusal;
use crate::Id;
use crate::limits::MAX_TEXT_BYTES;

/// The most entries of a list.
const MAX_ENTRIES: usize = 100;

fn bad(entry: &str) -> ValueRefusal {
    ValueRefusal::BadList {
        entry: entry.trim().chars().take(40).collect(),
    }
}

/// Reads weights such as `db=0.2, cache=0.8`, in the order written.
///
/// # Errors
/// [`ValueRefusal::BadList`] with the first entry that does not read.
pub fn parse_weights(text: &str) -> Result<Vec<(Id, f64)>, ValueRefusal> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(bad(text));
    }
    let mut out: Vec<(Id, f64)> = Vec::new();
    for entry in text.split(',').filter(|entry| !entry.trim().is_empty()) {
        let (id, weight) = entry.split_once('=').ok_or_else(|| bad(entry))?;
        let id = Id::new(id.trim()).map_err(|_| bad(entry))?;
        let weight = number(weight.trim()).ok_or_else(|| bad(entry))?;
        let fine = weight.is_finite() && (0.0..=1e6).contains(&weight);
        if !fine || out.len() >= MAX_ENTRIES || out.iter().any(|(other, _)| *other == id) {
            return Err(bad(entry));
        }
        out.push((id, weight));
    }
    Ok(out)
}

/// A number of at least 0, as people write it: `.5`, `5.`, `+05` too.
///
/// The reader of the documents reads it. The standard library's has tables of ten kilobytes, which a page would
/// fetch for this alone.
fn number(text: &str) -> Option<f64> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let end = text.find(['e', 'E']).unwrap_or(text.len());
    let (digits, exponent) = text.split_at(end);
    if !digits.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let digits = digits.strip_suffix('.').unwrap_or(digits);
    let digits = digits.trim_start_matches('0');
    let zero = if digits.starts_with(|c: char| c.is_ascii_digit()) {
        ""
    } else {
        "0"
    };
    serde_json::from_str(&format!("{zero}{digits}{exponent}")).ok()
}

/// An index of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Of which dataset.
    pub dataset: Id,
    /// Its columns, from the left.
    pub columns: Vec<Id>,
}

/// Reads indexes such as `product(price, brand); order(user)`, in the order written.
///
/// # Errors
/// [`ValueRefusal::BadList`] with the first entry that does not read.
pub fn parse_indexes(text: &str) -> Result<Vec<Index>, ValueRefusal> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(bad(text));
    }
    let mut out = Vec::new();
    for entry in text.split(';').filter(|entry| !entry.trim().is_empty()) {
        let (dataset, columns) = entry.trim().split_once('(').ok_or_else(|| bad(entry))?;
        let columns = columns.strip_suffix(')').ok_or_else(|| bad(entry))?;
        let dataset = Id::new(dataset.trim()).map_err(|_| bad(entry))?;
        let columns: Result<Vec<Id>, _> = columns
            .split(',')
            .map(|column| Id::new(column.trim()))
            .collect();
        let columns = columns.map_err(|_| bad(entry))?;
        if columns.is_empty() || columns.len() > 16 || out.len() >= MAX_ENTRIES {
            return Err(bad(entry));
        }
        out.push(Index { dataset, columns });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lists_and_names_the_entry_that_is_wrong() {
        let weights = parse_weights("db=0.2, cache=3 ,").unwrap_or_default();
        assert_eq!(weights.len(), 2);
        assert_eq!(weights[1].1, 3.0);
        let indexes = parse_indexes("product(price, brand); order(user)").unwrap_or_default();
        assert_eq!(indexes[0].columns.len(), 2);
        for (text, entry) in [("a=1, b", "b"), ("a=1, a=2", "a=2"), ("a=-1", "a=-1")] {
            let refused = parse_weights(text).err();
            assert_eq!(
                refused,
                Some(ValueRefusal::BadList {
                    entry: entry.into()
                })
            );
        }
        for text in [
            "0",
            "00",
            "7",
            "007.50",
            ".5",
            "5.",
            "5.e3",
            "+.25",
            "1e-7",
            "1E3",
            "0.1",
            "",
            "+",
            ".",
            "e3",
            "+e3",
            "1.2.3",
            "1e",
            "inf",
            "0x1",
            "1 2",
            "9007199254740993",
            "1e-400",
        ] {
            assert_eq!(
                number(text),
                text.parse().ok().filter(|n: &f64| n.is_finite()),
                "{text}"
            );
        }
        assert!(parse_indexes("product price").is_err());
        assert!(parse_indexes("product()").is_err());
    }
}
