//! Finding a kind by what a person types: Korean or English names, AWS names, everyday words.
//!
//! Spaces and Korean particles do not matter, first consonants are enough (ㄷㅇㅌ), and a syllable may
//! still be unfinished. Must not live here: what is shown.

use archplay_model::Kind;
use archplay_text::{Lang, find as find_text};

/// Particles that may follow a noun, longest first.
const PARTICLES: [&str; 16] = [
    "에서", "으로", "이랑", "하고", "을", "를", "이", "가", "은", "는", "에", "로", "의", "와",
    "과", "도",
];

/// The first consonants in the order of the Hangul block.
const INITIALS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ',
    'ㅌ', 'ㅍ', 'ㅎ',
];
const FIRST_SYLLABLE: u32 = 0xAC00;
const LAST_SYLLABLE: u32 = 0xD7A3;

/// The kinds among `from` that a query means, best first; all of them for an empty query.
pub fn search(query: &str, from: &[Kind]) -> Vec<Kind> {
    let query = plain(query);
    if query.is_empty() {
        return from.to_vec();
    }
    let mut found: Vec<(usize, usize, Kind)> = from
        .iter()
        .enumerate()
        .filter_map(|(order, kind)| rank(&query, *kind).map(|rank| (rank, order, *kind)))
        .collect();
    found.sort();
    found.into_iter().map(|(_, _, kind)| kind).collect()
}

/// Where a text has what was typed: 0 at its begin, 1 further in; `None` if it has not.
pub fn found_in(text: &str, query: &str) -> Option<usize> {
    let query = plain(query);
    let forms = [Some(query.as_str()), without_particle(&query)];
    let at = forms
        .into_iter()
        .flatten()
        .find_map(|query| position(&plain(text), query))?;
    Some(usize::from(at > 0))
}

/// How well a kind fits: 0 at the begin of a name, 1 within a name, 2 and 3 in other words.
fn rank(query: &str, kind: Kind) -> Option<usize> {
    let forms = [Some(query), without_particle(query)];
    forms
        .into_iter()
        .flatten()
        .flat_map(|query| {
            words(kind).into_iter().filter_map(move |(is_name, word)| {
                let at = position(&plain(&word), query)?;
                Some(usize::from(at > 0) + if is_name { 0 } else { 2 })
            })
        })
        .min()
}

/// All words of a kind; the flag says whether it is its name.
fn words(kind: Kind) -> Vec<(bool, String)> {
    let mut out = Vec::new();
    for lang in Lang::ALL {
        if let Some(name) = find_text(lang, &format!("kind.{}.name", kind.slug())) {
            out.push((true, name.into_owned()));
        }
        if let Some(list) = find_text(lang, &format!("palette.words.{}", kind.slug())) {
            out.extend(list.split(',').map(|word| (false, word.to_owned())));
        }
    }
    out.extend(kind.aws_name().map(|name| (false, name.to_owned())));
    out.extend(
        kind.synonyms()
            .iter()
            .map(|word| (false, (*word).to_owned())),
    );
    out
}

/// Lower case, without spaces and hyphens.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_' | '·'))
        .flat_map(char::to_lowercase)
        .collect()
}

fn without_particle(query: &str) -> Option<&str> {
    let rest = PARTICLES
        .iter()
        .find_map(|particle| query.strip_suffix(particle))?;
    // A single syllable is no noun with a particle.
    (rest.chars().count() >= 2).then_some(rest)
}

/// Where the query is found in a word, by characters.
fn position(word: &str, query: &str) -> Option<usize> {
    let word: Vec<char> = word.chars().collect();
    let query: Vec<char> = query.chars().collect();
    if query.is_empty() || query.len() > word.len() {
        return None;
    }
    (0..=word.len() - query.len()).find(|at| {
        let here = &word[*at..*at + query.len()];
        let last = query.len() - 1;
        here.iter()
            .zip(&query)
            .enumerate()
            .all(|(i, (w, q))| same(*w, *q, i == last))
    })
}

/// Whether a typed character stands for one of a word. Only the last may be an unfinished syllable.
fn same(word: char, typed: char, last: bool) -> bool {
    if word == typed {
        return true;
    }
    let (Some(w), typed_code) = (syllable(word), typed as u32) else {
        return false;
    };
    if INITIALS.get((w / 588) as usize) == Some(&typed) {
        return true;
    }
    let Some(t) = syllable(typed) else {
        return false;
    };
    debug_assert!(typed_code >= FIRST_SYLLABLE);
    last && t % 28 == 0 && t / 28 == w / 28
}

/// The number of a Hangul syllable within its block.
fn syllable(c: char) -> Option<u32> {
    let code = c as u32;
    (FIRST_SYLLABLE..=LAST_SYLLABLE)
        .contains(&code)
        .then(|| code - FIRST_SYLLABLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the palette shows first.
    fn check(query: &str, expected: &[Kind]) {
        let found = search(query, &Kind::ALL);
        let shown = &found[..expected.len().min(found.len())];
        assert_eq!(shown, expected, "{query}: {found:?}");
    }

    #[test]
    fn finds_by_names_in_both_languages_and_by_aws_names() {
        check("서버", &[Kind::Server]);
        check("Database", &[Kind::Database]);
        check("ec2", &[Kind::Server]);
        check("cloudfront", &[Kind::Cdn]);
        check("가용영역", &[Kind::Zone]);
        check("가용 영역", &[Kind::Zone]);
        check("rds", &[Kind::Database, Kind::ConnectionProxy]);
        check("디비", &[Kind::Database]);
        check("람다", &[Kind::Function]);
        check("redis", &[Kind::Cache]);
        check("카프카", &[Kind::Queue]);
        check("sqs", &[Kind::Queue]);
        check("m/m/1", &[Kind::Station]);
        check("대기실", &[Kind::WaitingRoom]);
        check("route 53", &[Kind::Dns]);
    }

    #[test]
    fn every_kind_is_found_by_its_names_and_words() {
        for kind in Kind::ALL {
            for (_, word) in words(kind) {
                assert!(search(&word, &Kind::ALL).contains(&kind), "{word} {kind:?}");
            }
            let name = archplay_text::t(Lang::Ko, &format!("kind.{}.name", kind.slug()));
            check(&name, &[kind]);
        }
    }

    #[test]
    fn particles_first_consonants_and_unfinished_syllables() {
        check("서버를", &[Kind::Server]);
        check("데이터베이스에서", &[Kind::Database]);
        check("ㄷㅇㅌ", &[Kind::Database]);
        check("ㄹㄷㅂ", &[Kind::LoadBalancer]);
        check("데이터베이ㅅ", &[Kind::Database]);
        check("오토 스케이", &[Kind::AutoScalingGroup]);
    }

    #[test]
    fn nothing_typed_shows_all_and_nonsense_nothing() {
        check(" ", &Kind::ALL);
        assert_eq!(search("없는것", &Kind::ALL), []);
        assert_eq!(search("zzz", &Kind::ALL), []);
        assert_eq!(search("서버", &[Kind::Cdn]), []);
    }
}
