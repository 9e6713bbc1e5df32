//! Whether texts lie on each other.

use super::super::flow::Page;
use super::super::mark::{Mark, TextMark};
use super::super::text::Look;

/// No text of the page touches another one.
pub(super) fn check_apart(page: &Page) {
    let mut boxes: Vec<(f64, f64, f64, f64, &TextMark)> = page
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Text(it) if !it.text.trim().is_empty() => Some(it),
            _ => None,
        })
        .map(|it| {
            let width = Look { face: it.face, size: it.size, color: it.color }.width(&it.text);
            (it.y - 0.7 * it.size, it.y + 0.12 * it.size, it.x, it.x + width, it)
        })
        .collect();
    boxes.sort_by(|one, other| one.0.total_cmp(&other.0));
    for (index, (_, bottom, left, right, one)) in boxes.iter().enumerate() {
        let below = boxes[index + 1..].iter().take_while(|(top, ..)| *top < bottom - 0.3);
        for (_, _, other_left, other_right, other) in below {
            // Texts of one line may touch, since styles change within words.
            let apart = right - 0.6 <= *other_left || other_right - 0.6 <= *left;
            assert!(apart, "{one:?} and {other:?}");
        }
    }
}
