//! Places where a long word may be divided, for narrow columns: soft hyphens, which are seen only where a line ends. Only
//! Russian words get them; English ones cannot be divided without a dictionary.

const VOWELS: &str = "аеёиоуыэюя";
const SIGNS: &str = "йьъ";

/// A word shorter than this is not divided.
const LEAST_LETTERS: usize = 8;

/// The text with soft hyphens in its long Russian words, by P. Khristov's rules as Dymchenko and Varsanofiev simplified them:
/// after a sign, between vowels, and between the consonants of two syllables.
pub fn hyphenated(text: &str) -> String {
    let mut made = String::with_capacity(text.len() + 16);
    text.split_inclusive(|letter: char| !letter.is_alphabetic()).for_each(|word| divide(word, &mut made));
    made
}

/// What a letter is to the rules.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sound {
    Vowel,
    Consonant,
    Sign,
    Other,
}

fn sound(letter: char) -> Sound {
    let letter = letter.to_lowercase().next().unwrap_or(letter);
    match letter {
        letter if VOWELS.contains(letter) => Sound::Vowel,
        letter if SIGNS.contains(letter) => Sound::Sign,
        'а'..='я' => Sound::Consonant,
        _ => Sound::Other,
    }
}

fn divide(word: &str, made: &mut String) {
    let letters: Vec<char> = word.chars().collect();
    let sounds: Vec<Sound> = letters.iter().map(|letter| sound(*letter)).collect();
    let length = sounds.iter().take_while(|sound| **sound != Sound::Other).count();
    for (at, letter) in letters.iter().enumerate() {
        // Two letters stay together at least, at either end.
        if length >= LEAST_LETTERS && at >= 2 && at + 2 <= length && divides(&sounds[..at], &sounds[at..length]) {
            made.push('\u{ad}');
        }
        made.push(*letter);
    }
}

/// Whether a word may be divided between these sounds.
fn divides(before: &[Sound], after: &[Sound]) -> bool {
    use Sound::{Consonant as C, Sign, Vowel as V};
    let is = |left: &[Sound], right: &[Sound]| before.ends_with(left) && after.starts_with(right);
    // Each part needs a vowel.
    let has_vowels = before.contains(&V) && after.contains(&V);
    has_vowels
        && (is(&[Sign], &[])
            || is(&[V], &[V])
            || is(&[V, C], &[C, V])
            || is(&[C, V], &[C, V])
            || is(&[V, C], &[C, C, V])
            || is(&[V, C, C], &[C, C, V]))
}

#[cfg(test)]
mod tests {
    use super::hyphenated;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(hyphenated(text).replace('\u{ad}', "|"), expected);
    }

    #[test]
    fn long_russian_words_are_divided() {
        check("обслуживания (AHT)", "об|слу|жи|ва|ния (AHT)");
        check("Перезвонили", "Пе|рез|во|ни|ли");
        check("потерянных", "по|те|рян|ных");
        check("Удовлетворённость клиентов", "Удов|лет|во|рён|ность кли|ен|тов");
        check("Время", "Время");
        check("Average satisfaction", "Average satisfaction");
        check("", "");
    }
}
