//! The structure of a document written into its file, so that it can be read aloud and copied in order: which marks on
//! which page belong to which heading, paragraph or cell. Headers, footers and decoration are left out of it.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::PdfError;
use super::structure::{Element, ElementId, Kind, Structure};
use super::write::text_string;

/// What is marked on a page.
#[derive(Clone, Debug, Default)]
pub(super) struct PageContent {
    /// The elements of the marked stretches of content, in their order; an element may have several.
    pub(super) marked: Vec<ElementId>,
    /// The elements of the page's links, in their order.
    pub(super) links: Vec<Option<ElementId>>,
}

/// Adds the structure to the file.
pub(super) fn add(file: &mut Document, structure: &Structure, pages: &[PageContent]) -> Result<(), PdfError> {
    let page_ids: Vec<ObjectId> = file.get_pages().into_values().collect();
    let mut tree = Tree::new(file, structure, pages);
    let mut places = Vec::new();
    for (index, (content, page)) in pages.iter().zip(&page_ids).enumerate() {
        for (place, element) in content.marked.iter().enumerate() {
            tree.mark(*element, *page, place);
        }
        let parents: Vec<Object> = content.marked.iter().filter_map(|element| tree.reference(*element)).collect();
        places.extend([Object::Integer(index as i64), Object::Array(parents)]);
    }
    let mut next = pages.len() as i64;
    for (index, (content, page)) in pages.iter().zip(&page_ids).enumerate() {
        let annotations = file.get_dictionary_mut(*page).map_err(PdfError::write)?.remove(b"Annots");
        let annotations = annotations.and_then(|it| it.as_array().ok().cloned()).unwrap_or_default();
        let mut references = Vec::new();
        for (annotation, element) in annotations.into_iter().zip(&content.links) {
            let Object::Dictionary(mut link) = annotation else { continue };
            if let Some(parent) = element.and_then(|element| tree.reference(element)) {
                link.set("StructParent", next);
                places.extend([Object::Integer(next), parent]);
                next += 1;
            }
            let id = file.add_object(link);
            references.push(Object::Reference(id));
            if let Some(element) = element {
                tree.link(*element, *page, id);
            }
        }
        let page = file.get_dictionary_mut(*page).map_err(PdfError::write)?;
        page.set("StructParents", index as i64);
        page.set("Tabs", "S");
        if !references.is_empty() {
            page.set("Annots", references);
        }
    }
    tree.write(file, places, next)
}

/// Part of an element, in the order in which it is read.
enum Child {
    Marked { page: ObjectId, place: usize },
    Link { page: ObjectId, annotation: ObjectId },
    Element(ElementId),
}

struct Tree<'a> {
    structure: &'a Structure,
    root: ObjectId,
    document: ObjectId,
    /// The objects of the elements that are written: those with content, those around them, and a row's empty cells.
    ids: BTreeMap<ElementId, ObjectId>,
    children: BTreeMap<ElementId, Vec<Child>>,
}

impl<'a> Tree<'a> {
    fn new(file: &mut Document, structure: &'a Structure, pages: &[PageContent]) -> Self {
        let mut used: BTreeMap<ElementId, bool> = structure.iter().map(|(id, _)| (id, false)).collect();
        for element in pages.iter().flat_map(|page| &page.marked) {
            let mut next = Some(*element);
            while let Some(id) = next
                && used.insert(id, true) == Some(false)
            {
                next = structure.get(id).and_then(|element| element.parent);
            }
        }
        let mut tree = Self {
            structure,
            root: file.new_object_id(),
            document: file.new_object_id(),
            ids: BTreeMap::new(),
            children: BTreeMap::new(),
        };
        for (id, element) in structure.iter() {
            let is_cell = matches!(element.kind, Kind::Cell | Kind::Header);
            let of_a_row = || element.parent.is_some_and(|parent| tree.ids.contains_key(&parent));
            if used[&id] || (is_cell && of_a_row()) {
                tree.ids.insert(id, file.new_object_id());
                // What holds other elements only has them in the order in which they were made.
                if let Some(parent) = element.parent.filter(|parent| tree.holds_elements(*parent)) {
                    tree.children.entry(parent).or_default().push(Child::Element(id));
                }
            }
        }
        tree
    }

    fn reference(&self, element: ElementId) -> Option<Object> {
        self.ids.get(&element).copied().map(Object::Reference)
    }

    /// Whether an element consists of other elements and has no content of its own.
    fn holds_elements(&self, id: ElementId) -> bool {
        self.structure
            .get(id)
            .is_some_and(|element| matches!(element.kind, Kind::List | Kind::Item | Kind::Table | Kind::Row))
    }

    /// Adds a stretch of content to its element, and the element to a text it is part of.
    fn mark(&mut self, element: ElementId, page: ObjectId, place: usize) {
        let is_new = !self.children.contains_key(&element);
        self.children.entry(element).or_default().push(Child::Marked { page, place });
        let parent = self.structure.get(element).and_then(|element| element.parent);
        if let Some(parent) = parent.filter(|parent| is_new && !self.holds_elements(*parent)) {
            self.children.entry(parent).or_default().push(Child::Element(element));
        }
    }

    fn link(&mut self, element: ElementId, page: ObjectId, annotation: ObjectId) {
        self.children.entry(element).or_default().push(Child::Link { page, annotation });
    }

    fn write(self, file: &mut Document, places: Vec<Object>, next: i64) -> Result<(), PdfError> {
        let mut top = Vec::new();
        for (element, id) in &self.ids {
            let Some(content) = self.structure.get(*element) else { continue };
            if content.parent.is_none() {
                top.push(Object::Reference(*id));
            }
            let object = self.object(*element, content);
            file.set_object(*id, object);
        }
        let document =
            Dictionary::from_iter([("S", "Document".into()), ("P", self.root.into()), ("K", Object::Array(top))]);
        file.set_object(self.document, document);
        let numbers = file.add_object(Dictionary::from_iter([("Nums", Object::Array(places))]));
        let root = Dictionary::from_iter([
            ("Type", "StructTreeRoot".into()),
            ("K", self.document.into()),
            ("ParentTree", numbers.into()),
            ("ParentTreeNextKey", next.into()),
        ]);
        file.set_object(self.root, root);
        let catalog = file.catalog_mut().map_err(PdfError::write)?;
        catalog.set("StructTreeRoot", self.root);
        catalog.set("MarkInfo", Dictionary::from_iter([("Marked", Object::Boolean(true))]));
        Ok(())
    }

    fn object(&self, element: ElementId, content: &Element) -> Dictionary {
        let parent = content.parent.and_then(|parent| self.ids.get(&parent)).unwrap_or(&self.document);
        let mut entries = Dictionary::from_iter([("S", name(content.kind).into()), ("P", (*parent).into())]);
        let children = self.children.get(&element).map_or(&[][..], Vec::as_slice);
        let first = children.iter().find_map(|child| match child {
            Child::Marked { page, .. } | Child::Link { page, .. } => Some(*page),
            Child::Element(_) => None,
        });
        let mut kids: Vec<Object> = children.iter().filter_map(|child| self.child(child, first)).collect();
        match kids.len() {
            0 => {}
            1 => entries.set("K", kids.remove(0)),
            _ => entries.set("K", kids),
        }
        if let Some(page) = first {
            entries.set("Pg", page);
        }
        if let Some(alternative) = &content.alternative {
            entries.set("Alt", text_string(alternative));
        }
        if content.kind == Kind::Header {
            entries.set("A", Dictionary::from_iter([("O", "Table".into()), ("Scope", "Column".into())]));
        }
        entries
    }

    /// A child as an object; content on the element's own page is its number alone.
    fn child(&self, child: &Child, own: Option<ObjectId>) -> Option<Object> {
        Some(match child {
            Child::Element(element) => self.reference(*element)?,
            Child::Marked { page, place } if Some(*page) == own => Object::Integer(*place as i64),
            Child::Marked { page, place } => Object::Dictionary(Dictionary::from_iter([
                ("Type", "MCR".into()),
                ("Pg", (*page).into()),
                ("MCID", Object::Integer(*place as i64)),
            ])),
            Child::Link { page, annotation } => Object::Dictionary(Dictionary::from_iter([
                ("Type", "OBJR".into()),
                ("Pg", (*page).into()),
                ("Obj", (*annotation).into()),
            ])),
        })
    }
}

/// The name PDF has for an element.
pub(super) fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Heading(1) => "H1",
        Kind::Heading(2) => "H2",
        Kind::Heading(3) => "H3",
        Kind::Heading(_) => "H4",
        Kind::Paragraph => "P",
        Kind::List => "L",
        Kind::Item => "LI",
        Kind::Label => "Lbl",
        Kind::Body => "LBody",
        Kind::Table => "Table",
        Kind::Caption => "Caption",
        Kind::Row => "TR",
        Kind::Header => "TH",
        Kind::Cell => "TD",
        Kind::Figure => "Figure",
        Kind::Link => "Link",
    }
}
