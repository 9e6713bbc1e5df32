//! The file's outline: one bookmark per heading, nested by level, in reading order.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::PdfError;
use super::flow::{Bookmark, Page};
use super::write::text_string;

/// Adds the outline of these pages to the file; nothing when there are no headings.
pub(super) fn add(file: &mut Document, pages: &[Page]) -> Result<(), PdfError> {
    let page_ids: Vec<ObjectId> = file.get_pages().into_values().collect();
    let entries: Vec<(&Bookmark, ObjectId, f64)> = pages
        .iter()
        .zip(page_ids)
        .flat_map(|(page, id)| page.bookmarks.iter().map(move |(bookmark, y)| (bookmark, id, page.sheet.height - y)))
        .collect();
    if entries.is_empty() {
        return Ok(());
    }

    let root = file.new_object_id();
    let ids: Vec<ObjectId> = entries.iter().map(|_| file.new_object_id()).collect();
    let parents = parents(&entries.iter().map(|entry| entry.0.level).collect::<Vec<_>>());
    let id_of = |entry: Option<usize>| entry.map_or(root, |index| ids[index]);
    let mut children: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for (index, parent) in parents.iter().enumerate() {
        children.entry(*parent).or_default().push(index);
    }

    for (parent, siblings) in &children {
        for (place, index) in siblings.iter().enumerate() {
            let (bookmark, page, y) = &entries[*index];
            let top = Object::Real((y + 8.0).round() as f32);
            let target = vec![Object::Reference(*page), "XYZ".into(), Object::Null, top, Object::Null];
            let mut entry = Dictionary::from_iter([
                ("Title", text_string(&bookmark.title)),
                ("Parent", Object::Reference(id_of(*parent))),
                ("Dest", Object::Array(target)),
            ]);
            if let Some(previous) = place.checked_sub(1) {
                entry.set("Prev", ids[siblings[previous]]);
            }
            if let Some(next) = siblings.get(place + 1) {
                entry.set("Next", ids[*next]);
            }
            if let Some(inner) = children.get(&Some(*index)) {
                span(&mut entry, inner, &ids);
            }
            file.set_object(ids[*index], entry);
        }
    }
    let mut outlines = Dictionary::from_iter([("Type", "Outlines".into())]);
    span(&mut outlines, &children[&None], &ids);
    file.set_object(root, outlines);
    let catalog = file.catalog_mut().map_err(PdfError::write)?;
    catalog.set("Outlines", root);
    catalog.set("PageMode", "UseOutlines");
    Ok(())
}

/// Names the first and the last child of an entry; the count of open ones makes viewers show them unfolded.
fn span(entry: &mut Dictionary, children: &[usize], ids: &[ObjectId]) {
    if let (Some(first), Some(last)) = (children.first(), children.last()) {
        entry.set("First", ids[*first]);
        entry.set("Last", ids[*last]);
        entry.set("Count", children.len() as i64);
    }
}

/// For every level, the nearest entry before it of a smaller level.
fn parents(levels: &[u8]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    levels
        .iter()
        .enumerate()
        .map(|(index, level)| {
            open.retain(|candidate| levels[*candidate] < *level);
            let parent = open.last().copied();
            open.push(index);
            parent
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_nest_by_level_even_where_levels_are_skipped() {
        let check = |levels: &[u8], expected: &[Option<usize>]| assert_eq!(parents(levels), expected, "{levels:?}");
        check(&[], &[]);
        check(&[1, 2, 3, 2, 1], &[None, Some(0), Some(1), Some(0), None]);
        check(&[3, 1, 3, 3, 2], &[None, None, Some(1), Some(1), Some(1)]);
    }
}
